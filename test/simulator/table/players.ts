/** Somebody at each kiosk who bets and rolls; only as often as it is asked, which sets the table's pace. */
import type { Effect } from "../../../host/engine/consensus/events.ts";
import { BOT_SEAT, type Bot, bot, nextWish, onAnswered, onNumbered, onRefused } from "../../../host/node/bot.ts";
import type { KioskPlace } from "./kiosk.ts";
import type { Table } from "./table.ts";

export class Players {
  /** Of wishes that were answered, from the wish to its answer there. */
  readonly latencies: number[] = [];
  isResting = false;
  private readonly table: Table;
  private readonly bots: Bot[];

  constructor(table: Table, everyMs: number) {
    this.table = table;
    this.bots = table.kiosks.map(({ at }) => bot(table.config.seed * 16 + at));
    for (const of of table.kiosks) this.askAgain(of, (everyMs * (of.at + 1)) / table.kiosks.length, everyMs);
  }

  /** Whoever sits at a kiosk that begins anew has forgotten what was asked for. */
  returned({ at, lives }: KioskPlace): void {
    this.bots[at] = bot((this.table.config.seed * 16 + at) * 64 + lives);
  }

  sees({ at }: KioskPlace, effect: Effect): void {
    const of = this.bots[at];
    if (effect.type === "answered") {
      const before = of.latencies.length;
      onAnswered(of, effect.number, this.table.clock.now);
      if (of.latencies.length > before) this.latencies.push(...of.latencies.splice(0));
    } else if (effect.type === "refused" && effect.seat === BOT_SEAT) onRefused(of);
    else if (effect.type === "persist" && effect.record.type === "request") {
      const { number, operation } = effect.record.signed.request;
      onNumbered(of, number, operation);
    }
  }

  private askAgain(of: KioskPlace, inMs: number, everyMs: number): void {
    this.table.clock.after(inMs, () => {
      this.ask(of);
      this.askAgain(of, everyMs, everyMs);
    });
  }

  private ask({ at, person, rules, process }: KioskPlace): void {
    const node = process?.running?.node;
    if (node === undefined || this.isResting) return;
    const { replica } = node;
    if (replica.probing !== undefined || replica.mutedUntil !== undefined) return;
    const { machine: state } = replica.state;
    const operation = nextWish(this.bots[at], { rules, key: person.key, state }, this.table.clock.now);
    if (operation === undefined) return;
    node.submit(BOT_SEAT, operation);
    this.table.clock.stir();
  }
}
