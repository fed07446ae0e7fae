import { defaultRoomSettings } from "@chat-widget/protocol";
import { beforeEach, expect, it } from "vitest";
import { ManualClock, settle } from "../test/manual-clock.js";
import { ScriptedTransport } from "../test/scripted-transport.js";
import { createChatClient, type ChatClient } from "./chat-client.js";
import { memoryStorage, type ClientStorage } from "./storage/client-storage.js";

let clock: ManualClock;
let transport: ScriptedTransport;
let storage: ClientStorage;
let token: string;

const guest = { user: { id: "guest:1", name: "Quiet Otter", roles: ["guest" as const] }, guestToken: "token of guest:1" };
const ann = { id: "ann", name: "Ann", roles: ["member" as const] };
const idOf = (seq: number) => `019b76da-abe8-7000-8000-${String(seq).padStart(12, "0")}`;
const message = (seq: number, id: string) => ({ id: idOf(seq), seq, rev: seq, sentAt: seq, author: { id, name: id }, text: `by ${id}`, reactions: [] });
const joined = { catchUp: { kind: "snapshot", epoch: "e", head: 2, reason: "first", messages: [message(1, "guest:1"), message(2, "bob")], hasOlder: false }, receipts: [], presence: { count: 1, users: [] }, permissions: ["read", "send"], settings: defaultRoomSettings };

beforeEach(() => {
  clock = new ManualClock();
  transport = new ScriptedTransport();
  storage = memoryStorage();
  token = "";
});

function open(): ChatClient {
  return createChatClient({ url: "https://example.com/chat", transport, clock, storage, random: () => 1, logger: { warn() {}, error() {} }, getToken: () => token });
}

/** A guest who has written something that is not sent. */
async function visit(client: ChatClient) {
  const room = client.room("lobby");
  await settle();
  transport.link.welcome(guest);
  transport.link.last("room:join").answer(joined);
  await settle();
  transport.link.end();
  void room.send({ text: "unsent" });
  await settle();
  return room;
}

it("shows what the guest wrote as one's own, and sends what waits as the account, when the page is opened anew", async () => {
  const first = open();
  await visit(first);
  await first.close();
  token = "t";
  const room = open().room("lobby");
  await settle();
  expect(transport.link.handshake).toMatchObject({ token: "t", guestToken: "token of guest:1" });
  transport.link.welcome({ user: { ...ann, formerIds: ["guest:1"] } });
  transport.link.last("room:join").answer(joined);
  await settle();
  expect(room.getSnapshot().messages.map(({ text, isMine }) => [text, isMine])).toEqual([["by guest:1", true], ["by bob", false], ["unsent", true]]);
  expect(JSON.stringify(transport.link.last("room:write").input)).toContain("unsent");
});

it("goes on as the account on the page where the guest signs in, with everything on the screen", async () => {
  const client = open();
  const room = await visit(client);
  token = "t";
  await clock.pass(300);
  transport.link.welcome({ user: { ...ann, formerIds: ["guest:1"] } });
  expect(room.getSnapshot().messages.map(({ text }) => text)).toEqual(["by guest:1", "by bob", "unsent"]);
  transport.link.last("room:join").answer(joined);
  await settle();
  expect(JSON.stringify(transport.link.last("room:write").input)).toContain("unsent");
  expect(room.getSnapshot().messages[0]?.isMine).toBe(true);
});

it("leaves nothing of the guest to whoever uses the browser next", async () => {
  const first = open();
  await visit(first);
  await first.close();
  token = "t";
  const second = open();
  second.connect();
  await settle();
  transport.link.welcome({ user: { ...ann, formerIds: ["guest:1"] } });
  await settle();
  await second.close();
  token = "";
  open().connect();
  await settle();
  expect(transport.link.handshake).not.toHaveProperty("guestToken");
});

it("keeps apart a guest and an account that the server does not know to be one", async () => {
  const first = open();
  await visit(first);
  await first.close();
  token = "t";
  const room = open().room("lobby");
  await settle();
  transport.link.welcome({ user: ann });
  transport.link.last("room:join").answer(joined);
  await settle();
  expect(room.getSnapshot().messages.map(({ text, isMine }) => [text, isMine])).toEqual([["by guest:1", false], ["by bob", false]]);
});
