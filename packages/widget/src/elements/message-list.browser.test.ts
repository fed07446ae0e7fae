import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { ann, bob, me, said } from "../../gallery/fake-client.js";
import { scenes } from "../../gallery/scenes.js";
import { clear, complaints, type Stage, stage } from "../../gallery/stage.js";

beforeEach(() => page.viewport(1000, 800));
afterEach(clear);

const many = (count: number, prefix = "message") => Array.from({ length: count }, (_, n) => said(n % 3 === 0 ? bob : ann, `${prefix} ${n}`));
const open = (prepare: Parameters<typeof stage>[0] = () => undefined): Promise<Stage> =>
  stage((staged) => {
    prepare(staged);
    staged.widget.show();
  });
const texts = ({ all }: Stage): string[] => all("[part~=text]").map(({ textContent }) => textContent ?? "");
const active = ({ widget }: Stage): Element | null | undefined => widget.shadowRoot?.activeElement;

/** Lets the browser draw and tell of scrolling. */
const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));

it.each(["light", "dark"] as const)("has nothing axe complains of in %s, while a message has the focus", async (theme) => {
  document.documentElement.style.colorScheme = theme;
  const staged = await open((staged) => scenes["conversation"]?.(staged));
  staged.all(".item").at(-1)?.focus();
  await vi.waitFor(() => staged.find("chat-widget-actions .bar"));
  expect(await complaints()).toEqual([]);
  document.documentElement.style.colorScheme = "";
});

it("groups by author and day", async () => {
  const yesterday = { sentAt: Date.now() - 86_400_000 };
  const staged = await open(({ room }) => room.set({ messages: [said(ann, "1", yesterday), said(ann, "2", yesterday), said(ann, "3"), said(bob, "4"), said(me, "5")] }));
  expect(staged.all(".day").map(({ textContent }) => textContent)).toEqual(["yesterday", "today"]);
  expect(staged.all(".name").map(({ textContent }) => textContent)).toEqual(["Ann Lovelace", "Ann Lovelace", "Bob"]);
  expect(staged.all("[data-own]")).toHaveLength(1);
});

it("keeps the same element when a pending message is confirmed", async () => {
  const staged = await open(({ room }) => {
    room.isSlow = true;
  });
  staged.widget.send("hello");
  await staged.settle();
  const item = staged.find(".item");
  expect(item.dataset["state"]).toBe("pending");
  staged.room.confirm(staged.room.snapshot.messages[0]?.id ?? "");
  await staged.settle();
  expect(staged.find(".item")).toBe(item);
  expect(item.dataset["state"]).toBe("sent");
});

it("keeps the same element while a message grows and when it is whole, and the place of one who reads it from its beginning", async () => {
  const words = (count: number) => Array.from({ length: count }, (_, n) => `word ${n}`).join(" ");
  const growing = said(ann, words(40), { delivery: { state: "streaming" } });
  const staged = await open(({ room }) => room.set({ messages: [...many(10), growing] }));
  const item = staged.all(".item").at(-1);
  staged.room.change(growing.id, { text: words(2_000) });
  await staged.settle();
  const scroller = staged.find(".scroller");
  expect(scroller.scrollTop).toBe(0);
  scroller.scrollTop = -400;
  await frame();
  const top = item?.getBoundingClientRect().top;
  for (const count of [2_100, 2_300]) {
    staged.room.change(growing.id, { text: words(count) });
    await staged.settle();
    expect(Math.abs((item?.getBoundingClientRect().top ?? 0) - (top ?? 0))).toBeLessThan(2);
  }
  staged.room.change(growing.id, { delivery: { state: "sent" } });
  await staged.settle();
  expect(staged.all(".item").at(-1)).toBe(item);
  expect(item?.dataset["state"]).toBe("sent");
});

