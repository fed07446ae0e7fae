/** As long as many messages of a chat are. */
const text = "The quick brown fox jumps over the lazy dog, and the dog, which has seen it all before, does not mind.";

/** How a chat is spoken to; the events as they stand in JSON. */
export const dialects = {
  ours: {
    path: "/chat/socket.io",
    handshake: () => ({ protocol: [1] }),
    join: (room) => `["room:join",{"roomId":"${room}"}]`,
    send: (room, id) => `["message:send",{"roomId":"${room}","id":"${id}","text":"${text}"}]`,
    refusal: '[{"ok":false',
  },
  plain: {
    path: "/socket.io",
    handshake: (room) => ({ room }),
    send: (room, id) => `["chat message","${text}","${id}"]`,
    refusal: '["',
  },
};
