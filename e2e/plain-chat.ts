import { expect, type Browser, type Locator, type Page } from "@playwright/test";

/** The page of `examples/plain-websocket` as a visitor sees and uses it. */
export class PlainChat {
  readonly page: Page;
  readonly composer: Locator;
  readonly items: Locator;
  readonly status: Locator;
  /** Every frame this page sent, over all its connections. */
  readonly sent: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    this.composer = page.getByRole("textbox", { name: "Message" });
    this.items = page.getByRole("log", { name: "Messages" }).getByRole("listitem");
    this.status = page.getByRole("status");
    page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => this.sent.push(String(payload))));
  }

  /** A visitor of their own: no storage in common with anyone. */
  static async open(browser: Browser, url: string): Promise<PlainChat> {
    const chat = new PlainChat(await (await browser.newContext()).newPage());
    await chat.page.goto(url);
    await chat.isOnline();
    return chat;
  }

  async isOnline(): Promise<void> {
    await expect(this.status).toHaveText(/^You are \S/, { timeout: 30_000 });
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  /** Waits until the screen shows exactly these messages, all confirmed. */
  async shows(texts: readonly string[]): Promise<void> {
    await expect(this.items.locator("p")).toHaveText(texts, { timeout: 30_000 });
    await expect(this.items.and(this.page.locator(".pending, .failed"))).toHaveCount(0, { timeout: 30_000 });
  }

  /** What was asked by one name, in the order it was sent. */
  asked(name: string): { after?: { seq: number }; id?: string; text?: string }[] {
    return this.sent.flatMap((frame) => {
      const [, json] = /^42\d+(\[.*)$/s.exec(frame) ?? [];
      const [asked, input] = json === undefined ? [] : JSON.parse(json);
      return asked === name ? [input] : [];
    });
  }
}
