/** Roulette with a single zero, whole: one file is a game. A bet is a set of pockets, and pays 36 to all of it in the ratio of
 * its size: 35 to one on one pocket, one to one on eighteen. So every bet has the zero's edge, 1 in 37. */
import { branded, type Codec, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { list, struct, union } from "../../../protocol/bytes/compound.ts";
import { bool, byteUpTo, varint } from "../../../protocol/bytes/numbers.ts";
import { defineGame, type Golden, type Moved, type Refused, type SeatChips } from "../game/game.ts";

const POCKETS = 37;
const SEATS = 8;
const BETS_PER_SEAT_MAX = 32;
const STAKE_MAX = 1_000_000;
const RED: readonly number[] = Object.freeze([1, 3, 5, 7, 9, 12, 14, 16, 18, 19, 21, 23, 25, 27, 30, 32, 34, 36]);

/** The layout: each spot a name and its pockets. Its place in the list is its number in bets, so that a new spot comes last. */
const SPOTS: readonly { readonly name: string; readonly pockets: readonly number[] }[] = Object.freeze([
  ...pocketsBy("straight", 0, POCKETS - 1, (at) => [at]),
  ...pocketsBy("split-beside", 1, 35, (at) => (at % 3 === 0 ? [] : [at, at + 1])),
  ...pocketsBy("split-above", 1, 33, (at) => [at, at + 3]),
  ...pocketsBy("split-zero", 1, 3, (at) => [0, at]),
  ...pocketsBy("street", 1, 34, (at) => (at % 3 === 1 ? [at, at + 1, at + 2] : [])),
  ...pocketsBy("trio", 1, 2, (at) => [0, at, at + 1]),
  ...pocketsBy("corner", 1, 32, (at) => (at % 3 === 0 ? [] : [at, at + 1, at + 3, at + 4])),
  { name: "first-four", pockets: [0, 1, 2, 3] },
  ...pocketsBy("six-line", 1, 31, (at) => (at % 3 === 1 ? [at, at + 1, at + 2, at + 3, at + 4, at + 5] : [])),
  ...pocketsBy("dozen", 1, 3, (at) => pocketsWhere((pocket) => Math.ceil(pocket / 12) === at)),
  ...pocketsBy("column", 1, 3, (at) => pocketsWhere((pocket) => pocket % 3 === at % 3)),
  { name: "red", pockets: RED },
  { name: "black", pockets: pocketsWhere((pocket) => !RED.includes(pocket)) },
  { name: "even", pockets: pocketsWhere((pocket) => pocket % 2 === 0) },
  { name: "odd", pockets: pocketsWhere((pocket) => pocket % 2 === 1) },
  { name: "low", pockets: pocketsWhere((pocket) => pocket <= 18) },
  { name: "high", pockets: pocketsWhere((pocket) => pocket > 18) },
]);

const LAW = Object.freeze([0, ...pocketsWhere(() => true)].map((outcome) => Object.freeze({ outcome, weight: 1 })));

export const spotNamed = (name: string): number => SPOTS.findIndex((spot) => spot.name === name);

function pocketsBy(name: string, from: number, to: number, pockets: (at: number) => readonly number[]) {
  const spots: { readonly name: string; readonly pockets: readonly number[] }[] = [];
  for (let at = from; at <= to; at++) {
    if (pockets(at).length > 0) spots.push({ name: `${name}-${at}`, pockets: pockets(at) });
  }
  return spots;
}

function pocketsWhere(holds: (pocket: number) => boolean): number[] {
  const pockets: number[] = [];
  for (let pocket = 1; pocket < POCKETS; pocket++) if (holds(pocket)) pockets.push(pocket);
  return pockets;
}

const Config = struct("RouletteConfig", { stakeMin: varint(STAKE_MAX), stakeMax: varint(STAKE_MAX) });
type Config = ValueOf<typeof Config>;

interface State {
  spinning: boolean;
  readonly seats: { readonly spot: number; stake: number }[][];
}

const Bet = struct("RouletteBet", { spot: byteUpTo(SPOTS.length - 1), stake: varint(STAKE_MAX) });
const StateLayout = struct("RouletteState", { spinning: bool, seats: list(list(Bet, BETS_PER_SEAT_MAX), SEATS) });
const State = branded(StateLayout as Codec<unknown>, (value) => value as State);

const Action = union("RouletteAction", {
  bet: [0x01, struct("Bet", { spot: byteUpTo(SPOTS.length - 1), chips: varint(STAKE_MAX) })],
  clear: [0x02, struct("Clear", {})],
  spin: [0x03, struct("Spin", {})],
});
type Action = ValueOf<typeof Action>;

const heldBy = ({ seats }: State, seat: number): number => seats[seat].reduce((sum, { stake }) => sum + stake, 0);
const isEmpty = ({ seats }: State): boolean => seats.every((bets) => bets.length === 0);
const refused = (why: string): Refused => ({ ok: false, why });
const moved = (staked: number, returned: number): Moved => ({ ok: true, staked, returned });

export const roulette = defineGame<Config, State, Action, number>({
  name: "roulette",
  version: 1,
  seats: { min: 1, max: SEATS },
  config: {
    layout: Config,
    usual: { stakeMin: 1, stakeMax: 1000 },
    fault: ({ stakeMin, stakeMax }) =>
      stakeMin >= 1 && stakeMin <= stakeMax ? undefined : "the largest bet is no less than the smallest",
  },
  layouts: { state: State, action: Action, outcome: byteUpTo(POCKETS - 1) },

  setup: (_config, seats) => ({ spinning: false, seats: new Array<undefined>(seats).fill(undefined).map(() => []) }),
  phases: { bets: { moves: ["bet", "clear", "spin"] }, wheel: { chance: true } },
  phase: ({ spinning }) => (spinning ? "wheel" : "bets"),

  moves: {
    bet: ({ stakeMin, stakeMax }, { seats }, seat, { spot, chips }) => {
      const bets = seats[seat];
      if (SPOTS[spot] === undefined) return refused("no such bet");
      if (!Number.isSafeInteger(chips) || chips <= 0) return refused("not a whole stake");
      const there = bets.find((bet) => bet.spot === spot);
      const stake = (there?.stake ?? 0) + chips;
      if (stake < stakeMin) return refused("below the minimum");
      if (stake > stakeMax) return refused("above the maximum");
      if (there === undefined && bets.length >= BETS_PER_SEAT_MAX) return refused("too many bets");
      if (there === undefined) bets.push({ spot, stake });
      else there.stake = stake;
      return moved(chips, 0);
    },
    clear: (_config, state, seat) => {
      const returned = heldBy(state, seat);
      state.seats[seat].length = 0;
      return moved(0, returned);
    },
    spin: (_config, state) => {
      if (isEmpty(state)) return refused("no bet there");
      state.spinning = true;
      return moved(0, 0);
    },
  },

  legalActions: ({ stakeMin, stakeMax }, state, seat, { free }) => {
    const actions: Action[] = [];
    for (let spot = 0; spot < SPOTS.length; spot++) {
      const there = state.seats[seat].find((bet) => bet.spot === spot);
      const room =
        there === undefined ? state.seats[seat].length < BETS_PER_SEAT_MAX : there.stake + stakeMin <= stakeMax;
      if (room && free >= stakeMin) actions.push({ type: "bet", spot, chips: stakeMin });
    }
    if (state.seats[seat].length > 0) actions.push({ type: "clear" });
    return isEmpty(state) ? actions : [...actions, { type: "spin" }];
  },

  overdue: (_config, state) => {
    if (isEmpty(state)) return undefined;
    state.spinning = true;
    return "the wheel spins";
  },

  law: () => LAW,

  settle: (_config, state, pocket) => {
    const chips: SeatChips[] = state.seats.map(() => ({ lost: 0, won: 0, returned: 0 }));
    const events = state.seats.flatMap((bets, seat) =>
      bets.map(({ spot, stake }) => {
        const { pockets } = SPOTS[spot];
        const won = pockets.includes(pocket);
        const net = won ? (stake * (POCKETS - 1 - pockets.length)) / pockets.length : -stake;
        if (won) {
          chips[seat].won += net;
          chips[seat].returned += stake;
        } else chips[seat].lost += stake;
        return { seat, bet: spot, type: won ? ("won" as const) : ("lost" as const), stake, net };
      }),
    );
    for (const bets of state.seats) bets.length = 0;
    state.spinning = false;
    return { seats: chips, events };
  },

  held: heldBy,
  view: (_config, state, seat) => ({
    seat,
    spinning: state.spinning,
    seats: state.seats.map((bets) => bets.map(({ spot, stake }) => ({ name: SPOTS[spot].name, stake }))),
  }),
  strings: {
    en: {
      title: "Roulette",
      bets: "Place your bets",
      wheel: "No more bets",
      "no such seat": "There is no such seat.",
      "no such bet": "There is no such bet.",
      "not a whole stake": "Chips are whole and more than none.",
      "below the minimum": "That is below the table's minimum.",
      "above the maximum": "That is above the table's maximum.",
      "too many bets": "You have as many bets as a seat may.",
      "no bet there": "The wheel waits for a bet.",
      "not now": "The wheel is spinning.",
      "too many moves": "Too many moves before one spin.",
      "not enough chips": "You have not so many chips.",
      "bank cannot cover": "The bank could not pay that.",
    },
    de: {
      title: "Roulette",
      bets: "Bitte setzen",
      wheel: "Nichts geht mehr",
      "no such seat": "Diesen Platz gibt es nicht.",
      "no such bet": "Diese Wette gibt es nicht.",
      "not a whole stake": "Chips sind ganz und mehr als keine.",
      "below the minimum": "Das ist weniger als das Mindeste am Tisch.",
      "above the maximum": "Das ist mehr als das Höchste am Tisch.",
      "too many bets": "Mehr Wetten hat ein Platz nicht.",
      "no bet there": "Das Rad wartet auf eine Wette.",
      "not now": "Das Rad dreht sich.",
      "too many moves": "Zu viele Züge vor einem Dreh.",
      "not enough chips": "So viele Chips hast du nicht.",
      "bank cannot cover": "Das könnte die Bank nicht auszahlen.",
    },
  },

  golden: [
    spin("a number pays 35 to one", "straight-17", 17, 350),
    spin("red pays even", "red", 1, 10),
    spin("zero is neither red nor black", "black", 0, -10),
    spin("the column of 34", "column-1", 34, 20),
    spin("a corner pays eight", "corner-32", 36, 80),
    spin("the first four", "first-four", 0, 80),
  ],
  wagers: () => SPOTS.map(({ name }, spot) => ({ name, begin: [stake(spot, 1)], watch: (bet) => bet === spot })),
});

function stake(spot: number, chips: number) {
  return { type: "act", seat: 0, action: { type: "bet", spot, chips } } as const;
}

function spin(name: string, spot: string, outcome: number, is: number): Golden<Config, Action, number> {
  return { name, lines: [stake(spotNamed(spot), 10), { type: "chance", outcome }, { type: "net", seat: 0, is }] };
}
