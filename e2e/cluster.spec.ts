import { expect, test, type Browser } from "@playwright/test";
import { Chat } from "./chat.js";
import { Cluster } from "./cluster.js";

test.describe.configure({ mode: "serial", timeout: 180_000 });

let cluster: Cluster;
test.beforeAll(async () => {
  test.setTimeout(180_000);
  cluster = await Cluster.start();
});
test.afterAll(() => cluster.stop());

/** nginx goes by address and browser, so browsers of different names come to different servers. */
async function visitor(browser: Browser, name: string, path = "/"): Promise<Chat> {
  const context = await browser.newContext({ userAgent: `Browser ${name}` });
  const chat = new Chat(await context.newPage());
  await chat.open(`${cluster.url}${path}`);
  return chat;
}

/** What was said before; there is something. */
async function history(chat: Chat): Promise<string[]> {
  await expect.poll(async () => (await chat.texts()).length, { timeout: 30_000 }).toBeGreaterThan(0);
  return chat.texts();
}

const names = ["Ann", "Bob", "Carol", "Dora", "Emil", "Frida"];

test("visitors of both servers converse, one of which is killed, with nothing lost and nothing doubled", async ({ browser }) => {
  const servers = await Promise.all(names.map((name) => cluster.serverOf(`Browser ${name}`)));
  expect(new Set(servers).size).toBe(2);
  const chats = await Promise.all(names.map((name) => visitor(browser, name)));
  const expected: string[] = [];
  const say = async (index: number, text: string) => {
    expected.push(text);
    await chats[index]?.send(text);
    await Promise.all(chats.map((chat) => chat.shows(expected)));
  };
  for (const [index, name] of names.entries()) await say(index, `hello from ${name}`);
  const [[port, pid] = [0, 0]] = cluster.servers();
  process.kill(pid, "SIGKILL");
  await Promise.all(chats.map((chat, index) => chat.send(`${names[index]} during`)));
  const during = names.map((name) => `${name} during`);
  // In which order is for the database to say; it is the same for everybody, and nothing is there twice.
  await expect.poll(async () => (await chats[0]?.texts())?.length, { timeout: 60_000 }).toBe(expected.length + during.length);
  const texts = (await chats[0]?.texts()) ?? [];
  expect(texts.slice(expected.length).toSorted()).toEqual(during.toSorted());
  await Promise.all(chats.map((chat) => chat.shows(texts)));
  expected.splice(0, expected.length, ...texts);
  await expect.poll(() => cluster.servers().get(port), { timeout: 30_000 }).not.toBe(pid);
  await say(1, "and on we go");
});

test("a page on one host name has its chat on another", async ({ browser }) => {
  const [here, elsewhere] = [await visitor(browser, "Here"), await visitor(browser, "Elsewhere", "/elsewhere.html")];
  const before = await history(here);
  await elsewhere.send("from elsewhere");
  await here.shows([...before, "from elsewhere"]);
  await elsewhere.shows([...before, "from elsewhere"]);
});

test("a visitor whom no WebSocket gets through to stays with one server", async ({ browser }) => {
  const context = await browser.newContext({ userAgent: "Browser without WebSocket" });
  await context.routeWebSocket(/socket\.io/, (socket) => void socket.close());
  const polling = new Chat(await context.newPage());
  await polling.open(cluster.url);
  const ann = await visitor(browser, "Ann");
  const before = await history(ann);
  for (let n = 0; n < 5; n++) await polling.send(`poll ${n}`);
  const expected = [...before, ...Array.from({ length: 5 }, (_, n) => `poll ${n}`)];
  await ann.shows(expected);
  await polling.shows(expected);
});
