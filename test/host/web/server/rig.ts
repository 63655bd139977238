/** A real server with kiosks that are not, and clients that say exactly what they are told. */
import { request } from "node:http";
import { WebSocket } from "ws";
import { type Frame, Frame as FrameSchema } from "../../../../host/web/contract/frames.ts";
import { startWebServer, type WebOptions, type WebServer } from "../../../../host/web/server/serve.ts";
import { type FakeKiosk, fakeKiosk } from "./fake-kiosk.ts";

export interface Rig {
  readonly kiosk: FakeKiosk;
  readonly server: WebServer;
  readonly ask: (path: string, more?: Asking) => Promise<Reply>;
  readonly watch: (more?: { readonly headers?: Headers; readonly path?: string }) => Promise<Watcher>;
}

export interface Headers {
  readonly [name: string]: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Headers;
  /** An object is sent as JSON. */
  readonly body?: unknown;
}

export interface Reply {
  readonly status: number;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for.
  readonly json: () => any;
}

export interface Watcher {
  readonly socket: WebSocket;
  readonly frames: Frame[];
  /** The first frame, of those that came or will, of which it is so. */
  readonly until: (is: (frame: Frame) => boolean) => Promise<Frame>;
}

const SILENT = Object.freeze({ error() {}, warn() {}, info() {}, debug() {}, tells: () => false });

const opened: { server: WebServer; sockets: WebSocket[] }[] = [];

export async function rig(options: Partial<WebOptions> = {}, kiosk: FakeKiosk = fakeKiosk()): Promise<Rig> {
  const started = await startWebServer({
    ...{ kiosks: [{ name: "kiosk 1", port: kiosk.port }], host: "127.0.0.1", port: 0, version: "0.1.0", log: SILENT },
    ...options,
  });
  if (!started.ok) throw new Error(started.why);
  const { server } = started;
  const sockets: WebSocket[] = [];
  opened.push({ server, sockets });
  return {
    ...{ kiosk, server },
    ask: (path, more) => ask(server.port, path, more),
    watch: ({ headers = {}, path = "/api/live" } = {}) =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
        sockets.push(socket);
        const watcher = watcherOf(socket);
        socket.on("open", () => resolve(watcher));
        socket.on("unexpected-response", (_, response) => {
          let text = "";
          response.on("data", (chunk) => {
            text += chunk;
          });
          response.on("end", () => reject(new Error(text)));
        });
        socket.on("error", reject);
      }),
  };
}

/** After each test. */
export async function closeRigs(): Promise<void> {
  for (const { server, sockets } of opened.splice(0)) {
    for (const socket of sockets) socket.terminate();
    await server.close();
  }
}

export function ask(port: number, path: string, { method = "GET", headers = {}, body }: Asking = {}): Promise<Reply> {
  const json = body !== undefined && typeof body !== "string";
  const text = json ? JSON.stringify(body) : (body as string | undefined);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ host: "127.0.0.1", port, path, method, agent: false },
        headers: { ...(text === undefined ? {} : { "content-type": "application/json" }), ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => {
          const all = Buffer.concat(chunks).toString("utf8");
          const reply = { status: response.statusCode ?? 0, headers: response.headers, text: all };
          resolve({ ...reply, json: () => JSON.parse(all) });
        });
        response.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(text);
  });
}

function watcherOf(socket: WebSocket): Watcher {
  const frames: Frame[] = [];
  const waiting: { is: (frame: Frame) => boolean; found: (frame: Frame) => void }[] = [];
  socket.on("message", (bytes) => {
    const frame = FrameSchema.parse(JSON.parse(`${bytes}`)) as Frame;
    frames.push(frame);
    for (const each of [...waiting]) {
      if (!each.is(frame)) continue;
      waiting.splice(waiting.indexOf(each), 1);
      each.found(frame);
    }
  });
  return {
    ...{ socket, frames },
    until: (is) =>
      new Promise((found) => {
        const come = frames.find(is);
        if (come === undefined) waiting.push({ is, found });
        else found(come);
      }),
  };
}
