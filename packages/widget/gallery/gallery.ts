import { defineChatWidget } from "../src/define-chat-widget.js";
import { ann, FakeClient, said } from "./fake-client.js";
import { scenes } from "./scenes.js";

// /?scene=conversation&mode=inline&dir=rtl&lang=de&scheme=dark&closed
const asked = new URLSearchParams(location.search);
const scene = scenes[asked.get("scene") ?? ""];
defineChatWidget();
document.documentElement.dir = asked.get("dir") ?? "ltr";
document.documentElement.lang = asked.get("lang") ?? "en";
document.documentElement.style.colorScheme = asked.get("scheme") ?? "";

if (scene === undefined) {
  const list = document.createElement("nav");
  for (const name of Object.keys(scenes)) {
    const link = document.createElement("a");
    link.href = `?scene=${name}`;
    link.textContent = name;
    list.append(link);
  }
  document.body.append(list);
} else {
  const widget = document.createElement("chat-widget");
  const client = new FakeClient();
  widget.client = client;
  widget.heading = "Fern & Fig";
  scene({ widget, client, room: client.room("lobby") });
  if (asked.get("mode") === "inline") widget.mode = "inline";
  document.body.append(widget);
  if (!asked.has("closed")) widget.show();
  else {
    widget.open = true;
    await widget.updateComplete;
    widget.open = false;
    for (const text of ["Are you still there?", "It arrived!"]) client.room("lobby").receive(said(ann, text));
  }
}
