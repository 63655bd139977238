/** The smallest game with a memory: a seat bets that heads come before three tails in a row are drawn. And ways to break it,
 * one at a time, so that what finds faults can be tried. */

import {
  defineGame,
  type Game,
  type Moved,
  type Refused,
  type Rules,
  type Settlement,
} from "../../../../host/engine/game/game.ts";
import { branded, type Codec, type ValueOf } from "../../../../protocol/bytes/codec.ts";
import { list, struct, union } from "../../../../protocol/bytes/compound.ts";
import { bool, byteUpTo, varint } from "../../../../protocol/bytes/numbers.ts";

const Config = struct("UrnConfig", { stakeMax: varint(1000) });
type Config = ValueOf<typeof Config>;
export const ONE_COIN: Config = { stakeMax: 100 };

interface State {
  drawing: boolean;
  tails: number;
  stakes: number[];
}

const Layout = struct("UrnState", { drawing: bool, tails: byteUpTo(2), stakes: list(varint(1000), 4) });
const State = branded(Layout as Codec<unknown>, (value) => value as State);

const Action = union("UrnAction", {
  bet: [1, struct("Bet", { chips: varint(1000) })],
  draw: [2, struct("Draw", {})],
});
type Action = ValueOf<typeof Action>;
type Urn = Rules<Config, State, Action, number>;

const moved = (staked: number): Moved => ({ ok: true, staked, returned: 0 });
const refused = (why: string): Refused => ({ ok: false, why });

const rules: Urn = {
  name: "urn",
  version: 1,
  seats: { min: 1, max: 4 },
  config: { layout: Config, usual: ONE_COIN, fault: ({ stakeMax }) => (stakeMax > 0 ? undefined : "no stakes") },
  layouts: { state: State, action: Action, outcome: byteUpTo(1) },
  setup: (_config, seats) => ({ drawing: false, tails: 0, stakes: new Array<number>(seats).fill(0) }),
  phases: { bets: { moves: ["bet", "draw"] }, coin: { chance: true } },
  phase: ({ drawing }) => (drawing ? "coin" : "bets"),
  moves: {
    bet: ({ stakeMax }, state, seat, { chips }) => {
      if (!Number.isSafeInteger(chips) || chips < 1 || chips > stakeMax) return refused("not a whole stake");
      if (state.stakes[seat] > 0 || state.tails > 0) return refused("bets stand");
      state.stakes[seat] = chips;
      return moved(chips);
    },
    draw: (_config, state, seat) => {
      if (state.stakes[seat] === 0) return refused("bets stand");
      state.drawing = true;
      return moved(0);
    },
  },
  legalActions: (_config, { stakes, tails }, seat, { free }) => {
    if (stakes[seat] > 0) return [{ type: "draw" }];
    return tails === 0 && free > 0 ? [{ type: "bet", chips: 1 }] : [];
  },
  overdue: (_config, state) => {
    if (state.stakes.every((stake) => stake === 0)) return undefined;
    state.drawing = true;
    return "drawn";
  },
  law: () => [
    { outcome: 0, weight: 1 },
    { outcome: 1, weight: 1 },
  ],
  settle: (_config, state, heads) => {
    state.drawing = false;
    const events: Settlement["events"][number][] = [];
    const lost = heads === 0 && state.tails === 2;
    const seats = state.stakes.map((stake, seat) => {
      if (stake === 0 || (heads === 0 && !lost)) return { lost: 0, won: 0, returned: 0 };
      // Seven eighths win: six sevenths of the stake would be fair, an integer is not. So a win pays nothing.
      events.push({ seat, bet: 1, type: lost ? "lost" : "won", stake, net: lost ? -stake : 0 });
      state.stakes[seat] = 0;
      return lost ? { lost: stake, won: 0, returned: 0 } : { lost: 0, won: 0, returned: stake };
    });
    state.tails = heads === 1 || lost ? 0 : state.tails + 1;
    return { seats, events };
  },
  held: ({ stakes }, seat) => stakes[seat],
  view: (_config, state, seat) => ({ ...state, stakes: [...state.stakes], seat }),
  strings: {
    en: {
      ...{ title: "Urn", bets: "Bets", coin: "Coin", "no such seat": ".", "not a whole stake": ".", "bets stand": "." },
      ...{ "not now": ".", "too many moves": ".", "not enough chips": ".", "bank cannot cover": "." },
    },
  },
  golden: [
    {
      name: "three tails lose",
      lines: [
        { type: "act", seat: 0, action: { type: "bet", chips: 5 } },
        { type: "chance", outcome: 0 },
        { type: "chance", outcome: 0 },
        { type: "net", seat: 0, is: 0 },
        { type: "chance", outcome: 0 },
        { type: "net", seat: 0, is: -5 },
      ],
    },
  ],
  wagers: () => [
    { name: "heads", begin: [{ type: "act", seat: 0, action: { type: "bet", chips: 1 } }], watch: () => true },
  ],
};

export const urn: Game<Config, State, Action, number> = defineGame(rules);

/** The urn with something else in the place of a part, and a settlement that is passed through one's hands. */
export function faulty(change: {
  readonly settle?: (settlement: Settlement, state: State) => Settlement;
  readonly rules?: Partial<Urn>;
}): Game<Config, State, Action, number> {
  const settle: Urn["settle"] = (config, state, outcome, bank) => {
    const settlement = (change.rules?.settle ?? rules.settle)(config, state, outcome, bank);
    return change.settle?.(settlement, state) ?? settlement;
  };
  return defineGame({ ...rules, ...change.rules, settle });
}
