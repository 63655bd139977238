import { describe, expect, it } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import type { Told } from "../../../host/radio/run-driver.ts";
import { chance, drawBelow } from "../../../protocol/core/chance.ts";
import { account, arrive, close, give, settle } from "../../exchange/account.ts";
import { match, onSaid } from "../../exchange/match.ts";
import { classOf, packetOf } from "../../exchange/numbered.ts";
import { Rig } from "./rig.ts";

const UNDER_WAY_MAX = 6;

/** Two hosts, a radio each, that send each other packets as long as they are linked. */
class Pair {
  readonly rig: Rig;
  readonly accounts = [account(0), account(1)];
  private readonly matches = [match(0), match(1)];
  private readonly count: number;

  /** `count`: of each. */
  constructor(seed: number, count: number) {
    this.count = count;
    this.rig = new Rig([boards.esp32, boards.nrf52], { seed, errorRate: 1e-5 });
    for (const host of [0, 1]) this.rig.drive(host, { seed: seed + host, on: (said) => this.on(host, said) });
  }

  get isOver(): boolean {
    return this.accounts.every(({ given, ends }) => given.size === this.count && ends.size === this.count);
  }

  /** It is asked for in the middle of the driver's own step, and done after it. */
  private on(host: number, said: Told): void {
    queueMicrotask(() => {
      onSaid(this.matches[host], said, (order) => this.rig.drivers[host].order(order));
      if (said.type === "arrived") arrive(this.accounts[1 - host], said.class, said.packet);
      else if (said.type === "settled") settle(this.accounts[host], said.id, said.outcome.type);
      this.send(host);
    });
  }

  private send(host: number): void {
    const { given, ends } = this.accounts[host];
    for (let id = given.size; id < this.count && id - ends.size < UNDER_WAY_MAX; id++) {
      const { link } = this.matches[host];
      if (link === undefined) return;
      give(this.accounts[host], id);
      this.rig.drivers[host].send(id, link, classOf(id), packetOf(host, id));
    }
  }
}

describe("two hosts with a radio each", () => {
  it("settle each packet once, lose none that was sent and repeat none, through unplugs, brown-outs and tests of the wire", async () => {
    for (const seed of [1, 2]) {
      const pair = new Pair(seed, 200);
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
      const sums = pair.accounts.map(close);
      expect(pair.accounts.flatMap(({ wrong }) => wrong)).toEqual([]);
      expect(sums[0].sent + sums[1].sent).toBeGreaterThan(300);
      rig.stop();
    }
  });
});
