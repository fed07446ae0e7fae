import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { ann, me, said } from "../../gallery/fake-client.js";
import { clear, complaints, type Stage, stage } from "../../gallery/stage.js";

beforeEach(() => page.viewport(1000, 800));
afterEach(clear);

/** A conversation of two, with the actions of one of the messages in view. */
async function withActions(whose: "ann" | "me", prepare: Parameters<typeof stage>[0] = () => undefined): Promise<Stage> {
  const staged = await stage((staged) => {
    staged.room.set({ messages: [said(ann, "theirs"), said(me, "mine")] });
    prepare(staged);
    staged.widget.show();
  });
  staged.all(".item")[whose === "ann" ? 0 : 1]?.focus();
  await vi.waitFor(() => staged.find("chat-widget-actions .bar"));
  return staged;
}

const active = ({ widget }: Stage): Element | null | undefined => widget.shadowRoot?.activeElement;
const labels = (elements: HTMLElement[]): (string | undefined)[] => elements.map((element) => element.getAttribute("aria-label") ?? element.textContent?.trim());
const drawn = async (staged: Stage): Promise<void> => {
  await staged.settle();
  await staged.widget.renderRoot.querySelector("chat-widget-actions")?.updateComplete;
  await new Promise((resolve) => requestAnimationFrame(resolve));
};

async function press(staged: Stage, label: string): Promise<void> {
  const button = staged.all("chat-widget-actions button").find((button) => (button.getAttribute("aria-label") ?? button.textContent?.trim()) === label);
  if (button === undefined) throw new Error(`unable to press ${label}; there is only ${labels(staged.all("chat-widget-actions button")).join(", ")}`);
  button.click();
  await drawn(staged);
}

it.each(["light", "dark"] as const)("has nothing axe complains of in %s, with the emoji, the menu and the question open", async (theme) => {
  document.documentElement.style.colorScheme = theme;
  const staged = await withActions("me");
  await press(staged, "Actions");
  expect(await complaints()).toEqual([]);
  await press(staged, "Delete");
  expect(await complaints()).toEqual([]);
  await press(staged, "Cancel");
  await press(staged, "React");
  expect(await complaints()).toEqual([]);
  document.documentElement.style.colorScheme = "";
});

it("offers what one may do with a message of one's own and with another's", async () => {
  const own = await withActions("me");
  await press(own, "Actions");
  expect(labels(own.all("[role=menuitem]"))).toEqual(["Copy text", "Edit", "Delete"]);
  clear();
  const theirs = await withActions("ann");
  await press(theirs, "Actions");
  expect(labels(theirs.all("[role=menuitem]"))).toEqual(["Copy text"]);
  clear();
  const moderator = await withActions("ann", ({ room }) => room.set({ permissions: ["read", "delete-any"] }));
  expect(labels(moderator.all("chat-widget-actions .bar button"))).toEqual(["Actions"]);
  await press(moderator, "Actions");
  expect(labels(moderator.all("[role=menuitem]"))).toEqual(["Copy text", "Delete"]);
});

it("deletes only after a second step, in which the harmless answer has the focus", async () => {
  const staged = await withActions("me");
  await press(staged, "Actions");
  await press(staged, "Delete");
  expect(staged.client.asked.filter((what) => what.startsWith("delete"))).toEqual([]);
  expect(active(staged)?.textContent).toBe("Cancel");
  await press(staged, "Delete");
  expect(staged.client.asked.filter((what) => what.startsWith("delete"))).toHaveLength(1);
  expect(staged.all("[part~=text]").at(-1)?.textContent).toBe("Message deleted");
});

it("reacts with one of six emoji, or with any", async () => {
  const staged = await withActions("ann");
  await press(staged, "React");
  expect(staged.all(".emoji")).toHaveLength(6);
  await press(staged, "❤️");
  expect(staged.find(".reaction").textContent).toBe("❤️ 1");
  await press(staged, "React");
  await userEvent.type(staged.find("chat-widget-actions input"), "x");
  await userEvent.fill(staged.find("chat-widget-actions input"), "🦊");
  await drawn(staged);
  expect(staged.all(".reaction").map(({ textContent }) => textContent)).toEqual(["❤️ 1", "🦊 1"]);
});

it("is walked with the arrow keys and left with Escape, which gives the focus back and closes nothing else", async () => {
  const staged = await withActions("me");
  await press(staged, "Actions");
  expect(active(staged)?.textContent).toBe("Copy text");
  await userEvent.keyboard("{ArrowDown}{ArrowDown}");
  expect(active(staged)?.textContent).toBe("Delete");
  await userEvent.keyboard("{ArrowDown}");
  expect(active(staged)?.textContent).toBe("Copy text");
  await userEvent.keyboard("{Escape}");
  await drawn(staged);
  expect(staged.all("[role=menu]")).toEqual([]);
  expect(active(staged)?.getAttribute("aria-label")).toBe("Actions");
  expect(staged.widget.open).toBe(true);
});

it("closes when the focus goes elsewhere", async () => {
  const staged = await withActions("me");
  await press(staged, "Actions");
  staged.find("textarea").focus();
  await drawn(staged);
  expect(staged.all("chat-widget-actions")).toEqual([]);
});

it("shows itself to a pointer as well", async () => {
  const staged = await stage((staged) => {
    staged.room.set({ messages: [said(ann, "theirs")] });
    staged.widget.show();
  });
  await userEvent.hover(staged.find(".bubble"));
  await vi.waitFor(() => staged.find("chat-widget-actions .bar"));
  await userEvent.hover(staged.find(".header"));
  await drawn(staged);
  expect(staged.all("chat-widget-actions")).toEqual([]);
});
