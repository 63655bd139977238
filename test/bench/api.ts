/** A kiosk's page while somebody means it harm: whether all of that is refused, and how long a player's bet takes meanwhile. The table
 * behind it answers at once, so that all the time is the server's. */
import { Worker } from "node:worker_threads";
import { WebSocket } from "ws";
import { pinRecord } from "../../host/web/server/pin.ts";
import { type StartedWeb, startWebServer } from "../../host/web/server/serve.ts";
import { fakeKiosk } from "../host/web/server/fake-kiosk.ts";
import { ask } from "../host/web/server/rig.ts";
import { type Attack, type Attacked, type AttackOrder, attack } from "./api-attacker.ts";
import { median, type Row } from "./bench.ts";

const PIN = "271828";
const ATTACKS: readonly Attack[] = ["wrong-pin", "replayed", "cross-site", "malformed", "body-10mb", "sockets"];
/** Between two bets of a quick player. */
const BET_EVERY_MS = 60;
const SILENT = Object.freeze({ error() {}, warn() {}, info() {}, debug() {}, tells: () => false });

export interface ApiOptions {
  readonly attackMs?: number;
  readonly attacks?: readonly Attack[];
  /** Without a thread of its own. */
  readonly isHere?: boolean;
}

export async function bench({ attackMs = 3_000, attacks = ATTACKS, isHere = false }: ApiOptions = {}): Promise<Row[]> {
  const kiosk = fakeKiosk();
  kiosk.answer = async () => ({ ok: true, revision: kiosk.port.view().revision, words: "" });
  const started: StartedWeb = await startWebServer({
    ...{ kiosks: [{ name: "kiosk 1", port: kiosk.port }], host: "127.0.0.1", port: 0, version: "", log: SILENT },
    pin: await pinRecord(PIN),
  });
  if (!started.ok) throw new Error(started.why);
  const { server } = started;
  const session = await ask(server.port, "/api/session", { method: "POST", body: { pin: PIN } });
  const cookie = `${session.headers["set-cookie"]?.[0]}`.split(";")[0];
  await ask(server.port, "/api/session", { method: "DELETE", headers: { cookie } });
  const player = await playerAt(server.port);
  const rows: Row[] = [];
  try {
    const calm = await player.during(new Promise<void>((resolve) => setTimeout(resolve, attackMs)));
    rows.push({ metric: "bet-calm", value: median(calm), unit: "ms" });
    for (const kind of attacks) {
      const order: AttackOrder = { port: server.port, attack: kind, cookie, ms: attackMs };
      const attacking = isHere ? attack(order) : inThread(order);
      const bets = await player.during(attacking);
      rows.push(...rowsOf(kind, await attacking, bets, median(calm)));
    }
    const harm = kiosk.orders.filter(({ type }) => type !== "bet").length;
    rows.push({ metric: "orders-that-came-through", value: harm, unit: "" });
    const { text } = await ask(server.port, "/metrics");
    rows.push({ metric: "scrape", value: text.length, unit: "B" });
  } finally {
    player.leave();
    await server.close();
  }
  return rows;
}

function rowsOf(kind: Attack, { asked, refused, sentMax }: Attacked, bets: number[], calm: number): Row[] {
  const done = Object.values(refused).reduce((sum, count) => sum + count, 0);
  const told = done - (refused["cut off"] ?? 0) - (refused["answered"] ?? 0);
  const meanwhile = median(bets);
  const worst = Math.max(...bets);
  return [
    { metric: `${kind}-refused`, value: done - (refused["answered"] ?? 0), unit: "", baseline: asked },
    { metric: `${kind}-told-why`, value: told, unit: "" },
    { metric: `${kind}-bet`, value: meanwhile, unit: "ms", baseline: calm, ratio: meanwhile / calm },
    { metric: `${kind}-bet-worst`, value: worst, unit: "ms" },
    ...(kind === "body-10mb" ? [{ metric: "body-10mb-sent", value: sentMax, unit: "B", baseline: 10_485_760 }] : []),
  ];
}

function inThread(order: AttackOrder): Promise<Attacked> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./api-attacker.js", import.meta.url), { workerData: order });
    worker.on("message", resolve);
    worker.on("error", reject);
  });
}

interface Player {
  /** From a bet to its answer, one after the other, as long as it lasts. */
  readonly during: (it: Promise<unknown>) => Promise<number[]>;
  readonly leave: () => void;
}

function playerAt(port: number): Promise<Player> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/live`);
    const answered = new Map<number, () => void>();
    let id = 0;
    socket.on("message", (bytes) => {
      const frame = JSON.parse(`${bytes}`);
      if (frame.type === "answer") answered.get(frame.id)?.();
    });
    const bet = async (): Promise<number> => {
      id += 1;
      const mine = id;
      const begun = performance.now();
      const done = new Promise<void>((come) => answered.set(mine, come));
      socket.send(JSON.stringify({ type: "order", id: mine, order: { type: "bet", code: 0, chips: 5 } }));
      await done;
      answered.delete(mine);
      return performance.now() - begun;
    };
    const during = async (it: Promise<unknown>): Promise<number[]> => {
      let isOver = false;
      void it.then(() => (isOver = true));
      const took: number[] = [];
      do {
        took.push(await bet());
        await new Promise((wake) => setTimeout(wake, BET_EVERY_MS));
      } while (!isOver);
      return took;
    };
    socket.on("open", () => resolve({ during, leave: () => socket.terminate() }));
  });
}
