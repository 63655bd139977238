/** How much faster than life a table's radios run: four kiosks, a server and a client each, linked as a ring, ten packets of
 * 244 B a second on each link in each direction, heartbeats on, one core. */
import { boards } from "../../hardware/boards/boards.ts";
import { assert } from "../../protocol/core/assert.ts";
import { chance, drawBytes } from "../../protocol/core/chance.ts";
import type { LinkGeneration } from "../../protocol/core/units.ts";
import { Table } from "../hardware/virtual/table.ts";
import type { Row } from "./bench.ts";

const KIOSKS = 4;
const PACKET_SIZE = 244;
const PACKETS_A_SECOND = 10;
const SECONDS = 60;

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

export function bench(): Row[] {
  const { table, links } = ring();
  const random = chance(3);
  const before = table.heard.map((_, host) => table.of(host, "arrived").length);
  const started = process.hrtime.bigint();
  let id = 0;
  for (let beat = 0; beat < SECONDS * PACKETS_A_SECOND; beat++) {
    for (const [host, link] of links.entries()) {
      if (link === undefined) continue;
      table.tell(host, { type: "send", id: id++, link, class: 2, packet: drawBytes(random, PACKET_SIZE) });
    }
    table.run(1000 / PACKETS_A_SECOND);
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const arrived = table.heard.reduce((sum, _, host) => sum + table.of(host, "arrived").length - before[host], 0);
  const sent = table.heard.reduce(
    (sum, _, host) => sum + table.of(host, "settled").filter(({ outcome }) => outcome.type === "sent").length,
    0,
  );
  return [
    { metric: "speed", value: Math.round(SECONDS / seconds), unit: "× real time" },
    { metric: "packets-given", value: id, unit: "packets" },
    { metric: "packets-arrived", value: arrived, unit: "packets" },
    { metric: "packets-sent", value: sent, unit: "packets" },
  ];
}

const nextKiosk = (host: number): number => ((host >> 1) + 1) % KIOSKS;
