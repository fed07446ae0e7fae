import { ChatError, type Limits, type Message, Profile, applyEvent, commands } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import type { Clock } from "./clock.js";
import { runWrite } from "./commands/write.js";
import type { Rooms } from "./rooms/rooms.js";

/** What the application writes to a room. */
export interface ServerMessage {
  /** Whom the message is from; need not be a user of the chat. */
  author: Profile;
  text: string;
  /** The id of the message it answers. */
  replyTo?: string;
  /** A UUID of version 7. The same id sent twice is one message; made up when left out. */
  id?: string;
}

/** A room in the hands of the application. */
export interface ChatRoom {
  readonly id: string;
  /** Sends a message as users do: checked, stored, then told to everyone in the room. @throws {ChatError} */
  send(message: ServerMessage): Promise<Message>;
}

interface ChatRoomOptions {
  /** @throws {ChatError} `unavailable` while there is no store */
  rooms: () => Promise<Rooms>;
  limits: Limits;
  clock: Clock;
  explain: (error: unknown) => ChatError;
}

/** Gives the application a room by its id; the room need not exist yet. */
export function createChatRoom(roomId: string, { rooms, limits, clock, explain }: ChatRoomOptions): ChatRoom {
  return {
    id: roomId,
    async send({ author, id = uuidv7({ msecs: clock.now() }), text, replyTo }) {
      const input = commands["message:send"].input.safeParse({ roomId, id, text, ...(replyTo !== undefined && { replyTo }) });
      const profile = Profile.safeParse(author);
      if (!input.success || !profile.success) {
        throw new ChatError("invalid", "unable to send; the room's id, the author or the message does not fit the contract");
      }
      const room = (await rooms()).get(roomId);
      const writer = { profile: profile.data, limits, clock, explain, demand: () => Promise.resolve() };
      const { event } = await runWrite(writer, room, { name: "message:send", input: input.data });
      const message = event && applyEvent(undefined, event);
      if (message === undefined) throw new ChatError("conflict", "unable to send; the id was used for something else before");
      return message;
    },
  };
}
