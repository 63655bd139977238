/** A table's rules where houses differ. All of it is hashed into the game's id: how a fee is rounded is a rule, no detail. */
import { branded, type Codec } from "../../../../protocol/bytes/codec.ts";
import { choice, struct } from "../../../../protocol/bytes/compound.ts";
import { bool, byteUpTo, varint } from "../../../../protocol/bytes/numbers.ts";
import { ODDS_MULTIPLE_MAX, PAYS_MAX, STAKE_MAX, WHOLE_BASIS_POINTS } from "./limits.ts";

export interface CrapsConfig {
  /** Which bets are on the layout. */
  readonly bets: "beginner" | "full" | "everything";
  /** Exact: a stake that could not be paid to the chip is refused. Down: the bank keeps the fraction. */
  readonly rounding: "exact" | "down";
  /** Of a buy or lay bet: with the stake, or out of the winnings. */
  readonly fee: "withStake" | "onWin";
  /** Of a fee that is no whole chip: down, but at least one; or up. */
  readonly feeRounding: "down" | "up";
  /** The craps that don't pass and don't come do not win on. */
  readonly bar: 2 | 3 | 12;
  readonly fieldTwoPays: 2 | 3;
  readonly fieldTwelvePays: 2 | 3;
  /** Odds behind a line bet, in flat stakes: on 4 and 10, on 5 and 9, on 6 and 8. */
  readonly oddsFour: number;
  readonly oddsFive: number;
  readonly oddsSix: number;
  /** On a come-out, unless called: lay and place to lose; hardways. */
  readonly layWorks: boolean;
  readonly hardWorks: boolean;
  /** A hardway that won stays up. */
  readonly hardStays: boolean;
  /** To one: on 2 or 12, 30 or 29; on 3 or 11, 15 or 14. */
  readonly twoPays: 29 | 30;
  readonly threePays: 14 | 15;
  readonly fire: "a" | "b" | "c";
  readonly smallPays: number;
  readonly allPays: number;
  /** A repeater's 40 is for one, the stake included, or to one. */
  readonly repeaters: "for" | "to";
  readonly stakeMin: number;
  readonly stakeMax: number;
  /** Of the bank beyond what it may owe, what one bet may stake at most; odds are without edge and not bound. */
  readonly bankShareBasisPoints: number;
  /** The shooter rolls with a line bet only. */
  readonly shooterBets: boolean;
}

const pays = varint(PAYS_MAX);

const Layout = struct("CrapsConfig", {
  bets: choice("bets", { beginner: 1, full: 2, everything: 3 }),
  rounding: choice("rounding", { exact: 1, down: 2 }),
  fee: choice("fee", { withStake: 1, onWin: 2 }),
  feeRounding: choice("fee rounding", { down: 1, up: 2 }),
  bar: byteUpTo(12),
  fieldTwoPays: byteUpTo(3),
  fieldTwelvePays: byteUpTo(3),
  oddsFour: byteUpTo(ODDS_MULTIPLE_MAX),
  oddsFive: byteUpTo(ODDS_MULTIPLE_MAX),
  oddsSix: byteUpTo(ODDS_MULTIPLE_MAX),
  layWorks: bool,
  hardWorks: bool,
  hardStays: bool,
  twoPays: byteUpTo(30),
  threePays: byteUpTo(15),
  fire: choice("fire", { a: 1, b: 2, c: 3 }),
  smallPays: pays,
  allPays: pays,
  repeaters: choice("repeaters", { for: 1, to: 2 }),
  stakeMin: varint(STAKE_MAX),
  stakeMax: varint(STAKE_MAX),
  bankShareBasisPoints: varint(WHOLE_BASIS_POINTS),
  shooterBets: bool,
});

export const CrapsConfig = branded(Layout as Codec<unknown>, (value) => value as CrapsConfig);

/** What most houses do, with exact pay. */
export const USUAL_CONFIG: CrapsConfig = Object.freeze({
  bets: "full",
  rounding: "exact",
  fee: "onWin",
  feeRounding: "down",
  bar: 12,
  fieldTwoPays: 2,
  fieldTwelvePays: 3,
  oddsFour: 3,
  oddsFive: 4,
  oddsSix: 5,
  layWorks: true,
  hardWorks: true,
  hardStays: true,
  twoPays: 30,
  threePays: 15,
  fire: "a",
  smallPays: 34,
  allPays: 175,
  repeaters: "for",
  stakeMin: 1,
  stakeMax: STAKE_MAX,
  bankShareBasisPoints: 100,
  shooterBets: true,
});

/** A sentence on what may not be, undefined for a table that may. */
export function configFault(config: CrapsConfig): string | undefined {
  const among = (value: number, ...values: readonly number[]): boolean => values.includes(value);
  if (!among(config.bar, 2, 3, 12)) return "the bar is one of the craps";
  if (!among(config.fieldTwoPays, 2, 3) || !among(config.fieldTwelvePays, 2, 3)) return "the field pays two or three";
  if (!among(config.twoPays, 29, 30) || !among(config.threePays, 14, 15)) return "a single number pays to or for one";
  for (const multiple of [config.oddsFour, config.oddsFive, config.oddsSix]) {
    if (!Number.isInteger(multiple) || multiple < 0 || multiple > ODDS_MULTIPLE_MAX) return "odds have a multiple";
  }
  for (const to of [config.smallPays, config.allPays]) {
    if (!Number.isInteger(to) || to < 1 || to > PAYS_MAX) return "a bonus pays whole chips to one";
  }
  if (!Number.isInteger(config.stakeMin) || config.stakeMin < 1) return "a bet is at least a chip";
  if (!Number.isInteger(config.stakeMax) || config.stakeMax < config.stakeMin || config.stakeMax > STAKE_MAX) {
    return "the largest bet is no less than the smallest";
  }
  const share = config.bankShareBasisPoints;
  return Number.isInteger(share) && share >= 1 && share <= WHOLE_BASIS_POINTS ? undefined : "the bank risks a share";
}
