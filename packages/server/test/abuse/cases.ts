/** Something hostile that is done to a chat, and where it is shown that nothing comes of it. */
export interface AbuseCase {
  priority: "P0" | "P1" | "P2";
  title: string;
  /** Each as "file › name of the test", the name as it stands in the source. */
  tests: readonly string[];
  /** What is not shown there, or why nothing is. */
  note?: string;
  /** The feature that has to be there first. */
  awaits?: string;
}

const abuse = "packages/server/test/abuse";
const transport = `${abuse}/transport.test.ts › `;
const sessions = `${abuse}/sessions.test.ts › `;
const limits = `${abuse}/limits.test.ts › `;
const jwt = "packages/server/src/session/jwt-authentication.test.ts › ";
const expiry = "packages/server/src/session/expiry.test.ts › ";
const revoke = "packages/server/test/cluster/revoke.test.ts › ";
const delivery = `${abuse}/delivery.test.ts › `;
const moderation = `${abuse}/moderation.test.ts › `;
const messages = `${abuse}/messages.test.ts › `;
const uploads = `${abuse}/uploads.test.ts › `;
const operations = `${abuse}/operations.test.ts › `;
const xss = "e2e/xss.spec.ts › ";
const embedding = "e2e/embedding.spec.ts › ";
const recipients = "packages/server/test/recipients.test.ts › sends nobody anything that is not on the list, nor of a room they may not read, whatever anybody asks";

const p0 = (title: string, tests: readonly string[], rest: Partial<AbuseCase> = {}): AbuseCase => ({ priority: "P0", title, tests, ...rest });
const p1 = (title: string, tests: readonly string[], rest: Partial<AbuseCase> = {}): AbuseCase => ({ ...p0(title, tests, rest), priority: "P1" });
const p2 = (title: string, tests: readonly string[], rest: Partial<AbuseCase> = {}): AbuseCase => ({ ...p0(title, tests, rest), priority: "P2" });