it("shows hostile text as it was typed, in every place a text can be", async () => {
  const hostile = [
    "<script>window.hacked = 1</script>",
    "<img src=x onerror=window.hacked=1>",
    '"><svg onload=window.hacked=1>',
    "<iframe srcdoc='<script>parent.hacked=1</script>'>",
    "javascript:window.hacked=1",
    "https://example.com/\"onmouseover=window.hacked=1 x=\"",
    "http://x/'onfocus='window.hacked=1' autofocus='",
    "<a href=javascript:window.hacked=1>x</a>",
    "{{constructor.constructor('window.hacked=1')()}}",
    "${window.hacked=1}",
    "<!--><script>window.hacked=1</script>-->",
    "</textarea><script>window.hacked=1</script>",
    "<style>*{display:none}</style>",
    "&lt;b&gt; &amp; &#x3c;",
    "\u202Eevil\u202C and \u0000 nul",
    "<math><mtext></table></math><img src onerror=window.hacked=1>",
  ];
  const staged = await open(({ room, widget }) => {
    widget.heading = hostile[0] ?? "";
    const quoted = said({ id: "q", name: hostile[1] ?? "" }, hostile[2] ?? "");
    room.set({
      messages: hostile.map((text, n) => said({ id: `h${n}`, name: text }, text, { replyTo: quoted.id, quote: quoted, reactions: [{ emoji: text, userIds: [text, "h1"] }] })),
      typing: [{ id: "t", name: hostile[1] ?? "" }],
      typingCount: 1,
      presence: { count: 2, users: [{ id: "p", name: hostile[2] ?? "" }] },
    });
  });
  await vi.waitFor(() => staged.find("[part~=text] a"));
  expect(texts(staged)).toEqual(hostile);
  expect(staged.find(".heading").textContent).toBe(hostile[0]);
  expect(staged.all("script, iframe, style, img, math, [onload], [onerror], [onfocus], [onmouseover], [autofocus]")).toEqual([]);
  for (const link of staged.all("a")) {
    expect(link.getAttribute("href")).toMatch(/^https?:/u);
    expect(link.getAttribute("rel")).toBe("noopener noreferrer nofollow ugc");
    expect(link.getAttribute("target")).toBe("_blank");
    expect(link.getAttributeNames().toSorted()).toEqual(["href", "referrerpolicy", "rel", "target"]);
  }
  await frame();
  expect("hacked" in window).toBe(false);
});

it("isolates the direction of names and texts from what is around them", async () => {
  const staged = await open(({ room }) => room.set({ messages: [said({ id: "r", name: "\u202Egnp.exe" }, "שלום")] }));
  expect(staged.find(".name").localName).toBe("bdi");
  expect(getComputedStyle(staged.find("[part~=text]")).direction).toBe("rtl");
  expect(getComputedStyle(staged.find(".item")).direction).toBe("ltr");
});

it("is at the end when it opens, and stays there while messages come", async () => {
  const staged = await open(({ room }) => room.set({ messages: many(60) }));
  const scroller = staged.find(".scroller");
  expect(scroller.scrollTop).toBe(0);
  staged.room.receive(said(ann, "new\n".repeat(10)));
  await staged.settle();
  await frame();
  const last = staged.all(".item").at(-1)?.getBoundingClientRect();
  expect(last?.bottom).toBeLessThanOrEqual(scroller.getBoundingClientRect().bottom);
  expect(staged.client.asked).toContain("markRead");
});

it("holds the place of one who reads further up, counts what is new, and takes them there", async () => {
  const staged = await open(({ room }) => room.set({ messages: many(60) }));
  const scroller = staged.find(".scroller");
  scroller.scrollTop = -600;
  await frame();
  const item = staged.all(".item")[30];
  const before = item?.getBoundingClientRect().top ?? 0;
  staged.room.receive(said(ann, "new\n".repeat(10)));
  staged.room.receive(said(ann, "newer"));
  await staged.settle();
  await frame();
  expect(item?.getBoundingClientRect().top).toBeCloseTo(before, 0);
  expect(staged.client.asked).not.toContain("markRead");
  const pill = staged.find<HTMLButtonElement>(".to-end");
  expect(pill.textContent?.trim()).toBe("2 new messages");
  pill.click();
  await vi.waitFor(() => expect(staged.client.asked).toContain("markRead"));
  await staged.settle();
  expect(staged.all(".to-end")).toEqual([]);
});

it("asks for older messages near the start, once, and holds the place when they come", async () => {
  const staged = await open(({ room }) => {
    room.older = many(40, "older");
    room.set({ messages: many(60), hasOlder: true });
  });
  expect(staged.client.asked).not.toContain("loadOlder");
  const scroller = staged.find(".scroller");
  scroller.scrollTop = -(scroller.scrollHeight - scroller.clientHeight - 100);
  const item = staged.all(".item")[3];
  const before = item?.getBoundingClientRect().top ?? 0;
  await vi.waitFor(() => expect(staged.all(".item")).toHaveLength(100));
  await staged.settle();
  expect(item?.isConnected).toBe(true);
  expect(item?.getBoundingClientRect().top).toBeCloseTo(before, 0);
  expect(staged.client.asked.filter((what) => what === "loadOlder")).toHaveLength(1);
});

