import { ChatError } from "@chat-widget/protocol";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { ann, bob, me, said, tooFast } from "../gallery/fake-client.js";
import { scenes } from "../gallery/scenes.js";
import { clear, complaints, type Stage, stage } from "../gallery/stage.js";
import type { ChatWidget } from "./chat-widget.js";
import type { ChatWidgetEvents } from "./events.js";

beforeEach(async () => {
  document.documentElement.lang = "en";
  await page.viewport(1000, 800);
});
afterEach(clear);

const open = ({ widget }: Pick<Stage, "widget">): void => widget.show();
const active = ({ widget }: Stage): Element | null | undefined => widget.shadowRoot?.activeElement;

/** Writes down the events a page hears. */
function listen(target: EventTarget, ...names: (keyof ChatWidgetEvents)[]): string[] {
  const heard: string[] = [];
  for (const name of names) target.addEventListener(name, () => heard.push(name));
  return heard;
}

describe("accessibility", () => {
  for (const theme of ["light", "dark"] as const) {
    it.each(Object.keys(scenes))(`axe finds nothing in ${theme} in the scene %s`, async (name) => {
      await stage((staged) => {
        staged.widget.theme = theme;
        document.documentElement.style.colorScheme = theme;
        scenes[name]?.(staged);
        open(staged);
      });
      expect(await complaints()).toEqual([]);
      document.documentElement.style.colorScheme = "";
    });

    it(`axe finds nothing in ${theme} on a phone, right to left, inline and closed with a badge`, async () => {
      document.documentElement.style.colorScheme = theme;
      for (const mode of ["launcher", "inline"] as const) {
        for (const isOpen of [true, false]) {
          clear();
          const staged = await stage((staged) => {
            Object.assign(staged.widget, { theme, mode, dir: "rtl" });
            scenes["arabic"]?.(staged);
            open(staged);
          });
          if (!isOpen) staged.widget.close();
          staged.room.receive(said(ann, "new"));
          await staged.settle();
          expect(await complaints()).toEqual([]);
        }
      }
      await page.viewport(360, 640);
      clear();
      await stage((staged) => {
        scenes["conversation"]?.(staged);
        open(staged);
      });
      expect(await complaints()).toEqual([]);
      document.documentElement.style.colorScheme = "";
    });
  }
});

describe("opening and closing", () => {
  it("moves the focus into the box on opening and back to the launcher on Escape", async () => {
    const staged = await stage();
    const heard = listen(document, "chat-open", "chat-close");
    await userEvent.click(staged.find(".launcher"));
    await staged.settle();
    expect(active(staged)).toBe(staged.find("textarea"));
    expect(staged.find<HTMLDialogElement>("dialog").open).toBe(true);
    await userEvent.keyboard("{Escape}");
    await staged.settle();
    expect(staged.widget.open).toBe(false);
    expect(active(staged)).toBe(staged.find(".launcher"));
    expect(heard).toEqual(["chat-open", "chat-close"]);
  });

  it("takes no focus when it comes open with the page", async () => {
    const staged = await stage(({ widget }) => {
      widget.open = true;
    });
    expect(staged.find<HTMLDialogElement>("dialog").open).toBe(true);
    expect(document.activeElement).toBe(document.body);
  });

  it("asks nothing of the client before it is opened", async () => {
    const staged = await stage();
    expect(staged.client.asked).toEqual([]);
    expect(staged.find("dialog").textContent?.trim()).toBe("");
  });

  it("is modal on a phone, where it covers the page, and not beside it", async () => {
    await page.viewport(360, 640);
    const staged = await stage(open);
    const dialog = staged.find<HTMLDialogElement>("dialog");
    expect(dialog.matches(":modal")).toBe(true);
    await vi.waitFor(() => expect(dialog.getBoundingClientRect()).toMatchObject({ x: 0, y: 0, width: 360, height: 640 }));
    await page.viewport(1000, 800);
    await vi.waitFor(() => expect(dialog.matches(":modal")).toBe(false));
    expect(staged.widget.open).toBe(true);
  });

  it("shows how many are unread on the launcher, says so, and forgets them once opened", async () => {
    const staged = await stage(open);
    staged.widget.close();
    await staged.settle();
    const counts: number[] = [];
    staged.widget.addEventListener("chat-unread-changed", ({ detail }) => counts.push(detail.count));
    staged.room.receive(said(ann, "one"));
    staged.room.receive(said(ann, "two"));
    await staged.settle();
    expect(staged.find(".badge").textContent).toBe("2");
    expect(staged.find(".launcher").getAttribute("aria-label")).toBe("Open chat, 2 unread messages");
    staged.widget.show();
    await staged.settle();
    expect(staged.all(".badge")).toEqual([]);
    expect(counts).toEqual([1, 2, 0]);
    expect(staged.find(".unread-line").textContent).toBe("New");
  });
});

