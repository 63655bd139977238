/** Frames on a socket between a kiosk and the hub: a length, a type, and bytes. */
import type { Socket } from "node:net";

/** - hello, report: JSON. - packet: the other kiosk's place, then the packet. - kept: a ballot. - up, down: a place. */
export const FRAMES = ["hello", "report", "packet", "kept", "up", "down", "rest"] as const;
export type FrameType = (typeof FRAMES)[number];

const HEAD_SIZE = 5;

export function writeFrame(socket: Socket, type: FrameType, ...parts: readonly Uint8Array[]): void {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  const head = Buffer.alloc(HEAD_SIZE);
  head.writeUInt32LE(size);
  head[HEAD_SIZE - 1] = FRAMES.indexOf(type);
  if (!socket.destroyed) socket.write(Buffer.concat([head, ...parts]));
}

/** The bytes of each are the reader's. */
export function readFrames(socket: Socket, on: (type: FrameType, bytes: Uint8Array) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (more) => {
    rest = rest.length === 0 ? Buffer.from(more) : Buffer.concat([rest, Buffer.from(more)]);
    for (;;) {
      if (rest.length < HEAD_SIZE) return;
      const end = HEAD_SIZE + rest.readUInt32LE();
      if (rest.length < end) return;
      on(FRAMES[rest[HEAD_SIZE - 1]!]!, new Uint8Array(rest.subarray(HEAD_SIZE, end)));
      rest = rest.subarray(end);
    }
  });
}
