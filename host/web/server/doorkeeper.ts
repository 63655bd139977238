/** Who has come in: as many connections as there is room for, and of one address from elsewhere only some of these. Whoever comes
 * when it is full is told so, while there are few of them. */
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { REFUSED_WITHIN_MS, SOCKETS_MAX, SOCKETS_PER_ADDRESS_MAX, SOCKETS_REFUSED_MAX } from "./limits.ts";
import { isLoopback } from "./origin.ts";

export interface Doorkeeper {
  readonly open: Set<Socket>;
  readonly mayAsk: (socket: Socket) => boolean;
  /** Turned away since the server began: told why, and without a word. */
  readonly turnedAway: { told: number; dropped: number };
}

export function keepDoor(server: Server): Doorkeeper {
  const open = new Set<Socket>();
  const refused = new WeakSet<Socket>();
  const turnedAway = { told: 0, dropped: 0 };
  server.maxConnections = SOCKETS_MAX + SOCKETS_REFUSED_MAX;
  server.on("drop", () => {
    turnedAway.dropped += 1;
  });
  server.on("connection", (socket: Socket) => {
    // Whoever goes in the middle of an answer is gone, and no more.
    socket.on("error", () => socket.destroy());
    if (hasRoom(open, addressOf(socket))) {
      open.add(socket);
      socket.once("close", () => open.delete(socket));
      return;
    }
    refused.add(socket);
    turnedAway.told += 1;
    const timer = setTimeout(() => socket.destroy(), REFUSED_WITHIN_MS);
    socket.once("close", () => clearTimeout(timer));
  });
  return { open, turnedAway, mayAsk: (socket) => !refused.has(socket) };
}

/** All of this machine's are one. */
export function addressOf({ remoteAddress = "" }: Socket): string {
  return isLoopback(remoteAddress) ? "127.0.0.1" : remoteAddress;
}

function hasRoom(open: ReadonlySet<Socket>, address: string): boolean {
  if (open.size >= SOCKETS_MAX) return false;
  if (isLoopback(address)) return true;
  let same = 0;
  for (const socket of open) if (addressOf(socket) === address) same += 1;
  return same < SOCKETS_PER_ADDRESS_MAX;
}
