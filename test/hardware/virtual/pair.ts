/** Two kiosks, a radio each, that find each other, link, exchange packets, and begin again after whatever happens; what must
 * hold of each packet is asserted all the while. */
import type { Board } from "../../../hardware/boards/board.ts";
import type { BoardConfig, WorldConfig } from "../../../hardware/virtual/world.ts";
import type { SessionEffect } from "../../../host/radio/events.ts";
import { assert } from "../../../protocol/core/assert.ts";
import type { LinkGeneration } from "../../../protocol/core/units.ts";
import { type Account, account, arrive, check, give, type Sums, settle } from "../../exchange/account.ts";
import { type Match, match, onSaid } from "../../exchange/match.ts";
import { classOf, packetOf } from "../../exchange/numbered.ts";
import { Table } from "./table.ts";

/** The first waits, the second looks for it and dials. */
export class Pair {
  readonly table: Table;
  /** Openings and ends of the links, as the hosts heard of them. */
  linksUp = 0;
  readonly downs: string[] = [];
  private readonly matches: readonly Match[] = [match(0), match(1)];
  private readonly accounts: readonly Account[] = [account(0), account(1)];
  private readonly nextNumber = [0, 0];

  constructor(boards: readonly [Board | BoardConfig, Board | BoardConfig], over: Partial<WorldConfig> = {}) {
    const placed = boards.map((each, x): BoardConfig => {
      const position = { x, y: 0 };
      return "pins" in each ? { board: each, position } : each;
    });
    this.table = new Table(
      placed.map(({ board }) => board),
      { ...over, boards: placed },
    );
    this.table.on = (host, effect) => this.onEffect(host, effect);
    for (const host of [0, 1]) this.table.plug(host);
  }

  get links(): readonly (LinkGeneration | undefined)[] {
    return this.matches.map(({ link }) => link);
  }

  get isLinked(): boolean {
    return this.matches.every(({ link }, host) => link !== undefined && this.table.sessions[host].up);
  }

  link(ms = 60_000): boolean {
    return this.table.run(ms, () => this.isLinked);
  }

  /** As many packets a host, no more than `window` under way; answers whether all were settled in time. */
  exchange(count: number, ms = 600_000, window = 4): boolean {
    const until = this.table.now + ms;
    const ends = this.nextNumber.map((number) => number + count);
    const isDone = () => [0, 1].every((host) => this.nextNumber[host] === ends[host] && this.underway(host) === 0);
    const mayGive = (host: number) =>
      this.nextNumber[host] < ends[host] && this.matches[host].link !== undefined && this.underway(host) < window;
    while (this.table.now < until && !isDone()) {
      for (const host of [0, 1]) while (mayGive(host)) this.give(host);
      this.table.run(until - this.table.now, () => isDone() || mayGive(0) || mayGive(1));
    }
    return isDone();
  }

  give(host: number): void {
    const id = this.nextNumber[host]++;
    give(this.accounts[host], id);
    const link = this.matches[host].link as LinkGeneration;
    this.table.tell(host, { type: "send", id, link, class: classOf(id), packet: packetOf(host, id) });
  }

  underway(host: number): number {
    const { given, ends } = this.accounts[host];
    return given.size - ends.size;
  }

  get totals(): Sums & { readonly given: number } {
    const [left, right] = this.accounts.map(check);
    return {
      given: this.nextNumber[0] + this.nextNumber[1],
      arrived: left.arrived + right.arrived,
      sent: left.sent + right.sent,
      dropped: left.dropped + right.dropped,
      unknown: left.unknown + right.unknown,
    };
  }

  private onEffect(host: number, effect: SessionEffect): void {
    const own = this.matches[host];
    if (onSaid(own, effect, (order) => this.table.order(host, order)) && own.link !== undefined) this.linksUp += 1;
    if (effect.type === "down") this.downs.push(effect.why);
    else if (effect.type === "settled") settle(this.accounts[host], effect.id, effect.outcome.type);
    else if (effect.type === "arrived") arrive(this.accounts[1 - host], effect.class, effect.packet);
    else return;
    if (effect.type !== "down") this.table.heard[host].pop();
    for (const { wrong } of this.accounts) assert(wrong.length === 0, wrong[0] ?? "");
  }
}
