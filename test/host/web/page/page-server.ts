/** Serves the built page as a kiosk does, with the same policy, on loopback; and a fake kiosk behind it. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { type WebSocket, WebSocketServer } from "ws";
import type { Frame, PageFrame } from "../../../../host/web/contract/frames.ts";
import { isPlayerOrder } from "../../../../host/web/contract/orders.ts";
import type { FakeKiosk } from "./fake-kiosk.ts";

export interface PageServer {
  readonly address: string;
  /** What a kiosk that is switched off looks like to its screen. */
  cut(): void;
  close(): Promise<void>;
}

const TYPES: { readonly [ending: string]: string } = {
  ...{ ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" },
  ".woff2": "font/woff2",
};

const POLICY =
  "default-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

export async function servePage(folder: string, kiosk: FakeKiosk): Promise<PageServer> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://kiosk").pathname;
    const roll = /^\/api\/rolls\/(\d+)$/.exec(path);
    const proof = roll === null ? undefined : kiosk.proofs.get(Number(roll[1]));
    const answer = (status: number, type: string, body: string | Buffer): void => {
      response.writeHead(status, { "content-type": type, "content-security-policy": POLICY }).end(body);
    };
    if (roll !== null) return answer(proof === undefined ? 404 : 200, "application/json", proof ?? "{}");
    const name = path === "/" ? "index.html" : normalize(path).slice(1);
    try {
      answer(200, TYPES[extname(name)] ?? "application/octet-stream", readFileSync(join(folder, name)));
    } catch {
      answer(404, "text/plain", "nothing here");
    }
  });
  const sockets = new WebSocketServer({ server, path: "/api/live" });
  sockets.on("connection", (socket) => attend(socket, kiosk));
  kiosk.onChange = (parts) => {
    const frame: Frame = { type: "changes", revision: kiosk.revision, at: Date.now(), parts };
    for (const socket of sockets.clients) socket.send(JSON.stringify(frame));
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = (): void => {
    for (const socket of sockets.clients) socket.terminate();
  };
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    close: () => close(server, cut),
  };
}

function attend(socket: WebSocket, kiosk: FakeKiosk): void {
  const say = (frame: Frame): void => socket.send(JSON.stringify(frame));
  say({ type: "view", contract: 1, build: "test", revision: kiosk.revision, at: Date.now(), view: kiosk.view() });
  socket.on("message", (data) => {
    const { id, order } = JSON.parse(`${data}`) as PageFrame;
    if (isPlayerOrder(order)) say({ type: "answer", id, answer: kiosk.order(order) });
  });
}

async function close(server: Server, cut: () => void): Promise<void> {
  cut();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
