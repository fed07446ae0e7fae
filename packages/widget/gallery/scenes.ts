import { ChatError } from "@chat-widget/protocol";
import type { ChatWidget } from "../src/chat-widget.js";
import { ann, bob, type FakeClient, type FakeRoom, me, said, tooFast } from "./fake-client.js";

interface Scene {
  (stage: { readonly widget: ChatWidget; readonly client: FakeClient; readonly room: FakeRoom }): void;
}

const minute = 60_000;
const day = 24 * 60 * minute;
const cleo = { id: "cleo", name: "Cleo" };
const everyone = { count: 4, users: [me, ann, bob, cleo] };

function conversation(room: FakeRoom): void {
  const at = (daysAgo: number, minutes: number) => ({ sentAt: new Date().setHours(10, minutes, 0, 0) - daysAgo * day });
  const question = said(ann, "Has anyone tried the new ferns? The description says they survive a north window.", at(1, 2));
  const answer = said(me, "Yes! Mine has been fine for a month.", at(1, 9));
  room.set({
    presence: everyone,
    messages: [
      question,
      said(ann, "Asking for a very dark hallway.", at(1, 3)),
      answer,
      said(me, "Water it when the leaves tell you to, not when the calendar does.", {
        ...at(1, 10),
        editedAt: Date.now(),
        reactions: [
          { emoji: "👍", userIds: ["ann", "bob"] },
          { emoji: "🌿", userIds: ["me"] },
        ],
      }),
      said(bob, "There is a guide here: https://example.com/ferns/care (the part about light is good).", at(0, 1)),
      said(bob, "🌿🌿🌿", at(0, 1)),
      said(ann, "Thank you both 🙏", { ...at(0, 4), replyTo: answer.id, quote: answer, reactions: [{ emoji: "❤️", userIds: ["me"] }] }),
      said(ann, "", { ...at(0, 5), deletedAt: Date.now() }),
      said(me, "You are welcome. Send a picture when it arrives!", at(0, 6)),
    ],
  });
}

/** The states of the widget, by name. */
export const scenes: Readonly<Record<string, Scene>> = {
  conversation: ({ room }) => conversation(room),
  formatted: ({ room }) => {
    const list = said(ann, "*Water* them like this:\n1. wait until the soil is _dry_\n2. give them a cup\n3. pour away the rest\n\nAnd ~never~ at noon.");
    room.set({
      presence: everyone,
      messages: [
        list,
        said(me, "- north window: `nephrolepis`\n- hallway: *asplenium*\n\nMore in [the guide](https://example.com/ferns) or at https://example.com/care", { replyTo: list.id, quote: list }),
        said(bob, "> wait until the soil is dry\nI measure it:\n```python\nif sensor.read() < 0.25 and not sensor.is_broken:\n    pump.run(seconds=3)\n```\n2*3*4 = 24, :-* and > 3 stay as they are."),
        said(ann, "نعم، *هذا* مهم:\n- أولا\n- ثانيا\n> كلام"),
      ],
    });
  },
  empty: ({ room }) => room.set({ presence: everyone }),
  loading: ({ client, room }) => {
    client.set({ status: "connecting", user: undefined });
    room.set({ phase: "joining", permissions: [] });
  },
  refused: ({ client }) =>
    client.set({ status: "refused", error: new ChatError("forbidden", "unable to connect; the origin https://shop.example is not among allowedOrigins") }),
  offline: ({ client, room }) => {
    conversation(room);
    client.set({ status: "offline" });
    room.set({ messages: [...room.snapshot.messages, said(me, "Sent from a tunnel.", { delivery: { state: "pending" } })] });
  },
  failed: ({ room }) => {
    conversation(room);
    room.set({ messages: [...room.snapshot.messages, said(me, "One more thing", { delivery: { state: "failed", commandId: "c1", error: tooFast } }), said(me, "And another", { delivery: { state: "pending" } })] });
  },
  typing: ({ room }) => {
    conversation(room);
    room.set({ typing: [ann, bob], typingCount: 2 });
  },
  unread: ({ room }) => {
    conversation(room);
    const first = room.snapshot.messages[5];
    room.set({ unreadCount: 4, firstUnreadId: first?.id });
  },
  readonly: ({ room }) => {
    conversation(room);
    room.set({ permissions: ["read"] });
  },
  long: ({ widget, room }) => {
    widget.heading = "A heading that goes on for much longer than any panel is wide, to see what gives";
    const name = { id: "long", name: "Wolfeschlegelsteinhausenbergerdorff the Third of Somewhere Far Away" };
    room.set({
      presence: { count: 12_345, users: [me, name, ann, bob] },
      messages: [
        said(name, `${"abcdefghij".repeat(14)} https://example.com/${"path/".repeat(30)}`),
        said(me, `Lines\nare\n\nkept, and so are    spaces.\n${"Donaudampfschifffahrtsgesellschaft".repeat(4)}`),
        said(name, "Reply", { replyTo: "gone", quote: said(name, "word ".repeat(60)) }),
        said(me, "👍"),
        said(ann, "Lots of reactions", { reactions: [..."👍❤😂😮😢🎉🌿🔥🙏👀"].map((emoji, index) => ({ emoji, userIds: Array.from({ length: index * 7 + 1 }, (_, n) => `u${n}`) })) }),
      ],
    });
  },
  arabic: ({ widget, room }) => {
    widget.heading = "متجر النباتات";
    const layla = { id: "layla", name: "ليلى" };
    const hello = said(layla, "مرحبا! هل لديكم نبات السرخس؟");
    room.set({
      presence: { count: 3, users: [me, layla, bob] },
      messages: [hello, said(layla, "أبحث عن شيء لمكان مظلم."), said(me, "نعم، لدينا ثلاثة أنواع.", { replyTo: hello.id, quote: hello, reactions: [{ emoji: "👍", userIds: ["layla"] }] }), said(bob, "English in the middle of it all, with a link: https://example.com/a")],
      typing: [layla],
      typingCount: 1,
    });
  },
};
