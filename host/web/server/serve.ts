/** A kiosk's page and its interfaces, over HTTP and a WebSocket, for this machine; and where an operator has said so and set a PIN,
 * for the house. Whoever asks too much, too fast or for what is not theirs is refused, and the game goes on. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { Log } from "../../logs/logger.ts";
import { REFUSALS, type Refusal, refused } from "../contract/answers.ts";
import { addressOf, keepDoor } from "./doorkeeper.ts";
import { type Call, type Handling, handle } from "./handlers.ts";
import type { KioskPort } from "./kiosk-port.ts";
import * as limits from "./limits.ts";
import { listen } from "./listen.ts";
import { live } from "./live.ts";
import { mayAsk, meter } from "./meter.ts";
import { type Giver, obey, orders } from "./obey.ts";
import { openApi } from "./open-api.ts";
import { operators } from "./operators.ts";
import { askedBy, isLoopback, namesAt, originFault } from "./origin.ts";
import { buildOf, readPage } from "./page-files.ts";
import type { PinRecord } from "./pin-record.ts";
import { sendFile, sendRefused, statusOf } from "./replies.ts";
import { findRoute, keptFrom } from "./routes.ts";
import { showing } from "./shown.ts";
import { watch } from "./watch.ts";
import { type WebClock, webClock } from "./web-clock.ts";

export interface WebOptions {
  /** At least one; several are told apart by `?kiosk=`. */
  readonly kiosks: readonly { readonly name: string; readonly port: KioskPort }[];
  readonly host: string;
  readonly port: number;
  /** Names by which this machine is known to browsers in the house. */
  readonly hosts?: readonly string[];
  readonly pin?: PinRecord | undefined;
  /** Of a demonstration: whoever is at this machine may order what an operator may. */
  readonly everybodyOperates?: boolean;
  /** The folder of the page. */
  readonly page?: string | undefined;
  readonly version: string;
  readonly log: Log;
  readonly clock?: WebClock;
  readonly patience?: limits.Patience;
}

export interface WebServer {
  /** On this machine. */
  readonly url: string;
  /** Where it is for others. */
  readonly inHouse: readonly string[];
  readonly port: number;
  /** Another one than was asked for, which was taken. */
  readonly isMoved: boolean;
  /** Pages that are open. */
  readonly pageCount: () => number;
  readonly close: () => Promise<void>;
}

export type StartedWeb =
  | { readonly ok: true; readonly server: WebServer }
  | { readonly ok: false; readonly why: string; readonly next: string };

