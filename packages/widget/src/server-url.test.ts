import { expect, it } from "vitest";
import { rememberServerOf, serverUrl } from "./server-url.js";

const page = "https://www.example.com/shop/index.html";

it("takes a path, an address of its own and nothing at all", () => {
  expect(serverUrl("/chat", page)).toBe("https://www.example.com/chat");
  expect(serverUrl("https://chat.example.com/support", page)).toBe("https://chat.example.com/support");
  expect(serverUrl(undefined, page)).toBe("https://www.example.com/chat");
  expect(serverUrl("http://localhost:3000/chat", page)).toBe("http://localhost:3000/chat");
});

it.each(["javascript:alert(1)", "JAVASCRIPT:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "blob:https://a.example/1", "file:///chat", "http://chat.example.com/chat", "https://", "/".repeat(3_000)])(
  "refuses %j in a sentence",
  (server) => {
    expect(() => serverUrl(server, page)).toThrow(/^unable to connect; the attribute server=".*" is not/u);
  },
);

it("is by default where the script came from, when it is one of the server's", () => {
  rememberServerOf("https://www.example.com/assets/index-4f3a.js");
  expect(serverUrl(null, page)).toBe("https://www.example.com/chat");
  rememberServerOf("https://chat.example.com/support/widget.js?v=2");
  expect(serverUrl(null, page)).toBe("https://chat.example.com/support");
  rememberServerOf("https://other.example.com/chat/loader.js");
  expect(serverUrl(null, page)).toBe("https://other.example.com/chat");
});
