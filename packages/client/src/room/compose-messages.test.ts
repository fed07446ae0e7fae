import type { Message, User } from "@chat-widget/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import type { Ask, OutboxItem } from "../outbox/outbox-item.js";
import { writeOf } from "../outbox/outbox-item.js";
import { MessageComposer } from "./compose-messages.js";
import { RoomLog } from "./room-log.js";

const ann: User = { id: "ann", name: "Ann", roles: ["member"] };
const message = (seq: number, rest: Partial<Message> = {}): Message => ({
  id: `00000000-0000-7000-8000-00000000000${seq}`,
  seq,
  rev: seq,
  sentAt: seq,
  author: { id: "bob", name: "Bob" },
  text: `text ${seq}`,
  reactions: [],
  ...rest,
});
const item = (ask: Ask): OutboxItem => ({ write: writeOf("lobby", ask), askedAt: 5 });

let log: RoomLog;
let composer: MessageComposer;
beforeEach(() => {
  composer = new MessageComposer();
  log = new RoomLog();
  log.catchUp({ kind: "snapshot", reason: "first", epoch: "e", head: 3, messages: [message(1), message(2), message(3, { replyTo: message(1).id })], hasOlder: false });
});

describe("identity", () => {
  it("is kept by everything that did not change", () => {
    const before = composer.compose(log, [], ann);
    const pending = item({ name: "message:send", input: { text: "mine" } });
    const withPending = composer.compose(log, [pending], ann);
    expect(withPending.slice(0, 3).every((line, index) => line === before[index])).toBe(true);
    const reaction = item({ name: "reaction:add", input: { messageId: message(2).id, emoji: "👍" } });
    const withReaction = composer.compose(log, [pending, reaction], ann);
    expect(withReaction.map((line, index) => line === withPending[index])).toEqual([true, false, true, true]);
    expect(composer.compose(log, [pending, reaction], ann).every((line, index) => line === withReaction[index])).toBe(true);
  });

  it("changes with the message that is quoted", () => {
    const before = composer.compose(log, [], ann);
    log.receive("e", [{ type: "message.deleted", seq: 4, id: message(4).id, at: 4, by: "bob", messageId: message(1).id }]);
    const after = composer.compose(log, [], ann);
    expect(after.map((line, index) => line === before[index])).toEqual([false, true, false]);
    expect(after[2]?.quote).toMatchObject({ text: "" });
  });
});

it("shows a message at once, after everything confirmed, under the name one has", () => {
  const [, , , line] = composer.compose(log, [item({ name: "message:send", input: { text: "mine", replyTo: message(2).id } })], ann);
  expect(line).toMatchObject({ text: "mine", author: { id: "ann", name: "Ann" }, sentAt: 5, delivery: { state: "pending" }, isMine: true, quote: { text: "text 2" } });
});

it("shows a failed message with its reason, and a failed change not at all", () => {
  const error = { code: "forbidden", message: "unable to", retry: "no" } as const;
  const sending = { ...item({ name: "message:send", input: { text: "mine" } }), error };
  const editing = { ...item({ name: "message:edit", input: { messageId: message(1).id, text: "changed" } }), error };
  const lines = composer.compose(log, [sending, editing], ann);
  expect(lines[3]?.delivery).toMatchObject({ state: "failed", commandId: sending.write.input.id, error: { code: "forbidden" } });
  expect(lines[0]?.text).toBe("text 1");
});

it("shows changes at once, also to a message that is not confirmed itself", () => {
  const sending = item({ name: "message:send", input: { text: "mine" } });
  const lines = composer.compose(
    log,
    [
      sending,
      item({ name: "message:edit", input: { messageId: message(1).id, text: "changed" } }),
      item({ name: "message:delete", input: { messageId: message(2).id } }),
      item({ name: "reaction:add", input: { messageId: message(3).id, emoji: "👍" } }),
      item({ name: "reaction:remove", input: { messageId: message(3).id, emoji: "👍" } }),
      item({ name: "message:edit", input: { messageId: sending.write.input.id, text: "better" } }),
    ],
    ann,
  );
  expect(lines).toMatchObject([{ text: "changed", editedAt: 5 }, { text: "", deletedAt: 5 }, { reactions: [] }, { text: "better", delivery: { state: "pending" } }]);
});

it("shows a message once while it is both confirmed and on its way", () => {
  const sending = item({ name: "message:send", input: { text: "mine" } });
  log.receive("e", [{ type: "message.sent", seq: 4, id: sending.write.input.id, at: 4, author: ann, text: "mine" }]);
  const lines = composer.compose(log, [sending], ann);
  expect(lines.map(({ text, delivery }) => [text, delivery.state])).toEqual([["text 1", "sent"], ["text 2", "sent"], ["text 3", "sent"], ["mine", "sent"]]);
});
