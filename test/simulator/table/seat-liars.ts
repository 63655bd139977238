/** Puts liars in their places: each kind by the least that makes an honest kiosk one. */

import type { Effect } from "../../../host/engine/consensus/events.ts";
import { whole } from "../../../host/engine/consensus/statements.ts";
import { type Chance, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import type { Counts } from "../kinds.ts";
import type { KioskPlace } from "./kiosk.ts";
import { HONEST } from "./kiosk.ts";
import { type LiarHand, lying, nameOf } from "./liars.ts";
import type { Liar } from "./plan.ts";
import type { Table } from "./table.ts";

/** Between two floods. */
const FLOOD_EVERY_MS = 2_000;
const FLOOD_COUNT = 12;
const JUNK_SIZE = 40;
const JUNK_SEAT = 3;
/** Of its own ballots it remembers so many. */
const VOTED_MAX = 512;

export class Liars {
  private readonly hands: (LiarHand | undefined)[] = [];

  constructor(table: Table, liars: readonly Liar[], from: Chance, counts: Counts) {
    for (const { kiosk, kind } of liars) {
      const of = table.kiosks[kiosk];
      const onAct = (): void => {
        counts[kind] = (counts[kind] ?? 0) + 1;
      };
      const after = (ms: number, run: () => void): void => void table.clock.afterStirred(ms, run);
      switch (kind) {
        case "twins":
          onAct();
          break;
        case "flooding":
          this.flood(table, of, from, onAct);
          break;
        case "wrongPartials":
          of.launch = (options) => {
            onAct();
            // Below any group's order, and not the one that its key is of.
            const secret = Uint8Array.from(options.dice.secret, (byte, at) => (at === 0 ? byte ^ 1 : byte));
            return HONEST({ ...options, dice: { ...options.dice, secret } });
          };
          break;
        default: {
          const hand: LiarHand = { kind, kiosk: of, chance: from, voted: new Map(), onAct, after };
          this.hands[kiosk] = hand;
          of.launch = (options) => HONEST({ ...options, between: (open) => lying(open, hand) });
        }
      }
    }
  }

  sees({ at }: KioskPlace, effect: Effect): void {
    const voted = this.hands[at]?.voted;
    if (voted === undefined || effect.type !== "persist" || effect.record.type !== "voted") return;
    const { ballot } = effect.record;
    const full = whole(ballot, () => undefined);
    if (full === undefined) return;
    voted.set(nameOf(ballot.signature), full);
    if (voted.size > VOTED_MAX) voted.delete(voted.keys().next().value as string);
  }

  private flood(table: Table, of: KioskPlace, from: Chance, onAct: () => void): void {
    table.clock.after(FLOOD_EVERY_MS, () => {
      const node = of.process?.running?.node;
      if (node !== undefined) {
        onAct();
        const count = drawBelow(from, FLOOD_COUNT);
        for (let each = 0; each < count; each++) node.submit(JUNK_SEAT, drawBytes(from, JUNK_SIZE));
        table.clock.stir();
      }
      this.flood(table, of, from, onAct);
    });
  }
}
