import { ChatError, type Limits, type Message, type Profile, StreamPart } from "@chat-widget/protocol";
import { v7 as uuidv7 } from "uuid";
import type { Clock } from "./clock.js";
import { GrowingMessage, type MessageStream } from "./message-stream.js";
import type { OpenStreams } from "./open-streams.js";
import type { Rooms } from "./rooms/rooms.js";

/** A message to be written piece by piece. */
export interface StreamedMessage {
  /** Whom the message is from; need not be a user of the chat. */
  author: Profile;
  /** The id of the message it answers. */
  replyTo?: string;
  /** A UUID of version 7; made up when left out. */
  id?: string;
}

/** Messages of a room that grow while everyone reads them. */
export interface RoomStreaming {
  /** Begins a message that everyone sees grow as it is written, and that is stored when it is ended: for an answer that a program is still thinking of. */
  stream(message: StreamedMessage): Promise<MessageStream>;
  /** The same from whatever gives pieces of text one after the other. When that throws, what was written is stored as it stands, and this rejects with the same error. */
  streamFrom(pieces: AsyncIterable<string> | Iterable<string>, message: StreamedMessage): Promise<Message>;
}

interface Surroundings {
  /** @throws {ChatError} `unavailable` while there is no store */
  rooms: () => Promise<Rooms>;
  streams: OpenStreams;
  limits: Limits;
  clock: Clock;
}

/** The room as its messages are sent. */
interface Host {
  readonly id: string;
  send(message: StreamedMessage & { text: string }): Promise<Message>;
  message(messageId: string): Promise<Message | undefined>;
}

export function streamIn(host: Host, surroundings: Surroundings): RoomStreaming {
  const stream = (message: StreamedMessage): Promise<MessageStream> => begin(host, surroundings, message);
  return {
    stream,
    async streamFrom(pieces, message) {
      const growing = await stream(message);
      try {
        for await (const piece of pieces) growing.write(piece);
      } catch (error) {
        await growing.fail();
        throw error;
      }
      return growing.end();
    },
  };
}

async function begin(host: Host, { rooms, streams, limits, clock }: Surroundings, { id: given, ...message }: StreamedMessage): Promise<MessageStream> {
  const [id, spareId] = [given ?? uuidv7({ msecs: clock.now() }), uuidv7({ msecs: clock.now() })];
  const start = StreamPart.safeParse({ ...message, id, startedAt: clock.now(), offset: 0, text: "" });
  if (!start.success) throw new ChatError("invalid", "unable to stream a message; its author, its id or what it answers does not fit the contract");
  if (message.replyTo !== undefined && (await host.message(message.replyTo)) === undefined) throw new ChatError("not-found", "unable to stream a message; there is none by the id it answers");
  const room = (await rooms()).get(host.id);
  streams.check(host.id);
  const over = new AbortController();
  const stream: MessageStream = new GrowingMessage({
    id,
    textBytes: limits.textBytes,
    clock,
    tell: (delta) => room.streams.write(id, delta),
    store: (text) =>
      host.send({ ...message, text, id }).catch((error: unknown) => {
        // Everyone knows the id by now, and somebody may have used it to be in the way.
        if (given === undefined && ChatError.is(error) && error.code === "conflict") return host.send({ ...message, text, id: spareId });
        throw error;
      }),
    onOver: (stored) => {
      if (stored === undefined) room.streams.giveUp(id);
      else room.streams.stored(id);
      streams.delete(stream);
      over.abort();
    },
  });
  streams.add(stream, host.id);
  const { offset: _offset, text: _text, ...first } = start.data;
  room.streams.begin(first);
  void room.keep(() => new Promise<void>((resolve) => over.signal.addEventListener("abort", () => resolve())));
  return stream;
}
