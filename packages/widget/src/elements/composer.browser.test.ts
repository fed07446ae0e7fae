import { afterEach, beforeEach, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { ann, said } from "../../gallery/fake-client.js";
import { clear, complaints, type Stage, stage } from "../../gallery/stage.js";

beforeEach(() => page.viewport(1000, 800));
afterEach(clear);

const open = (prepare: Parameters<typeof stage>[0] = () => undefined): Promise<Stage> =>
  stage((staged) => {
    prepare(staged);
    staged.widget.show();
  });
const sent = ({ client }: Stage): string[] => client.asked.filter((what) => what.startsWith("send"));
const limit = (textBytes: number): Parameters<typeof stage>[0] => ({ client }) => client.set({ limits: { ...client.snapshot.limits, textBytes } });

it.each(["light", "dark"] as const)("has nothing axe complains of in %s, with too long a text", async (theme) => {
  document.documentElement.style.colorScheme = theme;
  const staged = await open(limit(5));
  await userEvent.type(staged.find("textarea"), "too long");
  await staged.settle();
  expect(await complaints()).toEqual([]);
  document.documentElement.style.colorScheme = "";
});

it.each([
  ["while a composition goes on", { isComposing: true }],
  ["with the key that ends it in Safari", { keyCode: 229 }],
])("does not send on Enter %s", async (_when, init) => {
  const staged = await open();
  const box = staged.find<HTMLTextAreaElement>("textarea");
  await userEvent.type(box, "にほん");
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, composed: true, cancelable: true, ...init }));
  expect(sent(staged)).toEqual([]);
  await userEvent.keyboard("{Enter}");
  expect(sent(staged)).toEqual(["send にほん"]);
});

it("sends nothing that is only white space", async () => {
  const staged = await open();
  await userEvent.type(staged.find("textarea"), "  {Shift>}{Enter}{/Shift} {Enter}");
  staged.find(".send").click();
  expect(sent(staged)).toEqual([]);
});

it("counts in bytes when the limit is near and sends nothing beyond it", async () => {
  const staged = await open(limit(300));
  const box = staged.find<HTMLTextAreaElement>("textarea");
  await userEvent.fill(box, "a".repeat(99));
  await staged.settle();
  expect(staged.all(".count")).toEqual([]);
  await userEvent.fill(box, "é".repeat(100));
  await staged.settle();
  expect(staged.find(".count").textContent).toBe("100 left");
  await userEvent.fill(box, "é".repeat(151));
  await staged.settle();
  expect(staged.find(".count").textContent).toBe("2 too many");
  expect(box.getAttribute("aria-invalid")).toBe("true");
  await userEvent.type(box, "{Enter}");
  expect(sent(staged)).toEqual([]);
});

it("grows with what is written, up to a point, and shrinks again", async () => {
  const staged = await open();
  const box = staged.find<HTMLTextAreaElement>("textarea");
  const one = box.offsetHeight;
  await userEvent.fill(box, "1\n2\n3");
  await staged.settle();
  expect(box.offsetHeight).toBeGreaterThan(one);
  await userEvent.fill(box, "line\n".repeat(100));
  await staged.settle();
  expect(box.offsetHeight).toBeLessThan(200);
  await userEvent.type(box, "{Enter}");
  await staged.settle();
  expect(box.offsetHeight).toBe(one);
});

it("says that one is typing, and when one has stopped", async () => {
  const staged = await open();
  const box = staged.find<HTMLTextAreaElement>("textarea");
  await userEvent.fill(box, "a");
  await userEvent.fill(box, "");
  await userEvent.fill(box, "b");
  box.blur();
  expect(staged.client.asked.filter((what) => what.startsWith("setTyping"))).toEqual(["setTyping true", "setTyping false", "setTyping true", "setTyping false"]);
});

it("says why one cannot write", async () => {
  const staged = await open(({ room }) => room.set({ permissions: ["read"] }));
  expect(staged.all("textarea")).toEqual([]);
  expect(staged.find(".cannot").textContent).toBe("You can read here, but not write.");
});

it("stops answering on Escape, and only then closes the panel", async () => {
  const staged = await open(({ room }) => room.set({ messages: [said(ann, "question")] }));
  staged.all(".item").at(0)?.focus();
  await expect.poll(() => staged.all("chat-widget-actions .icon").length).toBeGreaterThan(0);
  staged.all("chat-widget-actions .icon")[1]?.click();
  await staged.settle();
  expect(staged.find(".target").textContent).toContain("question");
  await userEvent.keyboard("draft{Escape}");
  await staged.settle();
  expect(staged.all(".target")).toEqual([]);
  expect(staged.find<HTMLTextAreaElement>("textarea").value).toBe("draft");
  expect(staged.widget.open).toBe(true);
  await userEvent.keyboard("{Escape}");
  expect(staged.widget.open).toBe(false);
});

it("answers the message one chose", async () => {
  const question = said(ann, "question");
  const staged = await open(({ room }) => room.set({ messages: [question] }));
  staged.all(".item").at(0)?.focus();
  await expect.poll(() => staged.all("chat-widget-actions .icon").length).toBeGreaterThan(0);
  staged.all("chat-widget-actions .icon")[1]?.click();
  await staged.settle();
  await userEvent.keyboard("answer{Enter}");
  await staged.settle();
  expect(sent(staged)).toEqual([`send answer to ${question.id}`]);
  expect(staged.all(".target")).toEqual([]);
  expect(staged.find(".item .quote").textContent).toContain("question");
});
