import axe from "axe-core";
import type { ChatWidget } from "../src/chat-widget.js";
import { defineChatWidget } from "../src/define-chat-widget.js";
import { FakeClient, type FakeRoom } from "./fake-client.js";

/** A widget on a page, with a scripted client behind it. */
export interface Stage {
  readonly widget: ChatWidget;
  readonly client: FakeClient;
  readonly room: FakeRoom;
  /** The one element in the widget that fits. */
  find<E extends HTMLElement = HTMLElement>(selector: string): E;
  all(selector: string): HTMLElement[];
  /** Waits until everything is drawn. */
  settle(): Promise<void>;
}

/** Puts a widget on the page; taken away again by {@link clear}. */
export async function stage(prepare: (stage: Pick<Stage, "widget" | "client" | "room">) => void = () => undefined): Promise<Stage> {
  defineChatWidget();
  const widget = document.createElement("chat-widget");
  const client = new FakeClient();
  const room = client.room("lobby");
  widget.client = client;
  prepare({ widget, client, room });
  document.body.append(widget);
  const all = (selector: string): HTMLElement[] => [...widget.renderRoot.querySelectorAll<HTMLElement>(selector)];
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 3; round++) {
      await widget.updateComplete;
      for (const inner of all("chat-widget-list, chat-widget-composer")) if ("updateComplete" in inner) await inner.updateComplete;
    }
  };
  const find = <E extends HTMLElement>(selector: string): E => {
    const found = widget.renderRoot.querySelector<E>(selector);
    if (found === null) throw new Error(`unable to find ${selector}; the widget does not show it`);
    return found;
  };
  await settle();
  await stillness();
  return { widget, client, room, find, all, settle };
}

/** Takes every widget off the page. */
export function clear(): void {
  for (const widget of document.querySelectorAll("chat-widget")) widget.remove();
}

/** Waits until every movement is over; one that has no end is left alone. */
async function stillness(): Promise<void> {
  const animations = [...document.querySelectorAll("chat-widget")].flatMap(({ shadowRoot }) => shadowRoot?.getAnimations() ?? []);
  const ending = animations.filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
  await Promise.all(ending.map(({ finished }) => finished.catch(() => undefined)));
}

/** What axe has against the page, each with where. */
export async function complaints(): Promise<string[]> {
  await stillness();
  const { violations } = await axe.run({ include: ["chat-widget"] }, { rules: { region: { enabled: false } } });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}
