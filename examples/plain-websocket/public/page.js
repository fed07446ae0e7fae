// @ts-check
import { PlainChat } from "./plain-chat.js";

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const [status, log, messages, wire, frames] = [element("status"), element("log"), element("messages"), element("wire"), element("frames")];
const composer = /** @type {HTMLFormElement} */ (element("composer"));
const text = /** @type {HTMLInputElement} */ (element("text"));
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

const chat = new PlainChat({ roomId: "lobby", onChange: show, onFrame: noteFrame });
/** The list items by message id; one stays the same from unsent to sent, so that it is read out once. @type {Map<string, HTMLElement>} */
const items = new Map();

/** @param {string} tag @param {object} [properties] @param {(Node | string)[]} children */
function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function show() {
  const { me } = chat;
  const wordsFor = { connecting: "Connecting …", online: `You are ${me?.name}.`, reconnecting: "No connection. Trying again …", refused: "The server refuses the connection." };
  if (status.textContent !== wordsFor[chat.status]) status.textContent = wordsFor[chat.status];
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  const sent = [...chat.messages.values()].map(({ id, author, text, sentAt, editedAt, deletedAt }) => ({
    id,
    isOwn: author.id === me?.id,
    name: author.name,
    text: deletedAt === undefined ? text : "Deleted",
    note: clock.format(sentAt) + (editedAt === undefined ? "" : " · edited"),
    state: deletedAt === undefined ? "sent" : "deleted",
  }));
  const unsent = chat.outbox.map(({ id, text, refusal }) => ({ id, isOwn: true, name: me?.name ?? "", text, note: refusal ?? "Sending …", state: refusal === undefined ? "pending" : "failed" }));
  arrange([...sent, ...unsent]);
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

/** @param {{ id: string, isOwn: boolean, name: string, text: string, note: string, state: string }[]} shown */
function arrange(shown) {
  const ids = new Set(shown.map(({ id }) => id));
  for (const [id, item] of items) {
    if (ids.has(id)) continue;
    item.remove();
    items.delete(id);
  }
  let place = messages.firstElementChild;
  for (const { id, isOwn, name, text, note, state } of shown) {
    const item = items.get(id) ?? make("li");
    items.set(id, item);
    const key = JSON.stringify([isOwn, name, text, note, state]);
    if (item.dataset.key !== key) {
      item.className = `${isOwn ? "own " : ""}${state}`;
      item.dataset.key = key;
      item.replaceChildren(make("b", {}, name), make("p", { dir: "auto" }, text), make("small", {}, note));
      if (state === "failed") item.append(make("button", { type: "button", onclick: () => chat.discard(id) }, "Discard"));
    }
    if (item === place) place = item.nextElementSibling;
    else messages.insertBefore(item, place);
  }
}

/** @param {"→" | "←"} direction @param {string} frame */
function noteFrame(direction, frame) {
  const isAtEnd = frames.scrollHeight - frames.scrollTop - frames.clientHeight < 40;
  frames.append(make("li", { className: direction === "→" ? "out" : "in" }, make("span", {}, direction), ` ${frame.length > 400 ? `${frame.slice(0, 400)}…` : frame}`));
  if (frames.childElementCount > 100) frames.firstElementChild?.remove();
  if (isAtEnd) frames.scrollTop = frames.scrollHeight;
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  if (text.value.trim() === "") return;
  chat.send(text.value);
  text.value = "";
  log.scrollTop = log.scrollHeight;
});

if (matchMedia("(width < 56rem)").matches) wire.removeAttribute("open");
show();
chat.connect();
