import * as z from "zod/mini";
import { Epoch, Position, Profile, Receipt, RoomId, Seq, StreamPart, UserId, Whisper, WireEvent, eventSchemas } from "@chat-widget/protocol";

/** Names one node for as long as it runs. */
const NodeId = z.string().check(z.minLength(1), z.maxLength(64));
const count = () => z.int().check(z.nonnegative());

const schemasByType = new Map<string, z.core.$ZodType>(Object.entries(eventSchemas));

/** An event of a type that this version knows must fit it; one of a newer node is carried as it is. */
const NodeEvent = WireEvent.check(
  z.refine((event) => {
    const schema = schemasByType.get(event.type);
    return schema === undefined || z.safeParse(schema, event).success;
  }),
);

/** What the nodes of one chat tell each other. Any of it may be lost, late or doubled; nothing lasting depends on it. */
export const NodeMessage = z.discriminatedUnion("kind", [
  /** These events are committed. */
  z.object({ kind: z.literal("events"), roomId: RoomId, events: z.array(NodeEvent) }),
  /** The logs reach at least this far; said in place of events while nobody seems to listen. */
  z.object({ kind: z.literal("heads"), heads: z.array(z.object({ roomId: RoomId, seq: Seq })) }),
  /** Everyone who has the room open on the node that speaks, the first by name. A higher version is a later word. */
  z.object({ kind: z.literal("people"), roomId: RoomId, version: Position, count: count(), people: z.array(Profile) }),
  /** Say who has these rooms open: everybody, or the one node `of`. */
  z.object({ kind: z.literal("people-wanted"), roomIds: z.array(RoomId), of: z.optional(NodeId) }),
  /** Everyone who is typing on the node that speaks, the first by name. */
  z.object({ kind: z.literal("typing"), roomId: RoomId, users: z.array(Profile), count: count() }),
  /** The application's events that are only true now. */
  z.object({ kind: z.literal("whispers"), roomId: RoomId, whispers: z.array(Whisper) }),
  /** Parts of messages that are being written on the node that speaks. */
  z.object({ kind: z.literal("streams"), roomId: RoomId, parts: z.array(StreamPart) }),
  /** Say what is being written in this room, from the beginning. */
  z.object({ kind: z.literal("streams-wanted"), roomId: RoomId }),
  /** Read positions that moved and are stored. */
  z.object({ kind: z.literal("receipts"), roomId: RoomId, receipts: z.array(Receipt) }),
  /** I am here, with these rooms and the versions of their people. Said every few seconds. */
  z.object({ kind: z.literal("probe"), rooms: z.array(z.tuple([RoomId, Position])) }),
  /** Records that every node holds in memory have changed. */
  z.object({ kind: z.literal("records"), collection: z.string().check(z.maxLength(64)) }),
  /** A message of this room was reported. */
  z.object({ kind: z.literal("reported"), roomId: RoomId }),
  /** The application wants every connection of a user ended. */
  z.object({ kind: z.literal("disconnect"), userId: UserId }),
  /** What a user wrote and what is known of them is being erased: what is remembered of it has to be read anew. */
  z.object({ kind: z.literal("erased"), userId: UserId }),
  /** I am going. */
  z.object({ kind: z.literal("goodbye") }),
]);
export type NodeMessage = z.infer<typeof NodeMessage>;

/** Messages of one node that travel together. */
export const Envelope = z.object({
  /** Raised when an old node would misread a new one; unknown kinds of message and unknown keys are just ignored. */
  version: z.literal(1),
  nodeId: NodeId,
  /** Counts the node's envelopes from 1, so that others notice a lost one. */
  number: Seq,
  /** The store of the node; those of another store are another chat. */
  epoch: Epoch,
  messages: z.array(z.unknown()),
});
export type Envelope = z.infer<typeof Envelope>;

/** Tells the other nodes. Returns at once and never throws. */
export type Tell = (message: NodeMessage) => void;