export async function startWebServer(options: WebOptions): Promise<StartedWeb> {
  const { host, pin, log, version, clock = webClock, patience = limits.PATIENCE } = options;
  if (!isLoopback(host) && pin === undefined) {
    return {
      ...{ ok: false, why: `${host} is for others than this machine, and there is no PIN` },
      next: "set one with hardway pin, or listen at 127.0.0.1",
    };
  }
  const files = readPage(options.page);
  const kiosks = options.kiosks.map(({ port }) => showing(port));
  const refusals: { [why: string]: number } = {};
  const count = (why: string): void => {
    if (why in REFUSALS) refusals[why] = (refusals[why] ?? 0) + 1;
  };
  let port = options.port;
  const names = (): { port: number; hosts: readonly string[] } => ({ port, hosts: [host, ...(options.hosts ?? [])] });
  const keeper = operators({ pin, isEverybody: options.everybodyOperates === true, port: () => port, clock });
  const given = orders();
  const asked = meter(limits.REQUESTS_PER_SECOND, limits.REQUESTS_BURST_MAX);
  const pages = live(kiosks, buildOf(files), clock, patience);
  const http = createServer({
    headersTimeout: patience.headMs,
    requestTimeout: patience.requestMs,
    connectionsCheckingInterval: patience.lookMs,
    keepAliveTimeout: patience.idleMs,
    maxHeaderSize: limits.HEAD_SIZE_MAX,
  });
  http.maxRequestsPerSocket = limits.REQUESTS_PER_SOCKET_MAX;
  http.setTimeout(patience.stalledMs, (socket) => socket.destroy());
  const door = keepDoor(http);
  const web = () => ({ sockets: door.open.size, pages: pages.count(), refused: refusals });
  const watching = watch(kiosks, web, pages.wake, clock);
  const of: Handling = {
    ...{ kiosks, names: options.kiosks.map(({ name }) => name), operators: keeper, clock },
    ...{ metricsText: watching.text, description: openApi(version) },
    async obey(kiosk, order, giver) {
      const failed = (error: unknown): void => log.error("an order went wrong", { error });
      const answer = await obey(given, kiosks[kiosk].port, order, giver, clock.nowMs(), failed);
      if (!answer.ok) count(answer.why);
      return answer;
    },
  };

  const giverOf = ({ socket, headers }: IncomingMessage): Giver => ({
    address: addressOf(socket),
    rank: keeper.rank(headers.cookie),
  });

  /** Why whoever asks is not listened to at all. */
  const faultOf = (request: IncomingMessage): Refusal | undefined => {
    const { socket } = request;
    if (!door.mayAsk(socket)) return "too many connections";
    const fault = originFault(namesAt(names(), socket.localAddress), askedBy(request));
    return fault ?? (mayAsk(asked, addressOf(socket), clock.nowMs()) ? undefined : "too fast");
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const no = (why: Refusal): void => {
      count(why);
      sendRefused(response, why);
    };
    const { method = "GET", url = "/" } = request;
    const fault = faultOf(request);
    if (fault !== undefined) return no(fault);
    const [path, query] = splitAt(url, "?");
    const found = findRoute(method, path);
    if (found === undefined) {
      const file = method === "GET" || method === "HEAD" ? files.get(path) : undefined;
      return file === undefined ? no("no such page") : sendFile(request, response, file);
    }
    if (found === "no such way") return no("no such way");
    const giver = giverOf(request);
    const kept = keptFrom(found.route.who, giver);
    if (kept !== undefined) return no(kept);
    const numbers = { ...numbersIn(query), ...found.numbers };
    const kiosk = numbers["kiosk"] ?? 0;
    if (kiosks[kiosk] === undefined) return no("no such kiosk");
    const call: Call = { request, response, numbers, kiosk, giver };
    await handle(of, found.name, call);
  };

  http.on("request", (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error("an answer went wrong", { error });
      if (response.headersSent) response.destroy();
      else sendRefused(response, "failed");
    });
  });
  http.on("checkContinue", (request, response) => {
    // Whoever asks first is told at once that it is too long.
    if (Number(request.headers["content-length"] ?? 0) <= limits.BODY_SIZE_MAX) response.writeContinue();
    http.emit("request", request, response);
  });

  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.BODY_SIZE_MAX, clientTracking: false });
  http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const giver = giverOf(request);
    const [path, query] = splitAt(request.url ?? "", "?");
    const kiosk = numbersIn(query)["kiosk"] ?? 0;
    const isThere = path === "/api/live" && kiosks[kiosk] !== undefined;
    const why = faultOf(request) ?? keptFrom("players", giver) ?? (isThere ? undefined : "no such page");
    if (why !== undefined) {
      count(why);
      turnAway(socket, why);
      return;
    }
    const { cookie } = request.headers;
    // What comes over it is asked for by itself.
    (socket as Socket).setTimeout(0);
    sockets.handleUpgrade(request, socket, head, (opened) => {
      pages.meet({
        ...{ socket: opened, kiosk, isOperator: () => keeper.rank(cookie) === "operator" },
        async obey(order) {
          const said = await of.obey(kiosk, order, { address: giver.address, rank: keeper.rank(cookie) });
          keeper.use(cookie);
          return said;
        },
      });
    });
  });
  http.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
    turnAway(socket, error.code === "HPE_HEADER_OVERFLOW" ? "too long" : "no such way");
  });

  const listening = await listen(http, host, port);
  const callsOff = kiosks.map((each) => each.port.onChange(pages.wake));
  const close = async (): Promise<void> => {
    for (const callOff of callsOff) callOff();
    watching.close();
    pages.close();
    if (!http.listening) return;
    const closed = new Promise<void>((resolve) => http.close(() => resolve()));
    http.closeIdleConnections();
    setTimeout(() => http.closeAllConnections(), 0);
    for (const socket of door.open) setTimeout(() => socket.destroy(), CLOSING_MS).unref();
    await closed;
  };
  if (!listening.ok) {
    await close();
    return { ok: false, why: listening.why, next: "choose another with web.port" };
  }
  port = listening.port;
  const urlAt = (name: string): string => `http://${name.includes(":") ? `[${name}]` : name}:${port}/`;
  const url = urlAt(host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host);
  const inHouse = isLoopback(host) ? [] : (options.hosts ?? []).map(urlAt);
  if (listening.isMoved) log.warn("the page is at another port, for that one is taken", { asked: options.port, port });
  return { ok: true, server: { url, inHouse, port, isMoved: listening.isMoved, pageCount: pages.count, close } };
}

/** For whoever is in the middle of something. */
const CLOSING_MS = 200;

function turnAway(socket: Duplex, why: Refusal): void {
  const text = JSON.stringify(refused(why));
  const head = `HTTP/1.1 ${statusOf(why)} Refused\r\nContent-Type: application/json\r\nConnection: close\r\n`;
  socket.on("error", () => socket.destroy());
  socket.end(`${head}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`, () => socket.destroy());
}

function splitAt(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** All that a query can say. */
function numbersIn(query: string): { readonly [name: string]: number } {
  const numbers: { [name: string]: number } = {};
  for (const [name, text] of new URLSearchParams(query)) {
    if ((name === "kiosk" || name === "seat") && /^\d{1,4}$/.test(text)) numbers[name] = Number(text);
  }
  return numbers;
}
