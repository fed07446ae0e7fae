import { expect, it } from "vitest";
import { resolveOptions, type ChatClientOptions } from "./options.js";

it.each<[string, ChatClientOptions, RegExp]>([
  ["no address", {}, /"\/chat" is no address.*give all of it/],
  ["a path", { url: "/chat" }, /give all of it, as in "https:\/\/www\.example\.com\/chat"/],
  ["another scheme", { url: "ws://example.com/chat" }, /is no address/],
  ["nonsense", { url: "http://" }, /is no address/],
  // As a page without types may.
  ["a token that is not asked for", JSON.parse('{"url":"https://example.com","getToken":"secret"}'), /getToken is a function/],
  ["a name that is none", JSON.parse('{"url":"https://example.com","guestName":7}'), /guestName is a string/],
  ["chance that is none", JSON.parse('{"url":"https://example.com","random":0.5}'), /random is a function/],
])("says how to mend %s", (_what, options, sentence) => {
  expect(() => resolveOptions(options)).toThrow(expect.objectContaining({ code: "invalid", message: expect.stringMatching(sentence) }));
});

it.each([
  ["https://example.com/chat", "https://example.com/chat"],
  ["https://example.com/chat/?a#b", "https://example.com/chat"],
  ["https://example.com", "https://example.com"],
  ["HTTPS://Example.com:443/chat//", "https://example.com/chat"],
])("names the server of %s in storage", (url, server) => {
  expect(resolveOptions({ url }).server).toBe(server);
  expect(resolveOptions({ url: new URL(url) }).server).toBe(server);
});
