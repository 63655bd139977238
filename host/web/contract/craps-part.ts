/** The craps table as everybody sees it: the game's own state and rules, word for word, so that whoever has the game's code
 * judges every bet by it; and who sits where. */
import { z } from "zod";
import { MEMBERS_MAX, SEATS_MAX } from "../../../protocol/core/limits.ts";
import { BETS_PER_SEAT_MAX, CHIPS_ON_BET_MAX, PROGRESS_MAX } from "../../engine/games/craps/limits.ts";
import { chips, count, gain, hex, label, many, member, orNull, record, timeMs } from "./forms.ts";

export const betCode = z.int().min(0).max(255);
export const place = z
  .int()
  .min(0)
  .max(SEATS_MAX - 1);

/** Of the game: `CrapsState`. What is asked of the game may be changed by it, so that these are not for reading alone. */
export const TableState = z.strictObject({
  /** Bets are locked, and the dice are due. */
  rolling: z.boolean(),
  /** 0 while the puck is off. */
  point: count,
  /** A place. */
  shooter: place,
  /** The shooter has not rolled yet. */
  fresh: z.boolean(),
  afterSeven: z.boolean(),
  /** By place. */
  seats: z
    .array(
      z
        .array(
          z.strictObject({
            code: betCode,
            stake: count.max(CHIPS_ON_BET_MAX),
            fee: count.max(CHIPS_ON_BET_MAX),
            working: z.enum(["usual", "on", "off"]),
            progress: count.max(PROGRESS_MAX),
          }),
        )
        .max(BETS_PER_SEAT_MAX),
    )
    .max(SEATS_MAX),
});
export type TableState = z.output<typeof TableState>;

/** Of the game: `CrapsConfig`. */
export const TableConfig = record({
  bets: z.enum(["beginner", "full", "everything"]),
  rounding: z.enum(["exact", "down"]),
  fee: z.enum(["withStake", "onWin"]),
  feeRounding: z.enum(["down", "up"]),
  bar: z.literal([2, 3, 12]),
  fieldTwoPays: z.literal([2, 3]),
  fieldTwelvePays: z.literal([2, 3]),
  oddsFour: count,
  oddsFive: count,
  oddsSix: count,
  layWorks: z.boolean(),
  hardWorks: z.boolean(),
  hardStays: z.boolean(),
  twoPays: z.literal([29, 30]),
  threePays: z.literal([14, 15]),
  fire: z.enum(["a", "b", "c"]),
  smallPays: count,
  allPays: count,
  repeaters: z.enum(["for", "to"]),
  stakeMin: chips,
  stakeMax: chips,
  bankShareBasisPoints: count,
  shooterBets: z.boolean(),
});
export type TableConfig = z.output<typeof TableConfig>;

/** Who sits at a place. */
export const Player = record({
  /** Null where the player's kiosk has left. */
  member: orNull(member),
  /** The player's at that kiosk, from 0. */
  seat: count,
  name: label,
  isMine: z.boolean(),
  free: chips,
  /** All that the player has, wherever it is. */
  worth: chips,
  /** By the last roll that the player had bets on. */
  lastNet: orNull(gain),
});
export type Player = z.output<typeof Player>;

/** Dice on their way: bets are locked. */
export const Rolling = record({
  roll: count,
  /** Of the bets as they were locked. */
  lockDigest: hex,
  /** Partials of a key that the members hold together, or a secret of each. */
  way: z.enum(["partials", "committing", "revealing"]),
  since: timeMs,
  /** Whose part is here, as far as this kiosk knows, and whose is not. */
  given: many(member, MEMBERS_MAX),
  missing: many(member, MEMBERS_MAX),
});
export type Rolling = z.output<typeof Rolling>;

export const CrapsPart = record({
  config: TableConfig,
  state: TableState,
  /** What the bank may be made to owe: moves are judged by it. */
  bank: chips,
  /** By place; null where nobody sits. */
  players: many(orNull(Player), SEATS_MAX),
  /** When the table rolls by itself; null where it waits. */
  closesAt: orNull(timeMs),
  rolling: orNull(Rolling),
  /** The last that fell or was called off; 0 before the first. */
  lastRoll: count,
});
export type CrapsPart = z.output<typeof CrapsPart>;
