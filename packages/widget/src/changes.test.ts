import { expect, it } from "vitest";
import { ann, FakeClient, me, said, tooFast } from "../gallery/fake-client.js";
import { changesBetween } from "./changes.js";
import type { ChatState } from "./parts/view.js";

/** Every change that a script makes, by name and text. */
function changesOf(script: (client: FakeClient) => void, prepare: (client: FakeClient) => void = () => undefined): string[] {
  const client = new FakeClient();
  const room = client.room("lobby");
  prepare(client);
  const changes: string[] = [];
  let state: ChatState = { client: client.getSnapshot(), room: room.getSnapshot() };
  const look = () => {
    const next = { client: client.getSnapshot(), room: room.getSnapshot() };
    for (const { name, detail } of changesBetween(state, next)) {
      const what = detail === undefined ? "" : "message" in detail ? detail.message.text : "count" in detail ? detail.count : "status" in detail ? detail.status : "error" in detail ? detail.error.code : "";
      changes.push(`${name} ${what}`);
    }
    state = next;
  };
  client.subscribe(look);
  room.subscribe(look);
  script(client);
  return changes;
}

it("tells of a message of somebody else and of how many are unread", () => {
  expect(changesOf((client) => client.room("lobby").receive(said(ann, "hello")))).toEqual(["chat-message-received hello", "chat-unread-changed 1"]);
});

it("tells of a message that is written before everyone's eyes once it is whole", () => {
  const growing = said(ann, "hel", { delivery: { state: "streaming" }, seq: Number.MAX_SAFE_INTEGER });
  expect(
    changesOf((client) => {
      const room = client.room("lobby");
      room.set({ messages: [growing] });
      room.change(growing.id, { text: "hello" });
      room.receive(said(ann, "between"));
      room.change(growing.id, { text: "hello world", delivery: { state: "sent" }, seq: 1_000_000 });
    }),
  ).toEqual(["chat-message-received between", "chat-unread-changed 1", "chat-message-received hello world"]);
});

it("tells of an own message once it is confirmed", () => {
  expect(changesOf((client) => void client.room("lobby").send({ text: "hi" }))).toEqual(["chat-message-sent hi"]);
});

it("tells of a message that failed", () => {
  const failed = said(me, "hi", { delivery: { state: "pending" } });
  expect(
    changesOf(
      (client) => client.room("lobby").change(failed.id, { delivery: { state: "failed", commandId: "c", error: tooFast } }),
      (client) => client.room("lobby").set({ messages: [failed] }),
    ),
  ).toEqual(["chat-error rate-limited"]);
});

it("says nothing of older history, of the first messages and of edits", () => {
  const older = said(ann, "older");
  const known = said(ann, "known");
  expect(
    changesOf(
      (client) => {
        client.room("lobby").set({ messages: [older, known] });
        client.room("lobby").change(known.id, { text: "edited" });
      },
      (client) => client.room("lobby").set({ messages: [known] }),
    ),
  ).toEqual([]);
  expect(
    changesOf(
      (client) => client.room("lobby").set({ phase: "ready", messages: [known] }),
      (client) => client.room("lobby").set({ phase: "joining" }),
    ),
  ).toEqual([]);
});

it("tells how the connection stands", () => {
  expect(
    changesOf((client) => {
      client.set({ status: "reconnecting" });
      client.set({ status: "online" });
    }),
  ).toEqual(["chat-status-changed reconnecting", "chat-status-changed online"]);
});
