/** Where a chat server's Socket.IO listens. */
export interface SocketAddress {
  /** Scheme, host and port. */
  origin: string;
  /** The path of the Socket.IO server. */
  path: string;
  namespace: string;
}