it("asks once for older messages that cannot be loaded, then by hand, and again on another connection", async () => {
  const staged = await open(({ room }) => {
    room.older = many(2, "older");
    room.isOlderRefused = true;
    room.set({ messages: many(3), hasOlder: true });
  });
  const asked = () => staged.client.asked.filter((what) => what === "loadOlder").length;
  await vi.waitFor(() => expect(staged.find(".older").textContent).toContain("Earlier messages could not be loaded."));
  await frame();
  expect(asked()).toBe(1);
  await userEvent.click(staged.find(".older button"));
  await staged.settle();
  expect(asked()).toBe(2);
  staged.client.set({ status: "reconnecting" });
  await staged.settle();
  staged.find(".scroller").dispatchEvent(new Event("scroll"));
  await staged.settle();
  expect(asked()).toBe(2);
  staged.room.isOlderRefused = false;
  staged.client.set({ status: "online" });
  await vi.waitFor(() => expect(staged.all(".item")).toHaveLength(5));
  expect(asked()).toBe(3);
  expect(staged.all(".older")).toEqual([]);
});

it("lets one go from an answer to what it answers, where that is at hand", async () => {
  const question = said(ann, "When?");
  const staged = await open(({ room }) => room.set({ messages: [question, said(bob, "Now", { replyTo: question.id, quote: question }), said(bob, "Once", { replyTo: "long ago" })] }));
  expect(staged.all(".quote").map(({ tagName, textContent }) => [tagName, textContent?.trim()])).toEqual([
    ["BUTTON", "Ann LovelaceWhen?"],
    ["DIV", "An earlier message"],
  ]);
});

it("keeps the place when it is moved in the document", async () => {
  const staged = await open(({ room }) => room.set({ messages: many(60) }));
  staged.find(".scroller").scrollTop = -500;
  await frame();
  const elsewhere = document.createElement("div");
  document.body.append(elsewhere);
  elsewhere.append(staged.widget);
  await frame();
  expect(staged.find(".scroller").scrollTop).toBe(-500);
});

it("draws a line above what is unread and brings it into view", async () => {
  const staged = await open(({ room }) => {
    const messages = many(60);
    room.set({ messages, unreadCount: 30, firstUnreadId: messages[30]?.id });
  });
  await frame();
  const scroller = staged.find(".scroller").getBoundingClientRect();
  const line = staged.find(".unread-line").getBoundingClientRect();
  expect(line.top).toBeGreaterThan(scroller.top);
  expect(line.bottom).toBeLessThan(scroller.bottom);
});

it("walks through the messages with the keys, with one of them in the tab order", async () => {
  const staged = await open(({ client, room }) => {
    client.set({ user: { ...me, roles: ["member"] } });
    room.set({ messages: many(5) });
  });
  const items = staged.all(".item");
  await userEvent.keyboard("{Shift>}{Tab}{/Shift}");
  expect(active(staged)).toBe(items[4]);
  await userEvent.keyboard("{ArrowUp}");
  expect(active(staged)).toBe(items[3]);
  await userEvent.keyboard("{Home}");
  expect(active(staged)).toBe(items[0]);
  await userEvent.keyboard("{ArrowUp}");
  expect(active(staged)).toBe(items[0]);
  await userEvent.keyboard("{End}{ArrowUp}{ArrowDown}");
  expect(active(staged)).toBe(items[4]);
  await staged.settle();
  expect(items.map(({ tabIndex }) => tabIndex)).toEqual([-1, -1, -1, -1, 0]);
});

it("goes to the message that is answered", async () => {
  const staged = await open(({ room }) => {
    const messages = many(40);
    const quote = messages[2];
    room.set({ messages: [...messages, said(ann, "reply", quote === undefined ? {} : { replyTo: quote.id, quote })] });
  });
  staged.find(".quote").click();
  await frame();
  expect(active(staged)).toBe(staged.all(".item")[2]);
});

it("sets and takes back one's own reaction, and says who has reacted", async () => {
  const message = said(ann, "hi", { reactions: [{ emoji: "👍", userIds: ["ann", "me"] }] });
  const staged = await open(({ room }) => room.set({ messages: [message] }));
  const reaction = staged.find(".reaction");
  expect(reaction.getAttribute("aria-label")?.replaceAll(/[\u2068\u2069]/gu, "")).toBe("👍 2: Ann Lovelace and You");
  reaction.click();
  await staged.settle();
  expect(staged.client.asked).toContain(`react ${message.id} 👍 false`);
  expect(staged.find(".reaction").getAttribute("aria-pressed")).toBe("false");
});
