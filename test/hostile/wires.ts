/** Links between processes without radios: a socket each, and whoever is at its other end says its key. For many rolls on a machine
 * that has no time for twenty-one boards. */
import { connect, createServer, type Server, type Socket } from "node:net";
import type { LinkName, OpenTransport } from "../../host/node/transport.ts";
import { assert } from "../../protocol/core/assert.ts";

const HEAD_SIZE = 2;
const AGAIN_MS = 200;
/** What a machine under load may keep waiting to be written, before the mesh is told to hold back. */
const UNWRITTEN_MAX = 65_536;

/** It listens at `own`, and opens links to `others`, paths both. */
export function wires(key: Uint8Array, own: string, others: readonly string[]): OpenTransport {
  return (listener) => {
    const ends = new Map<LinkName, Socket>();
    let last = 0;
    let isClosed = false;
    const meet = (socket: Socket, onGone: () => void): void => {
      let heard = Buffer.alloc(0);
      let link: LinkName | undefined;
      socket.setNoDelay(true);
      socket.write(framed(key));
      socket.on("data", (bytes) => {
        heard = Buffer.concat([heard, bytes]);
        while (heard.length >= HEAD_SIZE && heard.length >= HEAD_SIZE + heard.readUInt16BE(0)) {
          const end = HEAD_SIZE + heard.readUInt16BE(0);
          const packet = new Uint8Array(heard.subarray(HEAD_SIZE, end));
          heard = heard.subarray(end);
          if (link === undefined) {
            link = ++last;
            ends.set(link, socket);
            listener.onUp(link, packet);
          } else listener.onPacket(link, packet);
        }
      });
      // Whoever is gone closes it as well.
      socket.on("error", () => {});
      socket.on("close", () => {
        if (link !== undefined && ends.delete(link)) listener.onDown(link);
        onGone();
      });
    };
    const open = (path: string): void => {
      const again = (): void => {
        if (!isClosed) setTimeout(() => open(path), AGAIN_MS);
      };
      meet(connect(path), again);
    };
    const server: Server = createServer((socket) => meet(socket, () => {})).listen(own);
    for (const path of others) open(path);
    return {
      send(link, _class, packet, token) {
        const socket = ends.get(link);
        assert(packet.length < 1 << (8 * HEAD_SIZE), "a packet fits its frame");
        if (socket === undefined) return;
        const settle = (error?: Error | null): void => {
          if (ends.has(link)) listener.onSettled(token, error ? "unknown" : "sent");
        };
        if (socket.writableLength > UNWRITTEN_MAX) socket.once("drain", () => socket.write(framed(packet), settle));
        else socket.write(framed(packet), settle);
      },
      drop: (link) => ends.get(link)?.destroy(),
      close() {
        isClosed = true;
        server.close();
        for (const socket of ends.values()) socket.destroy();
      },
    };
  };
}

function framed(packet: Uint8Array): Buffer {
  const frame = Buffer.alloc(HEAD_SIZE + packet.length);
  frame.writeUInt16BE(packet.length, 0);
  frame.set(packet, HEAD_SIZE);
  return frame;
}
