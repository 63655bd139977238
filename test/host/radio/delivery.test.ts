import { describe, expect, it } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import type { Told } from "../../../host/radio/run-driver.ts";
import { chance, draw, drawBelow } from "../../../protocol/core/chance.ts";
import { HIGH } from "../../../protocol/core/packet-class.ts";
import type { LinkGeneration } from "../../../protocol/core/units.ts";
import { Rig } from "./rig.ts";

const ADVERT = { version: 1, flags: 0, kiosk: new Uint8Array(4), component: new Uint8Array(4) };
const UNDER_WAY_MAX = 6;

/** Two hosts, a radio each, that send each other packets as long as they are linked; each packet names itself. */
class Pair {
  readonly rig: Rig;
  readonly given: Map<number, string>[] = [new Map(), new Map()];
  readonly arrived: string[][] = [[], []];
  private readonly links: (LinkGeneration | undefined)[] = [undefined, undefined];
  private readonly underWay = [0, 0];
  private readonly from = chance(3);
  private readonly count: number;
  private next = 0;

  constructor(seed: number, count: number) {
    this.count = count;
    this.rig = new Rig([boards.esp32, boards.nrf52], { seed, errorRate: 1e-5 });
    for (const host of [0, 1]) this.rig.drive(host, { seed: seed + host, on: (said) => this.on(host, said) });
  }

  get isOver(): boolean {
    return this.next === this.count && this.given.every((given) => [...given.values()].every((fate) => fate !== ""));
  }

  /** It is asked for in the middle of the driver's own step, and done after it. */
  private on(host: number, said: Told): void {
    queueMicrotask(() => this.act(host, said));
  }

  private act(host: number, said: Told): void {
    const driver = this.rig.drivers[host];
    const role = host === 0 ? "server" : "client";
    if (said.type === "up") driver.order({ type: "start", role, name: "k" });
    else if (said.type === "down") this.links[host] = undefined;
    else if (said.type === "arrived") this.arrived[host].push(nameOf(said.packet));
    else if (said.type === "settled") {
      expect(this.given[host].get(said.id), "a packet is settled once").toBe("");
      this.given[host].set(said.id, said.outcome.type);
      this.underWay[host] -= 1;
    } else if (said.type === "news") {
      const { report } = said;
      if (report.type === "ready" && role === "client") {
        driver.order({ type: "scan", on: true, intervalMs: 60, windowMs: 60 });
      } else if (report.type === "ready") {
        driver.order({ type: "advertise", on: true, intervalMs: 100, advert: ADVERT });
      } else if (report.type === "discovered" && this.links[host] === undefined) {
        driver.order({ type: "connect", to: report.peer });
      } else if (report.type === "linkUp") {
        this.links[host] = report.link;
        if (role === "server") driver.order({ type: "keep", link: report.link });
      } else if (report.type === "linkDown") {
        this.links[host] = undefined;
        // A stack that was full took no order to advertise.
        if (role === "server") driver.order({ type: "advertise", on: true, intervalMs: 100, advert: ADVERT });
      }
    }
    this.send(host);
  }

  private send(host: number): void {
    for (;;) {
      const link = this.links[host];
      if (link === undefined || this.underWay[host] >= UNDER_WAY_MAX || this.next === this.count) return;
      const id = this.next++;
      const packet = new Uint8Array(Math.max(4, Math.round(4096 ** draw(this.from))));
      packet.set([id >> 8, id & 0xff, packet.length >> 8, packet.length & 0xff]);
      this.given[host].set(id, "");
      this.underWay[host] += 1;
      this.rig.drivers[host].send(id, link, HIGH, packet);
    }
  }
}

const nameOf = (packet: Uint8Array): string => {
  const size = (packet[2] << 8) | packet[3];
  expect(packet).toHaveLength(size);
  return String((packet[0] << 8) | packet[1]);
};

describe("two hosts with a radio each", () => {
  it("settle each packet once, lose none that was sent and repeat none, through unplugs, brown-outs and tests of the wire", async () => {
    for (const seed of [1, 2]) {
      const pair = new Pair(seed, 400);
      const { rig } = pair;
      const from = chance(seed);
      for (let fault = 0; fault < 4; fault++) {
        await rig.run(4000 + drawBelow(from, 3000));
        const board = drawBelow(from, 2);
        if (fault % 2 === 0) rig.virtual.happen({ type: "brownOut", board });
        else {
          rig.virtual.happen({ type: "cable", board, plugged: false });
          await rig.run(1000);
          rig.virtual.happen({ type: "cable", board, plugged: true });
        }
      }
      expect(await rig.run(600_000, () => pair.isOver), `seed ${seed}`).toBe(true);
      const fates = { sent: 0, dropped: 0, unknown: 0 };
      for (const host of [0, 1]) {
        const arrived = pair.arrived[1 - host];
        expect(new Set(arrived).size, "nothing is repeated").toBe(arrived.length);
        for (const [id, fate] of pair.given[host]) {
          fates[fate as keyof typeof fates] += 1;
          if (fate === "sent") expect(arrived, `seed ${seed}, packet ${id}`).toContain(String(id));
        }
      }
      expect(fates.sent).toBeGreaterThan(300);
      rig.stop();
    }
  });
});
