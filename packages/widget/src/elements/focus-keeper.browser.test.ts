import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { ann, me, said, tooFast } from "../../gallery/fake-client.js";
import { clear, type Stage, stage } from "../../gallery/stage.js";

beforeEach(() => page.viewport(1000, 800));
afterEach(clear);

const open = (prepare: Parameters<typeof stage>[0] = () => undefined): Promise<Stage> =>
  stage((staged) => {
    prepare(staged);
    staged.widget.show();
  });
const active = ({ widget }: Stage): Element | null | undefined => widget.shadowRoot?.activeElement;

it("goes to the message whose button is gone", async () => {
  const staged = await open(({ room }) => room.set({ messages: [said(ann, "one"), said(me, "two", { delivery: { state: "failed", commandId: "c1", error: tooFast } }), said(ann, "three")] }));
  const [retry] = staged.all(".failure button");
  retry?.focus();
  await userEvent.keyboard("{Enter}");
  await vi.waitFor(() => expect(active(staged)).toBe(staged.all(".item")[1]));
});

it("goes to the message whose last reaction was taken back", async () => {
  const staged = await open(({ room }) => room.set({ messages: [said(ann, "one", { reactions: [{ emoji: "👍", userIds: [me.id] }] }), said(ann, "two")] }));
  staged.find(".reaction").focus();
  await userEvent.keyboard("{Enter}");
  await vi.waitFor(() => expect(active(staged)).toBe(staged.all(".item")[0]));
});

it("goes to the box when one gives up answering", async () => {
  const staged = await open(({ room }) => room.set({ messages: [said(ann, "one")] }));
  staged.find(".item").focus();
  await vi.waitFor(() => staged.find("chat-widget-actions .bar"));
  staged.all("chat-widget-actions .icon")[1]?.click();
  await vi.waitFor(() => staged.find(".target"));
  staged.find(".target button").focus();
  await userEvent.keyboard("{Enter}");
  await vi.waitFor(() => expect(active(staged)).toBe(staged.find("textarea")));
});

it("goes to the box when a name was chosen", async () => {
  const staged = await open();
  staged.find(".guest button").focus();
  await userEvent.keyboard("{Enter}");
  await vi.waitFor(() => expect(active(staged)).toBe(staged.find(".rename input")));
  await userEvent.keyboard("{Escape}");
  await vi.waitFor(() => expect(active(staged)).toBe(staged.find("textarea")));
});

it("stays with the page when the visitor is there", async () => {
  const elsewhere = document.createElement("input");
  document.body.append(elsewhere);
  onTestFinished(() => elsewhere.remove());
  const staged = await open(({ room }) => room.set({ messages: [said(me, "two", { delivery: { state: "failed", commandId: "c1", error: tooFast } })] }));
  staged.find(".failure button").focus();
  elsewhere.focus();
  staged.room.set({ messages: [] });
  await staged.settle();
  expect(document.activeElement).toBe(elsewhere);
  staged.find("textarea").focus();
  elsewhere.focus();
  elsewhere.blur();
  staged.room.set({ permissions: ["read"] });
  await staged.settle();
  expect(document.activeElement).toBe(document.body);
});