describe("writing", () => {
  it("sends with Enter, writes a new line with Shift and Enter, and empties the box", async () => {
    const staged = await stage(open);
    const heard = listen(document, "chat-before-send", "chat-message-sent");
    await userEvent.type(staged.find("textarea"), "one{Shift>}{Enter}{/Shift}two{Enter}");
    await staged.settle();
    expect(staged.client.asked.filter((what) => what.startsWith("send"))).toEqual(["send one\ntwo"]);
    expect(staged.find<HTMLTextAreaElement>("textarea").value).toBe("");
    expect(staged.find("[part~=text]").textContent).toBe("one\ntwo");
    expect(heard).toEqual(["chat-before-send", "chat-message-sent"]);
  });

  it("keeps what was written when a listener prevents the sending", async () => {
    const staged = await stage(open);
    staged.widget.addEventListener("chat-before-send", (event) => {
      expect(event.detail).toEqual({ text: "no", replyTo: undefined });
      event.preventDefault();
    });
    await userEvent.type(staged.find("textarea"), "no{Enter}");
    expect(staged.find<HTMLTextAreaElement>("textarea").value).toBe("no");
    expect(staged.client.asked.filter((what) => what.startsWith("send"))).toEqual([]);
    expect(staged.widget.send("no")).toBe(false);
  });

  it("keeps what was written while so much is unsent that no more is taken", async () => {
    const staged = await stage(open);
    staged.room.set({ isFull: true });
    await userEvent.type(staged.find("textarea"), "too much{Enter}");
    expect(staged.find<HTMLTextAreaElement>("textarea").value).toBe("too much");
    expect(staged.widget.send("too much")).toBe(false);
    expect(staged.client.asked.filter((what) => what.startsWith("send"))).toEqual([]);
  });

  it("sends what a page asks it to", async () => {
    const staged = await stage(open);
    expect(staged.widget.send("from the page")).toBe(true);
    expect(staged.client.asked).toContain("send from the page");
  });

  it("keeps a draft over closing, moving in the document and a page that sets everything again", async () => {
    const staged = await stage(open);
    await userEvent.type(staged.find("textarea"), "half a tho");
    staged.widget.close();
    await staged.settle();
    const elsewhere = document.createElement("div");
    document.body.append(elsewhere);
    elsewhere.append(staged.widget);
    Object.assign(staged.widget, { room: "lobby", heading: "Other", client: staged.client, theme: "auto", translation: {} });
    staged.widget.show();
    await staged.settle();
    expect(staged.find<HTMLTextAreaElement>("textarea").value).toBe("half a tho");
    expect(staged.client.asked).not.toContain("release lobby");
    elsewhere.remove();
    await staged.settle();
    expect(staged.client.asked).toContain("release lobby");
  });

  it("edits its own last message with the arrow up, and gives the draft back afterwards", async () => {
    const staged = await stage((staged) => {
      scenes["conversation"]?.(staged);
      open(staged);
    });
    const box = staged.find<HTMLTextAreaElement>("textarea");
    await userEvent.type(box, "{ArrowUp}");
    await staged.settle();
    expect(box.value).toBe("You are welcome. Send a picture when it arrives!");
    await userEvent.type(box, " Soon.{Enter}");
    await staged.settle();
    expect(staged.client.asked.find((what) => what.startsWith("edit"))).toMatch(/ You are welcome. Send a picture when it arrives! Soon.$/u);
    expect(box.value).toBe("");
    expect(staged.all(".note").at(-1)?.textContent).toBe("edited");
  });

  it("tells of an edit the server refused, in words, and not of the draft it keeps", async () => {
    const staged = await stage((staged) => {
      scenes["conversation"]?.(staged);
      staged.room.refusal = tooFast;
      open(staged);
    });
    const errors: string[] = [];
    staged.widget.addEventListener("chat-error", ({ detail }) => errors.push(detail.error.code));
    await userEvent.type(staged.find("textarea"), "{ArrowUp}!{Enter}");
    await vi.waitFor(() => expect(staged.find(".banner").textContent).toBe("That was a little fast. Wait a moment."));
    expect(errors).toEqual(["rate-limited"]);
    await staged.settle();
    expect(staged.find<HTMLTextAreaElement>("textarea").value).toMatch(/.!$/);
    expect(staged.find(".target").textContent).toContain("Editing your message");
    await userEvent.keyboard("{Escape}");
    expect(staged.find<HTMLTextAreaElement>("textarea").value).toBe("");
  });

  it("brings the words of a refused edit into no other room", async () => {
    const staged = await stage((staged) => {
      scenes["conversation"]?.(staged);
      open(staged);
    });
    let refuse: (error: ChatError) => void = () => undefined;
    staged.room.edit = () => new Promise<void>((_resolve, reject) => (refuse = reject));
    await userEvent.type(staged.find("textarea"), "{ArrowUp}!{Enter}");
    staged.widget.room = "garden";
    await staged.settle();
    refuse(tooFast);
    await vi.waitFor(() => staged.find(".banner"));
    await staged.settle();
    expect(staged.find<HTMLTextAreaElement>("textarea").value).toBe("");
    expect(staged.all(".target")).toEqual([]);
  });

  it.each([["nothing", ""], ["blanks", " \n"], ["too much", "x".repeat(20_000)], ["no text at all", undefined]])("refuses a page that sends %s", async (_what, text) => {
    const staged = await stage(open);
    const errors: string[] = [];
    staged.widget.addEventListener("chat-error", ({ detail }) => errors.push(detail.error.message));
    expect(Reflect.apply(staged.widget.send, staged.widget, [text])).toBe(false);
    expect(errors).toEqual([expect.stringContaining("unable to send; ")]);
    expect(staged.client.asked.filter((what) => what.startsWith("send"))).toEqual([]);
  });

  it("keeps the indent of the first line, and no blank lines around", async () => {
    const staged = await stage(open);
    await userEvent.fill(staged.find("textarea"), "\n  \n  - one\n  - two\n\n");
    await userEvent.keyboard("{Enter}");
    expect(staged.client.asked).toContain("send   - one\n  - two");
  });

  it("keeps a draft for each room, also over a change of the mode", async () => {
    const staged = await stage(open);
    const box = () => staged.find<HTMLTextAreaElement>("textarea");
    await userEvent.fill(box(), "for the lobby");
    staged.widget.room = "garden";
    await staged.settle();
    expect(box().value).toBe("");
    await userEvent.fill(box(), "for the garden");
    staged.widget.mode = "inline";
    await staged.settle();
    expect(box().value).toBe("for the garden");
    staged.widget.room = "lobby";
    await staged.settle();
    expect(box().value).toBe("for the lobby");
  });
});

