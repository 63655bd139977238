/** A virtual board behind a socket, on this machine alone: its bytes, nothing around them. Who connects has the port open;
 * a second one is turned away, as from a serial port. */
import { existsSync, lstatSync, unlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Clock } from "./clock.ts";
import { deviceOf, type Front, type FrontListener, type OpenedFront, type Place, pour } from "./front.ts";

/** A host that closes and opens at once is met before its first end is known to be over. */
const TURN_AWAY_AFTER_MS = 100;
/** Of the path in a socket's address, with its zero (Linux). */
const PATH_SIZE_MAX = 107;

type SocketPlace = Exclude<Place, { type: "pty" }>;

export async function openSocketFront(place: SocketPlace, listener: FrontListener, clock: Clock): Promise<OpenedFront> {
  const trouble = place.type === "unix" ? await clear(place.path) : undefined;
  if (trouble !== undefined) return { ok: false, ...trouble };
  const line = new Line(listener, clock);
  const server = createServer({ noDelay: true }, (socket) => line.meet(socket));
  const why = await listen(server, place);
  if (why !== undefined) {
    const next = place.type === "tcp" ? "choose another port, or 0 for any" : "choose another folder";
    return { ok: false, why: `listening at ${deviceOf(place)}: ${why}`, next };
  }
  server.on("error", (error) => listener.onFault(`listening at ${deviceOf(place)}: ${error.message}`));
  const address = server.address();
  const bound = place.type === "tcp" && address !== null && typeof address === "object" ? address.port : undefined;
  return { ok: true, front: frontOf(bound === undefined ? place : { type: "tcp", port: bound }, server, line) };
}

function frontOf(place: SocketPlace, server: Server, line: Line): Front {
  return {
    place,
    device: deviceOf(place),
    send: (bytes) => line.send(bytes),
    pause: () => line.hold(true),
    resume: () => line.hold(false),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        line.cut();
      }),
  };
}

/** Whoever has the port open, and who waits for him to go. */
class Line {
  private readonly listener: FrontListener;
  private readonly clock: Clock;
  private socket: Socket | undefined;
  private waiting: Socket | undefined;
  private held = false;
  private isCut = false;

  constructor(listener: FrontListener, clock: Clock) {
    this.listener = listener;
    this.clock = clock;
  }

  meet(socket: Socket): void {
    socket.on("error", () => socket.destroy());
    if (this.isCut || this.waiting !== undefined) {
      socket.destroy();
    } else if (this.socket === undefined) {
      this.adopt(socket);
    } else {
      this.waiting = socket;
      const forget = this.clock.after(TURN_AWAY_AFTER_MS, () => {
        if (this.waiting !== socket) return;
        this.waiting = undefined;
        socket.destroy();
      });
      socket.on("close", () => {
        forget();
        if (this.waiting === socket) this.waiting = undefined;
      });
    }
  }

  send(bytes: Uint8Array): void {
    const lost = this.socket === undefined ? bytes.length : pour(bytes, this.socket);
    if (lost > 0) this.listener.onLost(lost);
  }

  hold(held: boolean): void {
    this.held = held;
    if (held) this.socket?.pause();
    else this.socket?.resume();
  }

  cut(): void {
    this.isCut = true;
    this.waiting?.destroy();
    this.socket?.destroy();
    this.waiting = this.socket = undefined;
  }

  private adopt(socket: Socket): void {
    this.socket = socket;
    socket.on("data", (bytes) => {
      if (this.socket === socket) this.listener.onBytes(bytes);
    });
    const gone = (): void => {
      if (this.socket !== socket) return;
      this.socket = undefined;
      socket.destroy();
      this.listener.onClosed();
      const next = this.waiting;
      this.waiting = undefined;
      if (next !== undefined && !next.destroyed) this.adopt(next);
    };
    socket.on("end", gone);
    socket.on("close", gone);
    this.listener.onOpened();
    if (this.held) socket.pause();
  }
}

/** What a server left that ended badly is taken away; nothing else is. */
async function clear(path: string): Promise<{ readonly why: string; readonly next: string } | undefined> {
  const what = `making the socket ${path}`;
  if (Buffer.byteLength(path) > PATH_SIZE_MAX) {
    return { why: `${what}: its path is longer than ${PATH_SIZE_MAX} bytes`, next: "choose a shorter folder" };
  }
  if (!existsSync(path)) return undefined;
  if (!lstatSync(path).isSocket()) {
    return { why: `${what}: something else is there`, next: "move it, or choose another folder" };
  }
  if (await answers(path)) {
    return { why: `${what}: another program serves it`, next: "end that program, or choose another folder" };
  }
  unlinkSync(path);
  return undefined;
}

const answers = (path: string): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(path, () => {
      socket.destroy();
      done(true);
    });
    socket.on("error", () => done(false));
  });

/** Answers what went wrong. */
const listen = (server: Server, place: SocketPlace): Promise<string | undefined> =>
  new Promise((done) => {
    const onError = (error: Error): void => done(error.message);
    server.once("error", onError);
    const onListening = (): void => {
      server.off("error", onError);
      done(undefined);
    };
    if (place.type === "unix") server.listen(place.path, onListening);
    else server.listen(place.port, "127.0.0.1", onListening);
  });
