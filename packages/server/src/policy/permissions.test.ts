import { expect, it } from "vitest";
import { Permission, Role, type User, defaultRoomSettings } from "@chat-widget/protocol";
import type { Standing } from "../rooms/state/standing.js";
import { closedByLock, permissionOfCommand, permissionsByDefault, permissionsOfMember, permissionsOfRole } from "./permissions.js";

const meanings: Record<Permission, string> = {
  read: "be in the room, read it, search it, list its members",
  send: "write, and be seen typing",
  attach: "send files",
  react: "set emoji on messages",
  "edit-own": "change one's own messages",
  "delete-own": "remove one's own messages",
  "delete-any": "remove anybody's messages",
  pin: "pin messages and take pins off",
  "read-history": "read what others' messages said before they were edited",
  moderate: "write where it is closed to others and as often as they like, be in private rooms",
  "manage-room": "change the name, the topic, who may be in it and who may write",
  "manage-members": "add and remove members, change what they are, invite",
  "open-direct": "open a private room with one other",
  publish: "publish and whisper the events of the application that are for everyone",
};

const tick = (has: boolean) => (has ? "yes" : "");

it("is told in docs/permissions.md", async () => {
  const roles = Role.options.map((role) => `\`${role}\``);
  const rows = Permission.options.map((permission) => {
    const ofRoles = Role.options.map((role) => tick(permissionsOfRole[role].includes(permission)));
    const ofMembers = (["member", "moderator"] as const).map((role) => tick(permissionsOfMember[role].includes(permission)));
    return `| \`${permission}\` | ${meanings[permission]} | ${[...ofRoles, ...ofMembers].join(" | ")} |`;
  });
  const commands = Permission.options.map((permission) => {
    const needed = Object.entries(permissionOfCommand).filter(([, needs]) => needs === permission);
    return `| \`${permission}\` | ${needed.map(([name]) => `\`${name}\``).join(", ")} |`;
  });
  const page = `# Permissions

Made from [permissions.ts](../packages/server/src/policy/permissions.ts) by \`vitest run --project node packages/server/src/policy/permissions.test.ts -u\`.

\`authenticate\` gives each user roles, which hold in all rooms. A room adds what its members may do in it. \`authorize\` replaces any of it.

## What roles may do

The last two columns are what belonging to a room adds in that room, see [rooms.md](rooms.md).

| permission | lets one | ${roles.join(" | ")} | member of the room | moderator of the room |
|---|---|${"---|".repeat(roles.length + 2)}
${rows.join("\n")}

Then the room takes away:

| in a room | is left to |
|---|---|
| that is private (\`access: "private"\`) | its members, and those who have \`moderate\` in all rooms: for others it is the same as one that does not exist, if \`roomDefaults\` makes those private as well |
| where only members write (\`writers: "members"\`) | members, and those who have \`moderate\`: \`send\` |
| where only moderators write (\`writers: "moderators"\`) | those who have \`moderate\`: \`send\` |
| that is locked (\`isLocked\`) | those who have \`moderate\`: ${closedByLock.map((permission) => `\`${permission}\``).join(", ")} |
| from which one is banned (\`bannedUntil\`) | nothing |

What ends by itself is no permission: who is muted (\`mutedUntil\`) or wrote a moment ago in a room in slow mode (\`slowModeMs\`) keeps \`send\` and is refused until then, with \`details.mutedUntil\` or with \`retryAfterMs\`. Those who have \`moderate\` do not wait.

A moderator of one room has no say over another moderator of that room, and nobody changes what they themselves are, except by leaving. The server decides at each command; the permissions that a client is told (\`room:join\`, and \`room:permissions\` when they change) are for showing what can be done.

## What commands need

| permission | commands |
|---|---|
${commands.join("\n")}

\`message:delete\` of what others wrote needs \`delete-any\`; nobody edits what others wrote. \`member:leave\` and \`room:list\` need nothing. To open a private room or to accept an invitation, one need not be in it yet.

## Rules of one's own

\`\`\`ts
createChatServer(server, {
  authorize: async ({ user, roomId, command, message, target, room, member }) => {
    if (command === "room:open-direct") return areFriends(user.id, target);
    if (roomId.startsWith("course:")) return (await isEnrolled(user.id, roomId)) ? undefined : false;
    return undefined;
  },
});
\`\`\`

\`true\` allows, \`false\` refuses, \`undefined\` leaves it to the table. \`room\` has the settings of the room and \`member\` what the user is to it. A ban, a mute and slow mode hold whatever \`authorize\` says: somebody set them for this room. It is asked at each command and once a minute for each room that somebody has open; who may not be there any more is put out.
`;
  await expect(page).toMatchFileSnapshot(`${import.meta.dirname}/../../../../docs/permissions.md`);
});

const ofRoom = (role?: "member" | "moderator", more = {}): Standing["member"] => ({ user: { id: "ann", name: "Ann" }, ...(role !== undefined && { role }), ...more });
const as = (...roles: User["roles"]): User => ({ id: "ann", name: "Ann", roles });
const may = (user: User, room: Partial<Standing["room"]>, member?: Standing["member"]) => [...permissionsByDefault(user, { room: { ...defaultRoomSettings, ...room }, ...(member && { member }) }, 10)];

it.each<[string, string[], string[]]>([
  ["an open room", may(as("guest"), {}), ["read", "send", "attach", "react", "edit-own", "delete-own", "publish"]],
  ["a private room", may(as("member"), { access: "private" }), []],
  ["a private room, for a bot", may(as("bot"), { access: "private" }), []],
  ["a private room, for a guest who is a member", may(as("guest"), { access: "private" }, ofRoom("member")), ["read", "send", "attach", "react", "edit-own", "delete-own", "publish"]],
  ["a room for members, for others", may(as("guest"), { writers: "members" }), ["read", "react", "edit-own", "delete-own"]],
  ["a room that moderators write in, for members", may(as("guest"), { writers: "moderators" }, ofRoom("member")), ["read", "react", "edit-own", "delete-own"]],
  ["a locked room", may(as("guest"), { isLocked: true }, ofRoom("member")), ["read", "delete-own"]],
  ["a room after a ban", may(as("guest"), {}, ofRoom(undefined, { bannedUntil: 10 })), ["read", "send", "attach", "react", "edit-own", "delete-own", "publish"]],
  ["a room during a ban", may(as("admin"), {}, ofRoom("moderator", { bannedUntil: 11 })), []],
])("gives in %s what is left", (_what, permissions, expected) => {
  expect(permissions).toEqual(expected);
});

it("lets those who moderate a room do there what is closed to others, whatever they are elsewhere", () => {
  const closed = { access: "private", writers: "moderators", isLocked: true } as const;
  expect(may(as("guest"), closed, ofRoom("moderator"))).toEqual(expect.arrayContaining(["read", "send", "moderate", "manage-members"]));
  expect(may(as("moderator"), closed)).toContain("send");
});
