import { expect, type Locator, type Page } from "@playwright/test";

/** `<chat-widget>` as a visitor sees and uses it. */
export class Chat {
  readonly page: Page;
  readonly widget: Locator;
  readonly composer: Locator;

  constructor(page: Page) {
    this.page = page;
    this.widget = page.locator("chat-widget");
    this.composer = this.widget.getByRole("textbox", { name: /message/i });
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
