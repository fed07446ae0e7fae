import { expect, it } from "vitest";
import { startKnownUsers, until } from "./known-users.js";

it("pins and shows what is pinned", async () => {
  const { clientOf } = await startKnownUsers();
  const [ann, mona] = [clientOf("ann").room("lobby"), clientOf("mona").room("lobby")];
  const { id } = await ann.send({ text: "read this" });
  await until(mona, ({ messages }) => messages.length === 1);
  await mona.pin(id, true);
  await until(ann, ({ messages: [first] }) => first?.pinnedBy === "mona");
  expect(await ann.pinned()).toMatchObject([{ id, text: "read this" }]);
  await expect(ann.pin(id, false)).rejects.toMatchObject({ code: "forbidden" });
  await mona.pin(id, false);
  await until(ann, ({ messages: [first] }) => first?.pinnedAt === undefined);
  expect(await ann.pinned()).toEqual([]);
});
