/** Whoever means harm to a kiosk's page, in a thread of its own, so that what it costs the attacker is not counted against the kiosk. */
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { isMainThread, parentPort, workerData } from "node:worker_threads";

export type Attack = "wrong-pin" | "replayed" | "cross-site" | "malformed" | "body-10mb" | "sockets";

export interface AttackOrder {
  readonly port: number;
  readonly attack: Attack;
  /** Of a session that its operator has left. */
  readonly cookie: string;
  readonly ms: number;
}

export interface Attacked {
  readonly asked: number;
  /** By the reason that was told. */
  readonly refused: { readonly [why: string]: number };
  /** Of the body of ten megabytes, what left the attacker at most. */
  readonly sentMax: number;
}

const BODY_SIZE = 10_485_760;
const SOCKETS = 10_000;
/** At the same time, of those that ask and wait. */
const HANDS = 8;

export async function attack({ port, attack: kind, cookie, ms }: AttackOrder): Promise<Attacked> {
  if (kind === "sockets") return manySockets(port);
  const refused: { [why: string]: number } = {};
  let asked = 0;
  let sentMax = 0;
  const until = performance.now() + ms;
  const hand = async (): Promise<void> => {
    while (performance.now() < until) {
      asked += 1;
      const { why, sent } = await once(port, kind, cookie);
      refused[why] = (refused[why] ?? 0) + 1;
      sentMax = Math.max(sentMax, sent);
    }
  };
  await Promise.all([...new Array(HANDS).keys()].map(hand));
  return { asked, refused, sentMax };
}

interface Said {
  readonly why: string;
  readonly sent: number;
}

function once(port: number, kind: Attack, cookie: string): Promise<Said> {
  const isPin = kind === "wrong-pin";
  const headers: { [name: string]: string } = { "content-type": "application/json" };
  if (kind === "cross-site") headers["origin"] = "http://evil.example";
  if (kind === "replayed") headers["cookie"] = cookie;
  if (kind === "body-10mb") headers["content-length"] = `${BODY_SIZE}`;
  const path = isPin ? "/api/session" : "/api/order";
  return new Promise((resolve) => {
    const sent = request({ host: "127.0.0.1", port, path, method: "POST", headers, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => {
        resolve({ why: whyIn(text), sent: sent.socket?.bytesWritten ?? 0 });
        sent.destroy();
      });
    });
    sent.on("error", () => resolve({ why: "cut off", sent: 0 }));
    if (kind === "body-10mb") pour(sent);
    else sent.end(isPin ? '{"pin":"000000"}' : kind === "malformed" ? '{"type":"bet",' : '{"type":"pause","ms":1}');
  });
}

function pour(into: NodeJS.WritableStream): void {
  const chunk = Buffer.alloc(65_536, 0x20);
  let left = BODY_SIZE;
  const more = (): void => {
    while (left > 0 && into.writable) {
      left -= chunk.length;
      if (!into.write(chunk)) {
        into.once("drain", more);
        return;
      }
    }
  };
  more();
}

async function manySockets(port: number): Promise<Attacked> {
  const refused: { [why: string]: number } = {};
  const open: Socket[] = [];
  const ends: Promise<void>[] = [];
  for (let i = 0; i < SOCKETS; i++) {
    const socket = connect(port, "127.0.0.1");
    open.push(socket);
    ends.push(
      new Promise((resolve) => {
        let text = "";
        socket.on("connect", () => socket.write(`GET /health HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`));
        socket.on("data", (chunk) => {
          text += chunk;
          if (text.includes("\r\n\r\n")) resolve();
        });
        socket.on("error", () => resolve());
        socket.on("close", () => {
          const why = text === "" ? "cut off" : whyIn(text.slice(text.indexOf("{")));
          if (!text.startsWith("HTTP/1.1 200")) refused[why] = (refused[why] ?? 0) + 1;
          resolve();
        });
      }),
    );
    if (i % 100 === 99) await new Promise(setImmediate);
  }
  await Promise.all(ends);
  for (const socket of open) socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  return { asked: SOCKETS, refused, sentMax: 0 };
}

function whyIn(text: string): string {
  try {
    return (JSON.parse(text) as { why?: string }).why ?? "answered";
  } catch {
    return "cut off";
  }
}

if (!isMainThread) parentPort?.postMessage(await attack(workerData as AttackOrder));
