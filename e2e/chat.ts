import { expect, type Locator, type Page } from "@playwright/test";
import { Recipient } from "../packages/server/test/recipients/recipient.js";

/** `<chat-widget>` as a visitor sees and uses it. */
export class Chat {
  readonly page: Page;
  readonly widget: Locator;
  readonly composer: Locator;

  constructor(page: Page) {
    this.page = page;
    this.widget = page.locator("chat-widget");
    this.composer = this.widget.getByRole("textbox", { name: /message/i });
    expectNothingPrivate(page);
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await expect(this.composer).toBeEditable();
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  /** The text of each message, from top to bottom, own and others'. */
  async texts(): Promise<string[]> {
    return this.widget.evaluate((widget) => {
      const found: string[] = [];
      const walk = (root: ShadowRoot | Element) => {
        for (const element of root.querySelectorAll("*")) {
          if (element.matches("[part~=text]")) found.push(element.textContent?.trim() ?? "");
          if (element.shadowRoot !== null) walk(element.shadowRoot);
        }
      };
      if (widget.shadowRoot !== null) walk(widget.shadowRoot);
      return found;
    });
  }

  /** Waits until the screen shows exactly these messages, all confirmed. */
  async shows(texts: readonly string[]): Promise<void> {
    await expect.poll(() => this.texts(), { timeout: 30_000 }).toEqual(texts);
    await expect(this.widget.locator("[data-state=pending]")).toHaveCount(0, { timeout: 30_000 });
  }
}

/** Holds every packet that a page is sent against the list of what its user may be told; a fault fails the test. */
function expectNothingPrivate(page: Page): void {
  page.on("websocket", (socket) => {
    if (!socket.url().includes("/socket.io/")) return;
    const recipient = new Recipient();
    const packetIn = (payload: string | Buffer): string | undefined => (typeof payload === "string" && payload.startsWith("4") ? payload.slice(1) : undefined);
    socket.on("framesent", ({ payload }) => {
      const packet = packetIn(payload);
      if (packet !== undefined) recipient.says(packet);
    });
    socket.on("framereceived", ({ payload }) => {
      const packet = packetIn(payload);
      if (packet !== undefined) recipient.hears(packet);
      expect.soft(recipient.faults.splice(0)).toEqual([]);
    });
  });
}
