/** How much faster than life a table's radios run: four kiosks, a server and a client each, linked as a ring, ten packets of
 * 244 B a second on each link in each direction, heartbeats on, one core. And what whole kiosks on such radios come to. */
import { boards } from "../../hardware/boards/boards.ts";
import { assert } from "../../protocol/core/assert.ts";
import { chance, drawBytes } from "../../protocol/core/chance.ts";
import type { LinkGeneration } from "../../protocol/core/units.ts";
import { Table } from "../hardware/virtual/table.ts";
import type { Row } from "./bench.ts";
import { costRows } from "./world-cost.ts";
import { healRows } from "./world-heal.ts";
import { latencyRows } from "./world-latency.ts";
import { syncRows } from "./world-sync.ts";

const KIOSKS = 4;
const PACKET_SIZE = 244;
const PACKETS_A_SECOND = 10;
/** Timed apart, the best counts: what else the machine does can only slow one down. The first warms the engine up. */
const SEGMENTS = 20;
const SEGMENT_SECONDS = 20;

/** Board 2k is kiosk k's server, 2k + 1 its client, which dials the next kiosk's server. */
export function ring(): { table: Table; links: (LinkGeneration | undefined)[] } {
  const table = new Table(Array.from({ length: 2 * KIOSKS }, () => boards.nrf52));
  const links: (LinkGeneration | undefined)[] = [];
  table.on = (host, effect) => {
    if (effect.type !== "news") return;
    const { report } = effect;
    if (report.type === "discovered" && links[host] === undefined && report.advert.kiosk[0] === nextKiosk(host)) {
      table.tell(host, { type: "order", order: { type: "connect", to: report.peer } });
    }
    if (report.type === "linkUp") {
      links[host] = report.link;
      if (report.role === "server") table.tell(host, { type: "order", order: { type: "keep", link: report.link } });
    }
    if (report.type === "linkDown") links[host] = undefined;
  };
  for (let host = 0; host < 2 * KIOSKS; host++) {
    table.plug(host);
    const isServer = host % 2 === 0;
    table.tell(host, { type: "order", order: { type: "start", role: isServer ? "server" : "client", name: "ring" } });
    const kiosk = Uint8Array.of(host >> 1, 0, 0, 0);
    const advert = { version: 1, flags: 0, kiosk, component: new Uint8Array(4) };
    if (isServer) table.tell(host, { type: "order", order: { type: "advertise", on: true, intervalMs: 100, advert } });
    else table.tell(host, { type: "order", order: { type: "scan", on: true, intervalMs: 60, windowMs: 60 } });
  }
  assert(
    table.run(60_000, () => links.length === 2 * KIOSKS && links.every((link) => link !== undefined)),
    "the ring closes within a minute",
  );
  return { table, links };
}

export async function bench(): Promise<Row[]> {
  return [...radios(), ...(await latencyRows()), ...(await healRows()), ...(await syncRows()), ...(await costRows())];
}

function radios(): Row[] {
  const { table, links } = ring();
  const random = chance(3);
  const counts = { given: 0, arrived: 0, sent: 0 };
  let best = 0;
  for (let segment = 0; segment < SEGMENTS; segment++) {
    const before = process.cpuUsage().user;
    for (let beat = 0; beat < SEGMENT_SECONDS * PACKETS_A_SECOND; beat++) {
      for (const [host, link] of links.entries()) {
        if (link === undefined) continue;
        const packet = drawBytes(random, PACKET_SIZE);
        table.tell(host, { type: "send", id: counts.given++, link, class: 2, packet });
      }
      table.run(1000 / PACKETS_A_SECOND);
      for (const heard of table.heard) {
        for (const effect of heard) {
          if (effect.type === "arrived") counts.arrived += 1;
          if (effect.type === "settled" && effect.outcome.type === "sent") counts.sent += 1;
        }
        heard.length = 0;
      }
    }
    best = Math.max(best, (SEGMENT_SECONDS * 1e6) / (process.cpuUsage().user - before));
  }
  return [
    { metric: "speed", value: Math.round(best), unit: "× real time" },
    { metric: "packets-given", value: counts.given, unit: "packets" },
    { metric: "packets-arrived", value: counts.arrived, unit: "packets" },
    { metric: "packets-sent", value: counts.sent, unit: "packets" },
  ];
}

const nextKiosk = (host: number): number => ((host >> 1) + 1) % KIOSKS;