describe("trouble", () => {
  it("says why a message was not sent, and sends or forgets it when asked", async () => {
    const staged = await stage((staged) => {
      scenes["failed"]?.(staged);
      open(staged);
    });
    expect(staged.find(".failure").textContent).toContain("Not sent. That was a little fast. Wait a moment.");
    const [retry, discard] = staged.all(".failure button");
    discard?.click();
    expect(staged.client.asked).toContain("discard c1");
    retry?.click();
    expect(staged.client.asked).toContain("retry c1");
  });

  it.each([
    ["is too long", new ChatError("too-large", "unable to send; too long"), "It is too long."],
    ["the rules refuse", new ChatError("refused", "unable to write; the rules do not allow it", { details: { reason: "No links, please." } }), "No links, please."],
  ])("says so of a message that %s, and gives its words back into the box", async (_, error, reason) => {
    const staged = await stage((staged) => {
      staged.room.set({ messages: [said(me, "many words", { delivery: { state: "failed", commandId: "c1", error } })] });
      open(staged);
    });
    expect(staged.find(".failure").textContent).toContain(`Not sent. ${reason}`);
    await userEvent.fill(staged.find("textarea"), "a draft");
    await userEvent.click(staged.find(".failure button"));
    await staged.settle();
    expect(staged.client.asked).toContain("discard c1");
    expect(staged.find<HTMLTextAreaElement>("textarea").value).toBe("a draft\nmany words");
    expect(active(staged)).toBe(staged.find("textarea"));
  });

  it("says that the chat cannot be reached when the first connection does not come about", async () => {
    const staged = await stage((staged) => {
      staged.client.set({ status: "connecting" });
      staged.room.set({ phase: "joining" });
      open(staged);
    });
    expect(staged.all(".banner")).toEqual([]);
    staged.client.set({ error: new ChatError("unavailable", "unable to connect") });
    await staged.settle();
    expect(staged.find(".banner").textContent).toBe("The chat cannot be reached. Trying again…");
  });

  it.each([
    ["server", "javascript:alert(1)", 'unable to connect; the attribute server="javascript:alert(1)" is not an http or https URL'],
    ["server", "data:text/html,x", 'unable to connect; the attribute server="data:text/html,x" is not an http or https URL'],
  ])("refuses the attribute %s=%s, and says so on the panel and to the page", async (name, value, message) => {
    const errors: string[] = [];
    const staged = await stage((staged) => {
      staged.widget.client = undefined;
      staged.widget.setAttribute(name, value);
      staged.widget.addEventListener("chat-error", ({ detail }) => errors.push(detail.error.message));
      open(staged);
    });
    await vi.waitFor(() => expect(staged.find("[part=error]").textContent).toContain(message));
    expect(errors).toEqual([message]);
  });

  it.each([
    ["theme", "red;background:url(//evil.example)"],
    ["mode", "popup"],
    ["position", "left"],
  ])("goes by the default for %s=%s, and tells the page once", async (name, value) => {
    const errors: string[] = [];
    const staged = await stage((staged) => {
      staged.widget.setAttribute(name, value);
      staged.widget.addEventListener("chat-error", ({ detail }) => errors.push(detail.error.message));
      open(staged);
    });
    staged.widget.heading = "again";
    await staged.settle();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(`the attribute ${name}=`);
    expect(staged.find("textarea")).toBeTruthy();
  });

  it("says that the connection is away, and nothing of it once it is back", async () => {
    const staged = await stage(open);
    staged.client.set({ status: "reconnecting" });
    await staged.settle();
    expect(staged.find(".banner").textContent).toMatch(/Reconnecting/u);
    staged.client.set({ status: "online" });
    await staged.settle();
    expect(staged.all(".banner")).toEqual([]);
  });

  it("keeps the reason for developers folded, and begins anew when asked", async () => {
    const staged = await stage((staged) => {
      scenes["refused"]?.(staged);
      open(staged);
    });
    expect(staged.find("h3").textContent).toBe("The chat is not available");
    expect(staged.find<HTMLDetailsElement>("details").open).toBe(false);
    staged.client.set({ status: "online", error: undefined });
    staged.find(".solid").click();
    await staged.settle();
    expect(staged.client.asked).toContain("connect");
    expect(staged.find("textarea")).toBeTruthy();
  });
});

