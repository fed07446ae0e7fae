// @ts-check
import { createChatClient } from "@chat-widget/client";
import { events } from "./events.js";

/** @param {string} id */
const element = (id) => document.getElementById(id) ?? document.body;
const [question, options, cursors] = [element("question"), element("options"), element("cursors")];
const client = createChatClient({ events });
const room = client.room("lobby");

/** @typedef {{ id: string, seq: number }} Place */
/** @type {Place & { options: string[] } | undefined} */
let poll;
/** Of everyone the last vote. @type {Map<string, { option: number, seq: number }>} */
const votes = new Map();

room.on("poll.opened", show);
room.on("poll.voted", count);
const { events: opened } = await room.readEvents("poll.opened", { limit: 1 });
for (const { data, ...from } of opened) show(data, from);
// What was voted before this page came; what is voted meanwhile is told above, and counts once.
for (let after = poll?.seq, more = poll !== undefined; more && after !== undefined; ) {
  const page = await room.readEvents("poll.voted", { after, limit: 200 });
  for (const { data, ...from } of page.events) count(data, from);
  after = page.events.at(-1)?.seq;
  more = page.more;
}

/** @param {{ question: string, options: string[] }} data @param {Place} from */
function show(data, { id, seq }) {
  if (poll !== undefined && poll.seq >= seq) return;
  poll = { id, seq, options: data.options };
  votes.clear();
  question.textContent = data.question;
  draw();
}

/** @param {{ poll: string, option: number }} data @param {Place & { author: { id: string } }} from */
function count(data, { seq, author }) {
  if (data.poll !== poll?.id || seq <= (votes.get(author.id)?.seq ?? 0)) return;
  votes.set(author.id, { option: data.option, seq });
  draw();
}

function draw() {
  const mine = votes.get(client.getSnapshot().user?.id ?? "")?.option;
  const cast = [...votes.values()];
  options.replaceChildren(
    ...(poll?.options ?? []).map((label, option) => {
      const number = cast.filter((vote) => vote.option === option).length;
      const button = Object.assign(document.createElement("button"), { textContent: `${label}: ${number}`, ariaPressed: String(option === mine) });
      button.style.setProperty("--share", `${cast.length === 0 ? 0 : (100 * number) / cast.length}%`);
      button.addEventListener("click", () => void room.publish("poll.voted", { poll: poll?.id ?? "", option }));
      return button;
    }),
  );
}

/** One for each person, until they have not moved for a while. @type {Map<string, { cursor: HTMLElement, timer: ReturnType<typeof setTimeout> }>} */
const shown = new Map();

addEventListener("pointermove", ({ clientX, clientY }) => void room.whisper("cursor.moved", { x: clientX / innerWidth, y: clientY / innerHeight }));
room.on("cursor.moved", ({ x, y }, { author }) => {
  const known = shown.get(author.id);
  clearTimeout(known?.timer);
  const cursor = known?.cursor ?? cursors.appendChild(document.createElement("li"));
  cursor.textContent = author.name;
  cursor.style.translate = `${100 * x}vw ${100 * y}vh`;
  const timer = setTimeout(() => {
    cursor.remove();
    shown.delete(author.id);
  }, 5_000);
  shown.set(author.id, { cursor, timer });
});
