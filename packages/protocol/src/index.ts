export { protocolVersion, supportedProtocolVersions } from "./version.js";
export { CommandId, DisplayName, Emoji, Epoch, FileName, PictureUrl, Position, RoomId, Seq, Text, Timestamp, UserId } from "./primitives.js";
export { Limits, defaultLimits, signalTiming } from "./limits.js";
export { errorCodes, type ErrorCode, type Retry } from "./error-codes.js";
export { ChatError, WireError, chatErrorFrom } from "./chat-error.js";
export { Profile, Role, User } from "./user.js";
export { Attachment } from "./attachment.js";
export { Message, Reaction, Receipt, ThreadSummary } from "./message.js";
export { CatchUp, Cursor, Joined, MessagePage, Permission, Presence } from "./room.js";
export { Member, RoomSettings, defaultRoomSettings } from "./room-settings.js";
export { Handshake, Identity, SessionReady } from "./session.js";
export { moderationCommands } from "./moderation-commands.js";
export { AuditEntry, Complaint, Report, ReportAction, ReportReason } from "./moderation.js";
export { RoomEvent, RoomEvents, WireEvent, eventSchemas, type EventType } from "./event.js";
export { parseEvent, type ParsedEvent } from "./parse-event.js";
export { applyEvent, isAmong, messageIdOf, messageIdsOf } from "./apply-event.js";
export { pinCommands } from "./pin-command.js";
export { StructuredData } from "./structured-data.js";
export { threadCommands } from "./thread-command.js";
export { Version, versionCommands } from "./version-command.js";
export { EventName } from "./app-event.js";
export { Whisper, Whispered } from "./whisper.js";
export { MessageStreaming, StreamPart, streamTiming, withPart } from "./stream.js";
export { streamCommands } from "./stream-command.js";
export { eventCommands } from "./event-command.js";
export { defineEvents, type DurableName, type EventData, type EventDefinition, type EventDefinitions, type EventInput, type FleetingName, type NoEvents, type ServerName } from "./define-events.js";
export { definitionOf, mistakeInEvents, readEventData } from "./read-event-data.js";
export { GoingAway, RoomHeads, RoomPermissions, coreServerEvents, serverEvents, signals, type CoreServerEventName, type ServerEvent, type ServerEventName, type Signal, type SignalName } from "./signal.js";
export { Refusal, ReplyEnvelope } from "./reply.js";
export { uploadCommands } from "./upload-command.js";
export { ListedRoom, RoomPatch, roomCommands } from "./room-commands.js";
export { Write, WriteResult, Written, writeCommands, type WriteCommandName } from "./write-command.js";
export { SearchCursor, SearchResult, TextRange, searchCommands } from "./search-command.js";
export {
  commands,
  coreCommands,
  type CommandInput,
  type CommandName,
  type CommandOutput,
  type Commands,
  type CoreCommandName,
  type Reply,
} from "./command.js";
export type { ClientToServerEvents, ServerToClientEvents } from "./event-maps.js";