describe("what is said aloud", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Everything the live region said during a script. */
  async function transcript(script: (staged: Stage) => Promise<void> | void): Promise<string[]> {
    const staged = await stage(open);
    const said: string[] = [];
    const region = staged.find("[role=status]");
    const observer = new MutationObserver(() => said.push(region.textContent?.trim() ?? ""));
    observer.observe(region, { childList: true, characterData: true, subtree: true });
    await script(staged);
    vi.advanceTimersByTime(2_000);
    await staged.settle();
    observer.disconnect();
    return said.map((words) => words.replaceAll(/[\u2068\u2069]/gu, ""));
  }

  it("says messages of others in order, and its own not at all", async () => {
    const heard = await transcript(async ({ room, widget, settle }) => {
      room.receive(said(ann, "hello"));
      widget.send("mine");
      room.receive(said(bob, "hi"));
      vi.advanceTimersByTime(1_000);
      await settle();
      room.receive(said(ann, "later"));
    });
    expect(heard).toEqual(["Ann Lovelace: hello\nBob: hi", "Ann Lovelace: later"]);
  });

  it("makes one sentence of a burst", async () => {
    const heard = await transcript(({ room }) => {
      for (let n = 1; n <= 20; n++) room.receive(said(ann, `message ${n}`));
    });
    expect(heard).toEqual(["20 new messages\nAnn Lovelace: message 20"]);
  });

  it("says when the connection goes and comes", async () => {
    const heard = await transcript(async ({ client, settle }) => {
      client.set({ status: "offline" });
      vi.advanceTimersByTime(1_000);
      await settle();
      client.set({ status: "online" });
    });
    expect(heard).toEqual(["You are offline. What you send is kept.", "Connected again"]);
  });

  it("says the same words twice when they come twice", async () => {
    const heard = await transcript(async ({ room, settle }) => {
      room.receive(said(ann, "hello"));
      vi.advanceTimersByTime(1_000);
      await settle();
      room.receive(said(ann, "hello"));
    });
    expect(heard).toHaveLength(2);
  });

  it("says that a message was not sent, and why", async () => {
    const heard = await transcript(({ room, widget }) => {
      room.isSlow = true;
      widget.send("hi");
      room.change(room.snapshot.messages[0]?.id ?? "", { delivery: { state: "failed", commandId: "c", error: tooFast } });
    });
    expect(heard).toEqual(["Not sent. That was a little fast. Wait a moment."]);
  });

  it("is silent while the panel is closed", async () => {
    const heard = await transcript(async ({ widget, room, settle }) => {
      widget.close();
      await settle();
      room.receive(said(ann, "psst"));
    });
    expect(heard).toEqual([]);
  });
});

