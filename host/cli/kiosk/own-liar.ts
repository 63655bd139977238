/** The hand that makes a kiosk of a demonstration lie, and honest again, as whoever started it says. Where nobody says so it stands between
 * the mesh and its links and does nothing. */
import { type Chance, chance, draw32 } from "../../../protocol/core/chance.ts";
import type { Effect } from "../../engine/consensus/events.ts";
import type { Ports } from "../../engine/ports.ts";
import { FLOOD_EVERY_MS, flood } from "../../liars/flood.ts";
import { type LiarHand, remember } from "../../liars/hand.ts";
import type { Lie } from "../../liars/lies.ts";
import { lying } from "../../liars/lying.ts";
import type { NodeClock } from "../../node/clock.ts";
import type { CrapsRules } from "../../node/craps-table.ts";
import type { OpenTransport } from "../../node/transport.ts";

export interface OwnLiar {
  readonly between: (open: OpenTransport) => OpenTransport;
  /** Of the honest kiosk underneath. */
  readonly sees: (effect: Effect) => void;
  readonly tell: (lie: Lie | null) => void;
  /** How often it has lied. */
  readonly acts: () => number;
}

export interface LiarOptions {
  readonly seed: number;
  readonly ports: Ports;
  readonly rules: CrapsRules;
  readonly clock: NodeClock;
  readonly node: LiarHand["node"];
}

export function ownLiar({ seed, ports, rules, clock, node }: LiarOptions): OwnLiar {
  let acts = 0;
  const from: Chance = chance(draw32(chance(seed)));
  const hand: LiarHand = {
    ...{ lie: undefined, chance: from, ports, rules, node, say: undefined, voted: new Map() },
    onAct() {
      acts += 1;
    },
    after: (ms, run) => void clock.after(ms, run),
  };
  const turn = (): void => {
    if (hand.lie === "flooding") flood(hand);
    clock.after(FLOOD_EVERY_MS, turn);
  };
  turn();
  return {
    between: (open) => lying(open, hand),
    sees(effect) {
      if (hand.lie !== undefined) remember(hand, effect);
    },
    tell(lie) {
      hand.lie = lie ?? undefined;
    },
    acts: () => acts,
  };
}
