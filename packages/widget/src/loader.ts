import { chatStrokes } from "./parts/chat-strokes.js";
import { launcherStyles } from "./styles/launcher.styles.js";
import { tokens } from "./styles/tokens.js";

// Draws the launcher of every <chat-widget> and fetches the widget itself when a visitor turns to it. Needs nothing but the browser.

const tag = "chat-widget";
const widgetUrl = new URL("widget.js", import.meta.url).href;
const sheet = new CSSStyleSheet();
sheet.replaceSync(tokens + launcherStyles);

/** Brings the code nearer without running it: the launcher must not be exchanged under the pointer. */
function preload(): void {
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.href = widgetUrl;
  document.head.append(link);
}

/** Runs the widget, which takes over every element of the page. */
async function load(): Promise<void> {
  await import(widgetUrl);
}

/** The same where nobody waits for it: without a network the button stays, and the next click tries again. */
async function loadQuietly(): Promise<void> {
  await load().catch(() => undefined);
}

async function open(element: Element, button: Element): Promise<void> {
  button.setAttribute("aria-busy", "true");
  try {
    await load();
  } catch {
    // The next click tries again; a browser that has no network says so itself.
    button.removeAttribute("aria-busy");
    return;
  }
  if ("show" in element && typeof element.show === "function") element.show();
}

function svg(name: string, attributes: Readonly<Record<string, string>>): Element {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function launcherOf(element: Element): HTMLElement {
  const button = document.createElement("button");
  const slot = document.createElement("slot");
  const picture = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  picture.append(svg("path", { d: chatStrokes }));
  slot.name = "launcher";
  slot.append(picture);
  button.className = "launcher";
  button.part.add("launcher");
  button.ariaLabel = /^de\b/iu.test(document.documentElement.lang) ? "Chat öffnen" : "Open chat";
  button.ariaExpanded = "false";
  button.append(slot);
  button.addEventListener("pointerenter", preload, { once: true });
  button.addEventListener("focus", preload, { once: true });
  button.addEventListener("click", () => void open(element, button));
  return button;
}

const near = new IntersectionObserver(
  (entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    near.disconnect();
    void loadQuietly();
  },
  { rootMargin: "400px" },
);

function prepare(element: Element): void {
  if (element.hasAttribute("open")) void loadQuietly();
  // The widget itself may have come first.
  if (element.shadowRoot !== null) return;
  const root = element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  if (element.getAttribute("mode") === "inline") near.observe(element);
  else root.append(launcherOf(element));
}

const prepareAll = (): void => document.querySelectorAll(tag).forEach(prepare);

// Pages that are built in the browser add their elements later.
const observer = new MutationObserver(prepareAll);

if (customElements.get(tag) === undefined) {
  prepareAll();
  void customElements.whenDefined(tag).then(() => observer.disconnect());
  observer.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["open"] });
}
