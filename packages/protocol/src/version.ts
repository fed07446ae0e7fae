/**
 * The version of the wire protocol, an integer of its own beside the npm version.
 * An addition keeps it (an older reader ignores what it does not know); a breaking change raises it by one,
 * and a server answers the version before as well for twelve months.
 */
export const protocolVersion = 1;

/** The versions this build can speak, newest first. */
export const supportedProtocolVersions: readonly number[] = [protocolVersion];
