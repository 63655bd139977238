/** Every bet of the layout by its code, one byte. 0 to 70 are the codes that the peer-to-peer protocol gave, where 13 and 14
 * stand for numbered bets, number · 16 + 13 or 14; its codes for a place or hardway on 2 or 3 fell on other bets, so that
 * only numbers that can be a point are numbers here. The other numbered bets are formed alike, and what is left is ours. */
import { POINTS, ROLLS } from "./dice.ts";

export type Family =
  | ("pass" | "dontPass" | "come" | "dontCome" | "put" | "comeOn" | "dontComeOn")
  | ("passOdds" | "dontPassOdds" | "comeOdds" | "dontComeOdds")
  | ("place" | "buy" | "lay" | "placeToLose" | "big" | "hard")
  | ("field" | "anySeven" | "anyCraps" | "single" | "hop" | "over" | "under" | "lowDice" | "highDice")
  | ("horn" | "hornHigh" | "world" | "crapsEleven" | "hiLo" | "threeWay" | "hiLoYo" | "hopSevens")
  | ("yes" | "no" | "next")
  | ("fire" | "small" | "tall" | "all" | "repeater")
  | ("hotRoller" | "twiceHard" | "rideTheLine" | "muggsy" | "replay" | "differentDoubles");

export interface Spot {
  readonly code: number;
  readonly family: Family;
  /** The total it is on; of a hop the two faces, the lower one times ten; 0 where there is none. */
  readonly number: number;
  /** "place-6": what scenarios and pages call it. */
  readonly name: string;
}

const NUMBERS_BUT_SEVEN = [2, 3, 4, 5, 6, 8, 9, 10, 11, 12];
const SPECIAL: readonly Family[] = [
  ...(["fire", "small", "tall", "all", "hotRoller", "twiceHard"] as const),
  ...(["rideTheLine", "muggsy", "replay", "differentDoubles"] as const),
];
const NUMBERED: readonly (readonly [low: number, family: Family, numbers: readonly number[]])[] = [
  [7, "comeOdds", POINTS],
  [8, "dontComeOdds", POINTS],
  [9, "buy", POINTS],
  [10, "lay", POINTS],
  [11, "placeToLose", POINTS],
  [12, "put", POINTS],
  [13, "place", POINTS],
  [15, "big", [6, 8]],
];
const OURS: readonly Family[] = [
  ...(["world", "crapsEleven", "hiLo", "threeWay", "hiLoYo", "hopSevens"] as const),
  ...(["over", "under", "lowDice", "highDice"] as const),
];
const HARDWAY_LOW = 14;
/** From here on a bet comes to lie by travelling, and by no move. */
export const TRAVELLED = 216;
const DONT_COME_ON = 222;

/** In the order of their codes. */
export const SPOTS: readonly Spot[] = Object.freeze(
  [...protocolSpots(), ...numberedSpots(), ...ownSpots()].sort((left, right) => left.code - right.code),
);

const BY_CODE: readonly (Spot | undefined)[] = Object.freeze(byCode());

/** Undefined where the code names no bet. A hardway has two codes, and both name it. */
export const spotOf = (code: number): Spot | undefined => BY_CODE[code];

/** Where the bet is the protocol's come odds or don't-come odds without a number, it names a kind and no bet. */
export type CodeName = { readonly ok: true; readonly name: string } | { readonly ok: false; readonly why: string };

/** What a code says, each code something else. */
export function nameOfCode(code: number): CodeName {
  if (code === 6) return { ok: true, name: "come-odds" };
  if (code === 7) return { ok: true, name: "dont-come-odds" };
  const spot = spotOf(code);
  if (spot === undefined || spot.code >= TRAVELLED) return { ok: false, why: "no such bet" };
  return { ok: true, name: spot.code === code ? spot.name : `hardway-${spot.number}` };
}

/** Undefined where there is no such name. */
export function codeOfName(name: string): number | undefined {
  for (let code = 0; code < TRAVELLED; code++) {
    const known = nameOfCode(code);
    if (known.ok && known.name === name) return code;
  }
  return undefined;
}

export const PASS = 0;
export const DONT_PASS = 1;
export const COME = 2;
export const DONT_COME = 3;
export const PASS_ODDS = 4;
export const DONT_PASS_ODDS = 5;
export const comeOnCode = (number: number): number => TRAVELLED + POINTS.indexOf(number);
export const dontComeOnCode = (number: number): number => DONT_COME_ON + POINTS.indexOf(number);
export const numberedCode = (family: Family, number: number): number => {
  const row = NUMBERED.find((each) => each[1] === family);
  return row === undefined ? -1 : number * 16 + row[0];
};

function protocolSpots(): Spot[] {
  const first: readonly Family[] = ["pass", "dontPass", "come", "dontCome", "passOdds", "dontPassOdds"];
  return [
    ...first.map((family, code) => spot(code, family)),
    spot(8, "field"),
    ...row(9, "hard", [4, 6, 8, 10]),
    ...row(15, "next", [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ...row(26, "single", [2, 11, 12]),
    ...row(29, "yes", NUMBERS_BUT_SEVEN),
    ...row(39, "no", NUMBERS_BUT_SEVEN),
    ...row(49, "repeater", NUMBERS_BUT_SEVEN),
    ...SPECIAL.map((family, i) => spot(61 + i, family)),
  ];
}

function numberedSpots(): Spot[] {
  return NUMBERED.flatMap(([low, family, numbers]) => numbers.map((number) => spot(number * 16 + low, family, number)));
}

function ownSpots(): Spot[] {
  const pairs = ROLLS.filter(({ first, second }) => first <= second).map(({ first, second }) => 10 * first + second);
  return [
    ...[spot(176, "anySeven"), spot(177, "anyCraps"), spot(178, "single", 3), spot(179, "horn")],
    ...row(180, "hornHigh", [2, 3, 11, 12]),
    ...OURS.map((family, i) => spot(184 + i, family)),
    ...row(194, "hop", pairs),
    ...row(TRAVELLED, "comeOn", POINTS),
    ...row(DONT_COME_ON, "dontComeOn", POINTS),
  ];
}

function row(from: number, family: Family, numbers: readonly number[]): Spot[] {
  return numbers.map((number, i) => spot(from + i, family, number));
}

function spot(code: number, family: Family, number = 0): Spot {
  const words = family.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const on = number === 0 ? "" : family === "hop" ? `-${Math.floor(number / 10)}-${number % 10}` : `-${number}`;
  return Object.freeze({ code, family, number, name: `${words}${on}` });
}

function byCode(): (Spot | undefined)[] {
  const table = new Array<Spot | undefined>(256).fill(undefined);
  for (const each of SPOTS) table[each.code] = each;
  for (const each of SPOTS) if (each.family === "hard") table[each.number * 16 + HARDWAY_LOW] = each;
  return table;
}
