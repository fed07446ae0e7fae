/** Something a chat can do, and where that is shown. */
export interface Feature {
  is: "yes" | "partly" | "no";
  /** Each as "file › name of the test", the name as it stands in the source. */
  tests: readonly string[];
  /** What is missing, or worth knowing. */
  note?: string;
}

const commands = "packages/server/src/commands/";
const client = "packages/client/test/";
const server = "packages/server/test/";
const session = "packages/server/src/session/";
const element = "packages/widget/src/elements/";

const yes = (tests: readonly string[], note?: string): Feature => ({ is: "yes", tests, ...(note !== undefined && { note }) });
const partly = (note: string, tests: readonly string[]): Feature => ({ is: "partly", tests, note });
const no = (note: string): Feature => ({ is: "no", tests: [], note });

const notOnScreen = "not on the widget's screen yet";

/** By group and name. */
export const features: Readonly<Record<string, Readonly<Record<string, Feature>>>> = {
  Messages: {
    "send and receive in rooms": yes(["e2e/conversation.spec.ts › two visitors converse, see each other type and see who is there"]),
    edit: yes([`${client}real-server.test.ts › edits, deletes and reactions reach everyone, and a late comer`]),
    "earlier versions, for those who may see them": yes([`${commands}versions.test.ts › shows what a message said to its author and to moderators, and to nobody else`], notOnScreen),
    "delete, by the author or a moderator, with a reason": yes([`${commands}message.test.ts › lets authors edit and delete their own messages only, and moderators delete any`, `${commands}deletion.test.ts › tells everybody why a moderator deleted what somebody else wrote`]),
    "reply with quote": yes([`${element}message-list.browser.test.ts › lets one go from an answer to what it answers, where that is at hand`]),
    threads: yes([`${client}threads.test.ts › keeps replies out of the room, counts them at the root, and shows them in the thread`, `${client}message-parts.test.ts › counts what is unread in a thread, for all devices of a user`], notOnScreen),
    reactions: yes([`${commands}reaction.test.ts › adds and removes a reaction, and has nothing to do the second time`], "exact up to 1 000 on a message, which takes no more; several by one user"),
    mentions: yes([`${client}mentions.test.ts › says which messages mention the user, also after an edit`], notOnScreen),
    pins: yes([`${client}pins.test.ts › pins and shows what is pinned`], notOnScreen),
    "text format (bold, italic, strike, code, links, lists, quotes)": yes(["packages/protocol/src/text/format.test.ts › loses nothing but marks"]),
    "notices of the application": yes([`${commands}structured.test.ts › sends notices of the application, which no user can`]),
    "structured messages, validated": yes([`${commands}structured.test.ts › takes from users the types the application named, as its validators say, and no others`], "a renderer of the application's own in the widget is missing"),
    "polls, location, reminders, drafts on the server": no("structured messages and events of the application's own are there to build them"),
  },
  Delivery: {
    "acknowledged when it is committed": yes(["packages/server/src/stores/sqlite/sqlite-crash.test.ts › keeps a second process out, and has every acknowledged message after the first was killed, opening at once, on %s"]),
    "once, however often it is asked": yes([`${client}reload.test.ts › two pages with one storage show and send each message as one`]),
    "unsent messages outlive a reload, and go out by themselves": yes(["e2e/conversation.spec.ts › messages written while the server is away survive a reload of the page"]),
    "holes are found and mended": yes([`${server}join.test.ts › shows no hole and repeats nothing to those who join while others write`]),
    "one order for everybody": yes([`${client}storm.test.ts › three clients on a bad network end with the server's log, each command done once (seed %i)`]),
    "read receipts": yes([`${client}real-server.test.ts › counts what is unread until it is read, and tells the others`]),
    "delivery receipts": no("a message is shown as sent when it is stored"),
  },
  Presence: {
    "who is here": yes(["packages/server/src/rooms/signals.test.ts › counts people, not connections, and tells once a second who came and went"]),
    "how many are here, in large rooms": yes(["packages/server/src/rooms/signals.test.ts › names at most two hundred people and counts them all"]),
    typing: yes(["packages/server/src/rooms/signals.test.ts › forgets a typist six seconds after their last word of it"]),
    "status of the connection": yes(["packages/client/src/connection/connection.test.ts › come before anything is asked or heard"]),
  },
  History: {
    "page by page": yes([`${client}real-server.test.ts › loads history page by page`]),
    "no gap between history and what is new": yes([`${server}join.test.ts › says nothing before the answer and leaves nothing out after it, at whatever moment something is written`]),
    search: yes([`${client}search.test.ts › finds messages page by page, and jumps to one of them`], notOnScreen),
    "jump to a message in its context": yes(["packages/client/src/room/room-window.test.ts › begins around a message and grows both ways, until it goes on with the room"], notOnScreen),
    "kept in the browser": yes(["packages/client/src/chat-client.test.ts › by a guest is there at once after a reload, with nothing unread, and is gone on from"], "of guests; what an account may see is asked anew"),
    "virtualised list": no("the list draws every message that is loaded"),
  },
  Files: {
    "pictures and files": yes([`${client}uploads.test.ts › sends a file and a message that carries it, which others can fetch`], notOnScreen),
    "go on after a break": yes([`${client}uploads.test.ts › goes on with a file after its connection broke`]),
    "paste and drop": yes([`${client}uploads.test.ts › takes files from what somebody pastes or drops`]),
    "on disk or in S3": yes([`${server}file-store.test.ts › is looked into as a disk is, whatever is sent afterwards`]),
    "type by content": yes([`${server}abuse/uploads.test.ts › 71. Active uploads: what a page could run is refused whatever it is called, and nothing that is taken can run`]),
    "link preview": no("a server that fetches what users write is a door to the network behind it"),
    "voice messages": no("a recorded file can be sent as any other"),
  },
  "The widget": {
    "one tag": yes(["e2e/published.spec.ts › two visitors of the readme's ${script} chat, on what is published"]),
    "style isolation": yes(["packages/widget/src/on-a-page.browser.test.ts › looks the same whatever the page hands down"]),
    "launcher and inline": yes(["packages/widget/src/chat-widget.browser.test.ts › moves the focus into the box on opening and back to the launcher on Escape"]),
    "several on a page": yes(["packages/client/src/chat-client.test.ts › is one for everybody who takes it, and left by the last"]),
    "state survives re-render, move and route change": yes(["packages/widget/src/chat-widget.browser.test.ts › keeps a draft over closing, moving in the document and a page that sets everything again"]),
    "strict content security policy and Trusted Types": yes(["e2e/xss.spec.ts › ${kind}: shown as they were typed, as text, as name and as quote"]),
    "tabs share what is read and unsent": yes(["e2e/two-pages.spec.ts › two tabs of one visitor send together and show the same"]),
    "keyboard and screen reader": yes([`${element}message-list.browser.test.ts › walks through the messages with the keys, with one of them in the tab order`]),
    "nothing stored before it is opened": yes(["e2e/conversation.spec.ts › the launcher asks nothing of the server and stores nothing before it is opened"]),
    "consent before anything is stored": yes(["e2e/conversation.spec.ts › a visitor who is asked first has a chat that keeps nothing until they agree, and nothing when they take it back"]),
    "languages": partly("English and German", ["packages/widget/src/i18n/languages.test.ts › gives Intl a language it takes"]),
  },
  "For the application": {
    "types and validation at both ends": yes(["packages/client/src/connection/connection.test.ts › is checked before it is sent", `${server}abuse/fuzz.test.ts › every command's input, valid and changed in one place, is taken or refused as its schema says, seed %i`]),
    "AsyncAPI and JSON Schema": yes(["packages/protocol/test/docs.test.ts › docs/%s says what the sources say"]),
    "versions are negotiated": yes(["packages/client/src/connection/connection.test.ts › tell what the client speaks and who it is"]),
    "server API": yes([`${server}api.test.ts › does what the server's own code can do with messages`]),
    "HTTP API with OpenAPI": yes([`${server}api.test.ts › describes itself in OpenAPI`]),
    webhooks: yes([`${server}webhooks.test.ts › goes on where the server before it stopped, which does not wait for a receiver that hangs`]),
    "a page with nothing but WebSocket": yes(["e2e/plain-websocket.spec.ts › two pages that have nothing but WebSocket converse, and whoever comes later reads it"]),
    "a client in another language": yes(["examples/python/chat.test.js › converses with our own client, goes on after the server was away, and says nothing twice"]),
    "mounts on an existing HTTP server": yes(["packages/server/src/http/mount.test.ts › leaves everything that is not below its path to the application"]),
    "several nodes": yes(["e2e/cluster.spec.ts › visitors of both servers converse, one of which is killed, with nothing lost and nothing doubled"]),
    "events of its own, typed and validated at both ends": yes([`${client}app-events.test.ts › reaches everyone who listens, as the schema gives it, and is there for those who come later`, "e2e/examples.spec.ts › the poll counts everyone's votes and shows their cursors"]),
    "answers that grow while they are written": yes(["e2e/examples.spec.ts › the bot's answer grows on every screen, is kept when it is whole, and vanishes when its writer is killed", `${client}streaming.test.ts › a message that is being written ends the list, and becomes the message it is stored as without a moment between`]),
    "looks at text before it is stored": yes(["packages/server/src/policy/moderate.test.ts › lets through, changes or refuses what users write, for everybody and before it is stored"]),
  },
  "People and safety": {
    "guests who keep their name and history": yes(["e2e/conversation.spec.ts › a visitor keeps name and history over a reload"]),
    "a guest who signs in goes on as the account": yes([`${session}guest-becomes-account.test.ts › lets an account edit and delete what the guest wrote, and nobody else`]),
    "tokens renewed on a live connection, expiry enforced": yes([`${session}expiry.test.ts › tells when a token ends, does nothing for the user after that, and cuts the connection five seconds later`]),
    "revocation on every node": yes([`${server}cluster/revoke.test.ts › cuts a user who is revoked from every node at once, in the middle of a hundred messages, and lets them in no more`]),
    "roles and a table of permissions, replaceable": yes([`${server}members.test.ts › asks the application with the room and the member, which may open what is closed but lifts no mute`]),
    "private rooms and members": yes([`${server}members.test.ts › lets members and moderators into a private room, and nobody else`], notOnScreen),
    "direct rooms, invitations, rooms for a visitor and support": yes([`${server}members.test.ts › opens one private room for two, whoever of them asks, and not for guests`, `${server}members.test.ts › invites by a code as often as it says, until it says so, and nobody who is banned`, `${server}members.test.ts › opens a room for a visitor and those who moderate`], notOnScreen),
    "rooms of a user with what is unread": yes([`${server}members.test.ts › lists the rooms of a user with what they have not read, and how much of it mentions them`]),
    "lock, who may write, slow mode": yes([`${server}members.test.ts › makes those wait who wrote, in slow mode, and not those who moderate`, `${server}cluster/moderation.test.ts › locks a room and slows it down on every node`]),
    "mute, ban, kick, on every node": yes([`${server}cluster/moderation.test.ts › mutes on every node, and lets write again`, `${server}cluster/moderation.test.ts › puts out of the room on every node with %s, and tells nothing after it`]),
    "bans of the whole chat, of users and addresses": yes([`${server}abuse/moderation.test.ts › 29. Ban: cuts every connection of a user or an address, and lets none of them in again`]),
    "reports with a queue": yes([`${commands}report.test.ts › puts what is reported into the list of moderators, once, with the text as it was and everybody's word`], notOnScreen),
    "audit log": yes(["packages/server/src/chat-moderation.test.ts › notes every ban and its end, with the reason, and gives the newest first in pages"]),
    "shadow ban": no("every reader of a room has the same log"),
    "export of what is kept of a user": yes([`${server}privacy.test.ts › gives all that is kept of a user and of the guest they were, and nothing of others but their ids`]),
    "erasure of a user": yes([`${server}privacy.test.ts › leaves no text, name or picture of an erased user on any screen or anywhere in the store's files, and everybody else as they were`]),
    "logs that name nobody": yes([`${server}log-privacy.test.ts › says of users no more than their ids, over a whole story with everything that goes wrong in it`]),
    "limits by user, address, room and in all": yes([`${server}abuse/limits.test.ts › takes no more connections than it may in all, says when to come again, and has room when one is gone`]),
    "nobody is told what they may not know": yes([`${server}recipients.test.ts › sends nobody anything that is not on the list, nor of a room they may not read, whatever anybody asks`]),
    "messages are forgotten after a time, of the chat or of a room": yes([`${server}retention.test.ts › forgets what is older than it should be, for newcomers and for those who come back, while others have the room open`]),
  },
};
