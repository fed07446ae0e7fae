import { expectTypeOf, it } from "vitest";
import type { ClientToServerEvents, CommandInput, CommandName, CommandOutput, Reply, RoomEvent, ServerEvent, ServerEventName, ServerToClientEvents, StructuredData, WireEvent } from "./index.js";

/** The names whose value is `any`; none may be. */
type Loose<T> = { [K in keyof T]-?: 0 extends 1 & T[K] ? K : never }[keyof T];

it("infers every command and event without any `any`", () => {
  expectTypeOf<Loose<{ [N in CommandName]: CommandInput<N> }>>().toEqualTypeOf<never>();
  expectTypeOf<Loose<{ [N in CommandName]: CommandOutput<N> }>>().toEqualTypeOf<never>();
  expectTypeOf<Loose<{ [N in ServerEventName]: ServerEvent<N> }>>().toEqualTypeOf<never>();
  expectTypeOf<Loose<{ [N in keyof ClientToServerEvents]: Parameters<ClientToServerEvents[N]>[0] }>>().toEqualTypeOf<never>();
  expectTypeOf<Loose<{ [N in keyof ServerToClientEvents]: Parameters<ServerToClientEvents[N]>[0] }>>().toEqualTypeOf<never>();
  expectTypeOf<Loose<CommandInput<"message:send">>>().toEqualTypeOf<never>();
  expectTypeOf<Loose<CommandOutput<"room:join">>>().toEqualTypeOf<never>();
  expectTypeOf<Loose<ServerEvent<"session:ready">>>().toEqualTypeOf<never>();
});

it("has one map entry for each command and each server event", () => {
  expectTypeOf<keyof ClientToServerEvents>().toEqualTypeOf<CommandName>();
  expectTypeOf<keyof ServerToClientEvents>().toEqualTypeOf<ServerEventName>();
});

it("types what is given and what comes back", () => {
  expectTypeOf<CommandInput<"message:send">>().toEqualTypeOf<{ roomId: string; id: string; text: string; mentions?: string[] | undefined; replyTo?: string | undefined; threadId?: string | undefined; alsoInRoom?: true | undefined; data?: StructuredData | undefined; attachments?: { uploadId: string }[] | undefined }>();
  expectTypeOf<CommandInput<"typing:set">["isTyping"]>().toBeBoolean();
  expectTypeOf<CommandOutput<"message:send">["event"]>().toEqualTypeOf<RoomEvent | undefined>();
  expectTypeOf<CommandOutput<"room:join">["permissions"][number]>().toEqualTypeOf<"read" | "send" | "attach" | "react" | "edit-own" | "delete-own" | "delete-any" | "pin" | "read-history" | "moderate" | "manage-room" | "manage-members" | "open-direct" | "publish">();
  expectTypeOf<ServerEvent<"session:ready">["user"]["roles"][number]>().toEqualTypeOf<"guest" | "member" | "moderator" | "admin" | "bot">();
  expectTypeOf<ServerEvent<"room:events">["events"]>().toEqualTypeOf<WireEvent[]>();
  expectTypeOf<Parameters<ClientToServerEvents["room:leave"]>[1]>().toEqualTypeOf<(reply: Reply<"room:leave">) => void>();
  expectTypeOf<Extract<RoomEvent, { type: "message.sent" }>["text"]>().toBeString();
});
