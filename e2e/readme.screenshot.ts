// Makes docs/images/screenshot.png: one conversation, seen by its two people, in light and in dark. Run by `pnpm screenshot` after a build.
import { test, type Browser } from "@playwright/test";
import { Chat } from "./chat.js";
import { Example } from "./example.js";

const size = { width: 400, height: 640 };

/** A page with nothing on it but the widget. */
const pageFor = (name: string) => `<!doctype html>
<html lang="en">
<style>html, body { margin: 0; height: 100%; color-scheme: light dark } chat-widget { height: 100% }</style>
<script type="module" src="/chat/widget.js"></script>
<chat-widget mode="inline" room="garden" heading="Community garden" user-name="${name}"></chat-widget>`;

async function person(browser: Browser, url: string, name: string, colorScheme: "light" | "dark"): Promise<Chat> {
  const context = await browser.newContext({ viewport: size, colorScheme, deviceScaleFactor: 2 });
  const page = await context.newPage();
  await page.route(`${url}/`, (route) => route.fulfill({ contentType: "text/html", body: pageFor(name) }));
  const chat = new Chat(page);
  await chat.open(`${url}/`);
  return chat;
}

test("the picture of the readme", async ({ browser }) => {
  const example = await Example.start();
  const mira = await person(browser, example.url, "Mira", "light");
  const jonas = await person(browser, example.url, "Jonas", "dark");
  const story: [Chat, string][] = [
    [jonas, "Morning! The seedlings on the left bench are ready to go out."],
    [mira, "Lovely 🌱 How many trays?"],
    [jonas, "Six. I can bring them around noon."],
    [jonas, "The watering plan: https://example.org/plan"],
    [mira, "Perfect, I will be there."],
    [mira, "👋"],
  ];
  const texts: string[] = [];
  for (const [chat, text] of story) {
    await chat.send(text);
    texts.push(text);
    await mira.shows(texts);
    await jonas.shows(texts);
  }
  await jonas.composer.pressSequentially("See you");
  await mira.page.waitForTimeout(1_500);

  const shots = [];
  for (const chat of [mira, jonas]) shots.push((await chat.page.screenshot()).toString("base64"));
  const sheet = await (await browser.newContext({ viewport: { width: 2 * size.width + 96, height: size.height + 64 } })).newPage();
  await sheet.setContent(
    `<style>body{margin:0;padding:32px;display:flex;gap:32px;background:#e9eaf2}img{width:${size.width}px;height:${size.height}px;border-radius:16px;box-shadow:0 12px 40px #1d203333}</style>` +
      shots.map((shot) => `<img src="data:image/png;base64,${shot}">`).join(""),
  );
  await sheet.screenshot({ path: "docs/images/screenshot.png" });
  await example.stop();
});
