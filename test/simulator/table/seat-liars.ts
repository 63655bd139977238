/** Puts liars in their places: each kind by the least that makes an honest kiosk one. */

import type { Effect } from "../../../host/engine/consensus/events.ts";
import { FLOOD_EVERY_MS, flood } from "../../../host/liars/flood.ts";
import { type LiarHand, remember } from "../../../host/liars/hand.ts";
import { lying } from "../../../host/liars/lying.ts";
import { wrongSecret } from "../../../host/liars/wrong-secret.ts";
import type { Chance } from "../../../protocol/core/chance.ts";
import type { Counts } from "../kinds.ts";
import type { KioskPlace } from "./kiosk.ts";
import { HONEST } from "./kiosk.ts";
import type { Liar } from "./plan.ts";
import type { Table } from "./table.ts";

export class Liars {
  private readonly hands: (LiarHand | undefined)[] = [];

  constructor(table: Table, liars: readonly Liar[], from: Chance, counts: Counts) {
    for (const { kiosk, kind } of liars) {
      const of = table.kiosks[kiosk];
      const onAct = (): void => {
        counts[kind] = (counts[kind] ?? 0) + 1;
      };
      const after = (ms: number, run: () => void): void => void table.clock.afterStirred(ms, run);
      const node: LiarHand["node"] = () => of.process?.running?.node;
      switch (kind) {
        case "twins":
          onAct();
          break;
        case "wrongPartials":
          of.launch = (options) => {
            onAct();
            return HONEST({ ...options, dice: { ...options.dice, secret: wrongSecret(options.dice.secret) } });
          };
          break;
        default: {
          const { rules, person } = of;
          const hand: LiarHand = {
            ...{ lie: kind, chance: from, ports: person.ports, rules, node, say: undefined, voted: new Map() },
            ...{ onAct, after },
          };
          if (kind === "flooding") this.floods(table, hand);
          this.hands[kiosk] = hand;
          of.launch = (options) => HONEST({ ...options, between: (open) => lying(open, hand) });
        }
      }
    }
  }

  sees({ at }: KioskPlace, effect: Effect): void {
    const hand = this.hands[at];
    if (hand !== undefined) remember(hand, effect);
  }

  private floods(table: Table, hand: LiarHand): void {
    table.clock.after(FLOOD_EVERY_MS, () => {
      flood(hand);
      table.clock.stir();
      this.floods(table, hand);
    });
  }
}
