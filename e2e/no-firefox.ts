import { test } from "@playwright/test";

test.skip("a conversation, hostile texts and the page around in Firefox: there is none; install it (Debian: apt-get install firefox-esr), or say where it is with FIREFOX_PATH", () => undefined);