describe("on a page", () => {
  it("lives twice on one page without either knowing of the other", async () => {
    const [one, two] = [await stage(open), await stage(open)];
    one.room.receive(said(ann, "only here"));
    await one.settle();
    await two.settle();
    expect(one.find("[part~=text]").textContent).toBe("only here");
    expect(two.all("[part~=text]")).toEqual([]);
  });

  it("speaks the language of the page and the page's own words", async () => {
    const german = document.createElement("div");
    german.lang = "de-AT";
    document.body.append(german);
    const staged = await stage((staged) => {
      staged.widget.translation = { write: "Was gibt es?" };
      open(staged);
    });
    german.append(staged.widget);
    staged.widget.requestUpdate();
    await vi.waitFor(() => expect(staged.find("[part=close]").getAttribute("aria-label")).toBe("Chat schließen"));
    expect(staged.find("textarea").getAttribute("placeholder")).toBe("Was gibt es?");
    german.remove();
  });

  it("takes properties that were set before it was defined", async () => {
    const element: Partial<ChatWidget> & HTMLElement = document.createElement("chat-early");
    Object.assign(element, { heading: "Early", mode: "inline" });
    document.body.append(element);
    const { defineChatWidget } = await import("./define-chat-widget.js");
    defineChatWidget("chat-early");
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector("section")?.getAttribute("aria-label")).toBe("Early");
    element.remove();
  });

  it("takes over from the loader, which has drawn a launcher in its place", async () => {
    const element: Partial<ChatWidget> & HTMLElement = document.createElement("chat-late");
    const before = document.createElement("button");
    element.attachShadow({ mode: "open" }).append(before);
    document.body.append(element);
    const { defineChatWidget } = await import("./define-chat-widget.js");
    defineChatWidget("chat-late");
    await element.updateComplete;
    expect(before.isConnected).toBe(false);
    expect(element.shadowRoot?.querySelectorAll("button")).toHaveLength(1);
    element.remove();
  });

  it("says that it is connected in a way style sheets can ask for", async () => {
    const staged = await stage(open);
    expect(staged.widget.matches(":state(connected)")).toBe(true);
    staged.client.set({ status: "reconnecting" });
    expect(staged.widget.matches(":state(connected)")).toBe(false);
  });

  it("opens another room when the attribute changes", async () => {
    const staged = await stage(open);
    await userEvent.type(staged.find("textarea"), "hello{Enter}");
    await userEvent.type(staged.find("textarea"), "{ArrowUp}");
    await staged.settle();
    expect(staged.all(".target")).toHaveLength(1);
    staged.widget.setAttribute("room", "kitchen");
    await staged.settle();
    expect(staged.all(".target")).toEqual([]);
    expect(staged.client.asked).toContain("release lobby");
    staged.client.room("kitchen").receive(said(ann, "in the kitchen"));
    await staged.settle();
    expect(staged.find("[part~=text]").textContent).toBe("in the kitchen");
  });

  it("lets a guest choose another name", async () => {
    const staged = await stage(open);
    expect(staged.find(".guest").textContent?.replaceAll(/[\u2068\u2069]/gu, "")).toContain("You appear as Quiet Otter");
    staged.find(".guest button").click();
    await vi.waitFor(() => expect(active(staged)).toBe(staged.find(".rename input")));
    await userEvent.keyboard("Loud Otter{Enter}");
    await staged.settle();
    expect(staged.client.asked).toContain("rename Loud Otter");
    expect(staged.find(".guest").textContent).toContain("Loud Otter");
  });
});
