import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { boards } from "../../../../hardware/boards/boards.ts";
import { independent } from "../../../../hardware/virtual/air/bursts.ts";
import type { AirSight } from "../../../../hardware/virtual/air/sights.ts";
import { snoop, snoopCapture, snooped } from "../../../../hardware/virtual/capture/btsnoop.ts";
import { airCapture, sniff, sniffed } from "../../../../hardware/virtual/capture/pcap.ts";
import { serveVirtual } from "../../../../hardware/virtual/fronts/serve.ts";
import type { LinkGeneration } from "../../../../protocol/core/units.ts";
import { advertisement } from "../../../../protocol/radio/advertisement.ts";
import { match, onSaid } from "../../../exchange/match.ts";
import { callSocket } from "../fronts/caller.ts";
import { Table } from "../table.ts";
import { WATCHED } from "./sights.ts";

const advert = { version: 1, flags: 0, kiosk: Uint8Array.of(1, 1, 1, 1), component: Uint8Array.of(2, 2, 2, 2) };

/** Two hosts find each other and send packets both ways; what the air was seen to do. */
function run(watched: boolean, share: number): { readonly sights: readonly AirSight[]; readonly said: string } {
  const table = new Table([boards.nrf52, boards.esp32c3], { watched, bursts: independent(share) });
  const matches = [match(0), match(1)];
  table.on = (host, effect) => void onSaid(matches[host], effect, (order) => table.order(host, order));
  for (const host of [0, 1]) table.plug(host);
  expect(table.run(30_000, () => matches.every(({ link }) => link !== undefined))).toBe(true);
  const links = matches.map(({ link }) => link);
  // Once apart, they stay apart.
  table.on = () => {};
  for (const [host, link] of links.entries()) {
    if (link === undefined) continue;
    for (let id = 0; id < 4; id++) {
      table.tell(host, { type: "send", id, link, class: 1, packet: new Uint8Array(600).fill(0xa0 + host) });
    }
  }
  const done = (): boolean => [0, 1].every((host) => table.of(host, "settled").length === 4);
  expect(table.run(30_000, done)).toBe(true);
  table.tell(1, { type: "order", order: { type: "disconnect", link: links[1] as LinkGeneration } });
  table.run(1000);
  return { sights: table.world.air.sights ?? [], said: JSON.stringify(table.heard) };
}

test("an air that is watched does nothing else than one that is not, and keeps nothing for nobody", () => {
  const [seen, unseen] = [run(true, 0.1), run(false, 0.1)];
  expect(seen.said).toBe(unseen.said);
  expect(unseen.sights).toEqual([]);
});

test("the captures of a lossy air hold every value whole, once for each radio, in both directions", () => {
  const { sights } = run(true, 0.1);
  const packets = sights.filter((sight) => sight.type === "packet");
  for (const end of ["client", "server"] as const) {
    const outcomes = packets.filter(({ from }) => from === end).map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(["heard", "broken", "missed"]));
  }
  const seen = snoopCapture(WATCHED);
  const sniffer = airCapture(WATCHED);
  for (const sight of sights) {
    snoop(seen, sight);
    sniff(sniffer, sight);
  }
  const hosts = Buffer.from(snooped(seen, Number.POSITIVE_INFINITY)).toString("latin1");
  const air = Buffer.from(sniffed(sniffer, Number.POSITIVE_INFINITY)).toString("latin1");
  const items = new Set(packets.flatMap(({ part }) => (part?.item.kind === "value" ? [part.item] : [])));
  expect(items.size).toBeGreaterThan(10);
  const count = (text: string, within: string): number => within.split(text).length - 1;
  for (const { bytes } of items) {
    const value = Buffer.from(bytes).toString("latin1");
    if (bytes.length < 200) continue;
    expect(count(value, hosts)).toBe(2);
    expect(count(value, air)).toBeGreaterThanOrEqual(1);
  }
  expect(seen.links.size + sniffer.links.size).toBe(0);
  // Times rise within each link and end, and packets of a link do not overlap.
  for (let i = 1; i < packets.length; i++) expect(packets[i].atUs).toBeGreaterThan(packets[i - 1].atUs);
});

test("a server writes the air as it goes", async () => {
  const where = mkdtempSync(join(tmpdir(), "hardway-capture-"));
  const capture = join(where, "air.pcap");
  const config = { boards: ["nrf52-dk", "esp32c3"], seed: 1, errorRate: 0, front: "unix", where, capture } as const;
  const served = await serveVirtual(config);
  if (!served.ok) throw new Error(served.why);
  const called = callSocket(served.server.devices()[0] ?? "");
  await called.caller.hello();
  called.caller.tell({ type: "order", order: { type: "start", role: "server", name: "left" } });
  called.caller.tell({ type: "order", order: { type: "advertise", on: true, intervalMs: 20, advert } });
  // The link type, then the advert as it is on the air.
  const data = Buffer.from(advertisement(advert));
  await called.caller.until(() => readFileSync(capture).includes(data));
  await called.hangUp();
  await served.server.stop();
  expect(readFileSync(capture).readUInt32LE(20)).toBe(256);
  rmSync(where, { recursive: true });
});
