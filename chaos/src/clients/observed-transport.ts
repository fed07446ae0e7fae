import type { Link, Transport, TransportListener } from "@chat-widget/client";
import { contentDigest } from "../history/digest.ts";
import type { Note } from "../history/history.ts";
import type { Heard } from "../history/record.ts";
import type { Random } from "../random.ts";
import { PushFaults, type TransportFaults } from "./push-faults.ts";
import { askedAfterShape, pushShape, replyShape, writesShape, type WireEvents } from "./wire-shapes.ts";

interface Observer {
  note: Note;
  random: Random;
  faults: Readonly<TransportFaults>;
}

/** A transport that notes everything of a log that passes, and does to it what it is told. */
export function observedTransport(inner: Transport, { note, random, faults }: Observer): Transport {
  return {
    connect(handshake, listener) {
      const pushes = new PushFaults(faults, random, (payload) => {
        const { roomId, epoch, events } = pushShape.parse(payload);
        hear(note, roomId, epoch, events);
        listener.onEvent("room:events", payload);
      });
      const end = once(() => {
        pushes.close();
        note({ kind: "link", isUp: false });
      });
      const link = inner.connect(handshake, heardBy(note, listener, pushes, end));
      return observedLink(link, note, () => (faults.isRepeating ? Math.floor(random() * 3) : 0), end);
    },
  };
}

function heardBy(note: Note, listener: TransportListener, pushes: PushFaults, end: () => void): TransportListener {
  return {
    onEvent(name, payload) {
      if (name === "session:ready") note({ kind: "link", isUp: true });
      if (name === "room:events") pushes.push(payload);
      else listener.onEvent(name, payload);
    },
    onClose(error) {
      end();
      listener.onClose(error);
    },
  };
}

function observedLink(link: Link, note: Note, repeats: () => number, end: () => void): Link {
  const request: Link["request"] = async (name, input, timeoutMs) => {
    const answer = await link.request(name, input, timeoutMs);
    noteAnswer(note, name, input, answer);
    return answer;
  };
  return {
    request(name, input, timeoutMs) {
      if (name === "room:write") for (let count = repeats(); count > 0; count--) request(name, input, timeoutMs).catch(() => undefined);
      return request(name, input, timeoutMs);
    },
    close() {
      end();
      link.close();
    },
  };
}

function noteAnswer(note: Note, name: string, input: unknown, answer: unknown): void {
  const reply = replyShape.parse(answer);
  if (!reply.ok) return;
  if (name === "room:write") {
    const { roomId, writes } = writesShape.parse(input);
    for (const [index, result] of reply.data.results?.entries() ?? []) {
      const id = writes[index]?.input.id;
      const seq = result.data?.event?.seq;
      if (id !== undefined && result.ok) note({ kind: "ack", room: roomId, id, ...(seq !== undefined && { seq }) });
    }
  }
  const catchUp = name === "room:join" ? reply.data.catchUp : name === "room:sync" ? reply.data : undefined;
  if (catchUp?.epoch === undefined) return;
  const { roomId, after } = askedAfterShape.parse(input);
  if (catchUp.kind === "events") hear(note, roomId, catchUp.epoch, catchUp.events ?? []);
  else if (after !== undefined) note({ kind: "reset", room: roomId, reason: catchUp.reason ?? "", after: after.seq, head: catchUp.head ?? 0 });
}

function hear(note: Note, room: string, epoch: string, events: WireEvents): void {
  if (events.length > 0) note({ kind: "hear", room, epoch, events: events.map((event): Heard => [event.seq, event.id, contentDigest(event)]) });
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) run();
    isDone = true;
  };
}