/** By number; numbers that are missing were merged into others before the tests were written. */
export const abuseCases: Readonly<Record<number, AbuseCase>> = {
  1: p0("a page of another origin, with the visitor's cookie", [`${transport}1. CSWSH: refuses a page of another origin that brings the visitor's cookie, and asks nobody who that is`, "e2e/hostile.spec.ts › a page of another origin that uses every way a browser has gets nothing with the visitor's cookie, and nobody is asked who that is"]),
  2: p0("origins that look like an allowed one", [`${transport}2. Origin look-alikes: takes the exact origin and nothing that looks like it`, "packages/server/src/http/origin.test.ts › does not take %j for an allowed origin"]),
  3: p0("JSONP, by a script and by a form", [`${transport}3. JSONP: answers no script and no form, whatever \`j\` is`, "e2e/hostile.spec.ts › a page of another origin that uses every way a browser has gets nothing with the visitor's cookie, and nobody is asked who that is"]),
  4: p0("no origin at all", [`${transport}4. Missing Origin: believes a request with cookies only when the browser says no other site asks`]),
  5: p0("options that are dangerous", [`${transport}5. Startup misconfiguration: does not start with what is dangerous, and says why`, "packages/server/src/resolve-options.test.ts › does not let everyone in in production unless told so"]),
  9: p0("more bytes than fit", [`${transport}9. Oversize: refuses what is larger than the limit, however it says how large it is`, `${uploads}9. Oversize, lies and silence: no more than was announced is taken, and who stops half-way leaves nothing in the way`]),
  10: p0("thousands of packets in one request", [`${transport}10. Packet bomb: hands no more of one request to handlers than a connection may send`]),
  11: p1("slow headers, slow bodies, slow reading", [`${transport}11. Slow headers, slow body, slow read: two hundred of them hold up nobody`], { note: "the requests themselves end with the HTTP server's own timeouts" }),
  12: p0("a client that never says who it is", [`${transport}12. Silent client: closes a connection that never says who it is`]),
  13: p0("more connections than one may have", [`${transport}13. Connection caps: makes up no more guests for one address than it may`, `${limits}takes no more connections than it may in all, says when to come again, and has room when one is gone`, `${limits}counts rightly over thousands that come and go, a hundred at a time, where seven may`, `${limits}refuses the newest connection of a user who has as many as they may, and nobody else`]),
  14: p0("addresses that are made up", [`${transport}14. IP spoofing: takes no address from whoever asks`]),
  15: p0("a thousand CONNECTs on one connection", [`${transport}15. CONNECT flood: asks the application once and closes the connection`]),
  17: p0("floods of packets that say nothing", [`${transport}17. Control-packet flood: closes a connection that sends ten thousand of %s`]),
  19: p1("frames that no client makes", [`${transport}19. Bad frames: closes a connection that sends a frame %s`, `${transport}19. Bad frames: survives what is no frame at all`]),
  21: p2("compression", [`${transport}21. Deflate: does not agree to compress`]),
  24: p0("no credentials", [`${sessions}24. No credentials: says \`unauthenticated\` and nothing else`]),
  25: p0("credentials of any type", [`${sessions}25. Auth payload types: the application sees a text or nothing`]),
  26: p0("forged tokens", [`${sessions}26. JWT table: takes no guest token but one it signed, and fetches no key that a token names`, `${jwt}refuses a token with %s`, `${jwt}does not take a public key for a secret`, `${jwt}asks for keys only where the application says they are`]),
  27: p0("an `authenticate` that misbehaves", [`${sessions}27. authenticate misbehaves: refuses when it %s, and tells nothing of why`, `${sessions}27. authenticate misbehaves: gives up on one that never answers`]),
  28: p0("a token that ends while connected", [`${expiry}tells when a token ends, does nothing for the user after that, and cuts the connection five seconds later`, `${expiry}refuses the token of somebody else, and ends the connection that was theirs who were here before`, "packages/client/src/connection/renewal.test.ts › shows a new token a minute before the old one ends, by the server's clock, and again before that ends"]),
  29: p0("sign-out and ban", [`${sessions}29. Revoke: ends every connection of a user at once, and asks anew who comes back`, "packages/server/test/cluster/told.test.ts › disconnects a user from every node", `${revoke}cuts a user who is revoked from every node at once, in the middle of a hundred messages, and lets them in no more`, `${revoke}sends nothing of what waits for a user who is revoked`, `${revoke}refuses tokens that were made before a revocation, and takes those made after it`, `${moderation}29. Ban: cuts every connection of a user or an address, and lets none of them in again`, "packages/server/test/cluster/bans.test.ts › keeps a banned user out of every node, from open connections on, until it is lifted"]),
  31: p0("somebody else's place in the log", [`${sessions}31. Resume theft: a cursor of somebody else opens nothing`]),
  33: p1("a token in an address", [`${sessions}33. Token in URL: is not taken, and not logged`]),
  34: p0("fields that only the server writes", [`${sessions}34. Forged server fields: refuses them, and says itself who, when and where`]),
  36: p0("rooms that one has not joined, or may not", [`${delivery}36. A room not joined: answers nothing about it, and the same whether it exists or not`, `${delivery}36. A room that is not theirs: cannot be joined, whether it exists or not`, `${delivery}36. A room not joined: is not searched, also not beside one that is open, nor by a cursor into it`, "packages/server/test/abuse/rooms.test.ts › 36. A private room: answers nothing about itself, the same as one that nobody made"]),
  37: p0("guessing ids", [`${delivery}37. Guessable ids: a thousand neighbours of an id give nothing, and cannot be asked on for long`]),
  38: p0("messages of others", [`${delivery}38. Others' messages: only their author edits them, only they and moderators delete them`, `${moderation}38. Others' messages: whoever moderates deletes them and is on record, for moderators alone`]),
  39: p0("a member who was removed", [`${delivery}39. Removed member: hears nothing that was said after they were removed`, "packages/server/test/lost-rights.test.ts › tells a banned user nothing more of the room when they %s", "packages/server/test/cluster/members.test.ts › 39. A removed member hears nothing from their removal on, on another node and while a hundred messages are on their way", recipients, `${moderation}39. Removed member: hears nothing from the moment on that they are put out, of what is said, typed or read`, "packages/server/test/cluster/moderation.test.ts › puts out of the room on every node with %s, and tells nothing after it"]),
  41: p0("files of others", [`${uploads}41. Attachment IDOR: nobody sends or reads what is somebody else's, and what may not be read looks like what is not there`]),
  42: p0("made-up event names", [`${delivery}42. Event-name spoofing: nobody hears %j from a client, and who sends it three times is cut off`]),
  43: p0("giving oneself a role", [`${delivery}43. Mass assignment: nobody gives themselves a role or another id`]),
  45: p0("fields that are nobody's business", [`${delivery}45. Per-recipient projection: nothing leaves the server but what the contract names`, recipients, `${moderation}45. Per-recipient projection: nobody but moderators hears who reported what, why somebody was muted, or what was flagged`]),
  46: p1("who is there, for those who are not", [`${delivery}46. Presence: only those in a room hear who is there`, `${delivery}46. Search: is for the application to allow, room by room and again each time`, "packages/server/test/abuse/rooms.test.ts › 46. Members: are listed to those who may read the room, rooms only to those who belong to them", "packages/server/test/abuse/rooms.test.ts › 46. Direct rooms and invitations: cannot be made without end", recipients]),
  47: p1("a moderator elsewhere", [`${delivery}47. Moderator boundaries: the application's rules say where a moderator is one`, "packages/server/test/abuse/rooms.test.ts › 47. Moderator boundaries: of one room, is nobody in another, above nobody of their kind, and makes nobody more of themselves", `${moderation}47. Moderator boundaries: whoever moderates one room has no say in another, nor over their equals, nor over themselves`]),
  49: p0("acknowledgements that are none", [`${messages}49. Ack abuse: survives %s, and closes a connection that goes on so`]),
  50: p0("answers to what was never asked", [`${messages}50. Server-ack abuse: takes no notice of an answer to what it never asked: %.20s`]),
  51: p0("prototypes in place of fields", [`${messages}51. Prototype pollution: refuses a prototype in place of a field, wherever it stands`]),
  53: p0("wide and deep input", [`${messages}53. Width: answers %s with at most a kilobyte`]),
  54: p0("numbers that no place has", [`${messages}54. Numbers: refuses those that no place or page has`]),
  55: p0("texts that cannot be stored", [`${messages}55. Strings: stores what can be stored and gives it back the same`]),
  57: p0("texts that are slow to read", [`${messages}57. ReDoS: nobody waits for a text of nothing but %j`, "packages/protocol/src/text/steps.test.ts › takes no more than in proportion for %j said four times as often"]),
  58: p0("the same id again", [`${messages}58. Replay: one id is one message, whoever sends it again and whatever it says then`]),
  59: p0("floods of commands", [`${messages}59. Rate floods: says how long to wait, for each kind of command`, `${limits}of one room stop neither another room nor the reading of that one`, `${limits}of one address stop nobody of another, however many guests it makes up`]),
  60: p0("who does not read", [`${messages}60. Slow consumer: is cut off, and what waited for it is forgotten`]),
  62: p1("coming and going", [`${messages}62. Flapping: who comes and goes a thousand times is told of a few times`]),
  63: p0("operators in place of texts", [`${messages}63. Operator injection: takes texts for texts`, `${messages}63. Operator injection: takes what is searched for literally, and markup for nothing`]),
  64: p0("a store that fails", [`${messages}64. Storage failures: says \`unavailable\` without a reason, tells nobody of what was not stored, and goes on`, "packages/server/test/careless-store.test.ts › closes although its store never does"]),
  65: p1("everybody comes back at once", ["packages/server/test/join.test.ts › reads the store as often for three hundred who come back after a restart as for three", "packages/client/src/connection/connection.test.ts › is spread by chance"]),
  66: p0("programs in the text of a message", [`${xss}\${kind}: shown as they were typed, as text, as name and as quote`, `${xss}hostile texts between the marks of the format: as dead as without`, "e2e/webkit.spec.ts › hostile texts are shown as they were typed, under the strictest policy"]),
  67: p0("programs in every other text there is", [`${xss}what a visitor writes and is called: in the box, while it is on its way, when it is refused, while others see them type`, `${xss}the page's own words: the translation, the heading and the room may say anything`, `${xss}a server that is hostile itself: reactions, pictures, people and the reasons of errors are shown as texts`, "packages/widget/src/elements/message-list.browser.test.ts › shows hostile text as it was typed, in every place a text can be"]),
  68: p0("addresses that run", [`${xss}\${kind}: shown as they were typed, as text, as name and as quote`, "packages/protocol/src/text/link.test.ts › leaves %j as text"]),
  69: p0("addresses that break out of their attribute", [`${xss}\${kind}: shown as they were typed, as text, as name and as quote`]),
  71: p0("files that run", [`${uploads}71. Active uploads: what a page could run is refused whatever it is called, and nothing that is taken can run`]),
  73: p1("files that grow", [`${uploads}73. Image and file bombs: pixels are counted before anything is decoded, broken pictures refused, and what a camera wrote is gone`, "packages/server/src/uploads/inspect.test.ts › comes to an end with files that are broken anywhere, and so does the look at them"], { note: "frames of a film or a GIF are not counted; their bytes are" }),
  75: p1("addresses for the server to fetch", [`${messages}75. Link previews: asks no address that a text, a name or a picture says`]),
  76: p1("text that turns around what is beside it", ["packages/widget/src/elements/message-list.browser.test.ts › isolates the direction of names and texts from what is around them", "packages/protocol/src/primitives.test.ts › takes the name %j"]),
  78: p0("names that one cannot see", ["packages/protocol/src/primitives.test.ts › refuses the name %j", "packages/server/src/session/guest-identity.test.ts › cleans the name a guest brings"], { note: "two people may have one name" }),
  80: p0("scripts and emoji that must not be harmed", [`${messages}55. Strings: stores what can be stored and gives it back the same`, "packages/protocol/src/primitives.test.ts › takes a text with %s"]),
  82: p0("a strict policy with Trusted Types", [`${xss}\${kind}: shown as they were typed, as text, as name and as quote`, "e2e/conversation.spec.ts › the page loads nothing from elsewhere, breaks no rule of its policy and logs no error", "e2e/origins.spec.ts › a page of an allowed origin chats, under a policy that allows nothing else"]),
  83: p0("messages between windows", [`${embedding}83. Messages between windows: the widget neither sends nor hears any`]),
  84: p1("hostile attributes", [`${embedding}84. Hostile attributes: asks no server that is none, and says so`, "packages/widget/src/server-url.test.ts › takes a path, an address of its own and nothing at all"]),
  85: p1("styles of others", [`${embedding}85. Styles of others: nothing that a user is called or writes becomes a style`]),
  86: p0("what is kept in the browser", [`${embedding}86. Storage: keeps no token of an account, and believes nothing that was tampered with`, "e2e/conversation.spec.ts › the launcher asks nothing of the server and stores nothing before it is opened"], { note: "the token of a guest is kept in IndexedDB" }),
  87: p1("notifications", [`${embedding}87. Notifications: none is asked for or shown`]),
  88: p2("a click in the wrong place", ["packages/widget/src/elements/message-actions.browser.test.ts › deletes only after a second step, in which the harmless answer has the focus"]),
  89: p1("junk from other servers", [`${operations}89. Adapter poison: takes nothing from other nodes that it cannot read`, "packages/server/src/nodes/nodes.test.ts › hears what it understands and ignores the rest"]),
  90: p0("admin pages, metrics, health", [`${operations}90. Admin, metrics, health: there is no such thing but health, which says no more than whether all is well`]),
  91: p0("lines forged in the log", [`${operations}91. Log injection: no name, header or token makes a line of its own or shows in one`]),
  92: p1("metrics that grow with users", [`${operations}92. Metrics: what a server says of itself grows with nobody`]),
  93: p1("receivers of webhooks", [`${operations}93. Webhooks: follows nobody elsewhere, reads no endless answer, and says no secret`, "packages/server/test/webhooks.test.ts › tells what happens in each room, in order, signed"], { note: "the server tells webhooks and takes none; the application names their addresses" }),
  94: p0("export and erasure", [
    "packages/server/test/privacy.test.ts › gives all that is kept of a user and of the guest they were, and nothing of others but their ids",
    "packages/server/test/privacy.test.ts › leaves no text, name or picture of an erased user on any screen or anywhere in the store's files, and everybody else as they were",
    "packages/server/test/privacy.test.ts › gives the files of a user, used or not, and removes them with the user",
    "packages/server/test/privacy.test.ts › gives what a user reported and what of theirs was, and keeps none of their words when they are erased",
    "packages/server/test/privacy.test.ts › goes on with what another server left undone",
    "packages/server/test/retention.test.ts › forgets what is older than it should be, for newcomers and for those who come back, while others have the room open",
    "packages/server/test/log-privacy.test.ts › says of users no more than their ids, over a whole story with everything that goes wrong in it",
  ]),
  95: p0("versions with known holes", [`${operations}95. Dependency floors: %s is at least %s`], { note: "what is in a package is looked at by scripts/check-packages.mjs" }),
};
