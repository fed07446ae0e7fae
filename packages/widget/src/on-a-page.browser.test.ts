import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { page } from "vitest/browser";
import { ann, said } from "../gallery/fake-client.js";
import { scenes } from "../gallery/scenes.js";
import { clear, stage } from "../gallery/stage.js";

beforeEach(async () => {
  document.documentElement.lang = "en";
  await page.viewport(1000, 800);
});
afterEach(clear);

it("goes on when it is taken away and put back later", async () => {
  const staged = await stage(({ widget }) => widget.show());
  staged.widget.remove();
  await new Promise((resolve) => setTimeout(resolve));
  expect(staged.client.asked).toContain("release lobby");
  document.body.append(staged.widget);
  await staged.settle();
  staged.room.receive(said(ann, "welcome back"));
  await staged.settle();
  expect(staged.find("[part~=text]").textContent).toBe("welcome back");
});

it("looks the same whatever the page hands down", async () => {
  const looks = async () => {
    const staged = await stage((staged) => {
      staged.widget.mode = "inline";
      scenes["conversation"]?.(staged);
    });
    await vi.waitFor(() => staged.find(".item"));
    const styles = ["[part~=text]", ".heading", "textarea", ".name"].map((selector) => {
      const { textTransform, letterSpacing, wordSpacing, textIndent, textShadow, fontStyle, fontVariant, textAlign, lineHeight, cursor, hyphens, wordBreak } = getComputedStyle(staged.find(selector));
      return [selector, textTransform, letterSpacing, wordSpacing, textIndent, textShadow, fontStyle, fontVariant, textAlign, lineHeight, cursor, hyphens, wordBreak];
    });
    clear();
    return styles;
  };
  const plain = await looks();
  const hostile = "text-transform: uppercase; letter-spacing: 4px; word-spacing: 9px; text-indent: 40px; text-shadow: 2px 2px red; font: italic small-caps 30px/3 serif; text-align: center; cursor: wait; hyphens: auto; word-break: break-all; visibility: visible";
  document.body.style.cssText = hostile;
  onTestFinished(() => document.body.removeAttribute("style"));
  expect(await looks()).toEqual(plain);
});

it.each([
  ["a height of its own", "", "height: 300px"],
  ["what a column leaves", "display: flex; flex-direction: column; min-height: 0; height: auto; max-height: 500px", "flex: 1; min-height: 300px"],
  ["a row of a grid", "display: grid; grid-template-rows: 300px", "height: auto"],
])("keeps to its place, however much is said: %s", async (_what, around, own) => {
  const staged = await stage(({ widget, room }) => {
    widget.mode = "inline";
    room.set({ messages: Array.from({ length: 60 }, (_, n) => said(ann, `message ${n}`)) });
  });
  document.body.style.cssText = around;
  onTestFinished(() => document.body.removeAttribute("style"));
  staged.widget.style.cssText = own;
  await staged.settle();
  const [host, panel] = [staged.widget.getBoundingClientRect(), staged.find(".panel").getBoundingClientRect()];
  expect([host.height > 100, host.height <= 500, panel.height]).toEqual([true, true, host.height]);
});

it("is not seen with a page that is not", async () => {
  const staged = await stage((staged) => {
    document.body.style.visibility = "hidden";
    staged.widget.mode = "inline";
  });
  onTestFinished(() => document.body.removeAttribute("style"));
  expect(staged.find(".panel").checkVisibility({ visibilityProperty: true })).toBe(false);
});

it.each([
  ["scrolled away", "margin-top: 3000px"],
  ["hidden with the tab it is in", "display: none"],
  ["invisible", "visibility: hidden"],
])("reads nothing while it is in the page and %s, and reads once it is seen", async (_what, style) => {
  const staged = await stage((staged) => {
    staged.widget.mode = "inline";
    scenes["conversation"]?.(staged);
  });
  await vi.waitFor(() => staged.find(".item"));
  const box = document.createElement("div");
  onTestFinished(() => box.remove());
  box.style.cssText = style;
  document.body.append(box);
  box.append(staged.widget);
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  staged.client.asked.length = 0;
  staged.room.receive(said(ann, "unseen"));
  await staged.settle();
  expect(staged.client.asked).not.toContain("markRead");
  box.style.cssText = "";
  window.scrollTo(0, 0);
  staged.widget.requestUpdate();
  await vi.waitFor(() => expect(staged.client.asked).toContain("markRead"));
});

it("lies over the page of a phone again after it was moved in it, without its button over the box", async () => {
  await page.viewport(360, 640);
  const staged = await stage(({ widget }) => widget.show());
  const box = document.createElement("div");
  onTestFinished(() => box.remove());
  document.body.append(box);
  box.append(staged.widget);
  await staged.settle();
  expect(staged.find("dialog").matches(":modal")).toBe(true);
  expect(getComputedStyle(staged.find(".launcher")).display).toBe("none");
  expect(staged.widget.open).toBe(true);
});

it("can be heard on a phone, where only what is in the panel is read aloud", async () => {
  await page.viewport(360, 640);
  const staged = await stage(({ widget }) => widget.show());
  expect(staged.find("[role=status]").closest("dialog")).toBe(staged.find("dialog"));
});

it("keeps every emoji of an own message on the screen of a phone", async () => {
  await page.viewport(360, 640);
  const staged = await stage((staged) => {
    scenes["conversation"]?.(staged);
    staged.widget.show();
  });
  const own = staged.all("[data-own]").at(-1);
  own?.focus();
  await vi.waitFor(() => staged.find("[data-own] chat-widget-actions .bar"));
  staged.find("[data-own] chat-widget-actions .icon").click();
  await vi.waitFor(() => staged.find(".emoji"));
  for (const button of staged.all(".emoji, .any")) {
    const { left, right } = button.getBoundingClientRect();
    expect(left).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(360);
  }
});
