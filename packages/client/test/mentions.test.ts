import { expect, it } from "vitest";
import { startKnownUsers, until } from "./known-users.js";

it("says which messages mention the user, also after an edit", async () => {
  const { clientOf } = await startKnownUsers();
  const [ann, bob] = [clientOf("ann").room("lobby"), clientOf("bob").room("lobby")];
  const { id } = await ann.send({ text: "@Bob, look", mentions: ["bob"] });
  await until(bob, ({ messages: [first] }) => first?.mentionsMe === true);
  expect(ann.getSnapshot().messages[0]).toMatchObject({ mentions: ["bob"], mentionsMe: false });

  const edit = ann.edit(id, "@Ann, look", ["ann"]);
  expect(ann.getSnapshot().messages[0]).toMatchObject({ mentionsMe: true });
  await edit;
  await until(bob, ({ messages: [first] }) => first?.mentionsMe === false && first.text === "@Ann, look");
  await ann.edit(id, "look");
  await until(bob, ({ messages: [first] }) => first?.text === "look" && first.mentions === undefined);
});

it("refuses what does not fit before anything is sent", async () => {
  const { clientOf } = await startKnownUsers();
  const room = clientOf("ann").room("lobby");
  await until(room, ({ phase }) => phase === "ready");
  await expect(room.send({ text: "all", mentions: Array.from({ length: 51 }, (_, n) => `${n}`) })).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("mentions") });
  expect(room.getSnapshot().messages).toEqual([]);
});
