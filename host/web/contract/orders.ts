/** What people at a kiosk may ask for. Orders of players are open to whoever stands there; an operator's want a session. */
import { z } from "zod";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { CHIPS_ON_BET_MAX } from "../../engine/games/craps/limits.ts";
import { LEVELS, PARTS } from "../../logs/levels.ts";
import { CHEATS } from "./cheats.ts";
import { betCode } from "./craps-part.ts";
import { kioskNumber } from "./faults-part.ts";
import { many, orNull, record, share, word } from "./forms.ts";
import { LABEL_LENGTH_MAX, PAUSE_MAX_MS, SETTING_LENGTH_MAX } from "./limits.ts";
import { ownSeat } from "./own-part.ts";

/** Left out, the first of the kiosk. */
const seat = ownSeat.optional();
const chips = z.int().min(1).max(CHIPS_ON_BET_MAX);
const type = <const T extends string>(name: T) => z.literal(name);

export const PlayerOrder = z.discriminatedUnion("type", [
  record({ type: type("sit"), seat }),
  record({ type: type("leave"), seat }),
  /** So many chips more. */
  record({ type: type("bet"), seat, code: betCode, chips }),
  /** So many chips less; a bet that is not locked yet comes back by this. */
  record({ type: type("take"), seat, code: betCode, chips }),
  record({ type: type("call"), seat, code: betCode, working: z.enum(["usual", "on", "off"]) }),
  record({ type: type("roll"), seat }),
  record({ type: type("passDice"), seat }),
  record({ type: type("rebuy"), seat }),
]);
export type PlayerOrder = z.output<typeof PlayerOrder>;

const FaultOrder = z.discriminatedUnion("fault", [
  /** Of what the air carries, this share is lost. */
  record({ type: type("fault"), fault: type("loss"), share }),
  record({ type: type("fault"), fault: type("kill"), kiosk: kioskNumber }),
  /** A killed kiosk comes back. */
  record({ type: type("fault"), fault: type("start"), kiosk: kioskNumber }),
  /** Kiosks of different groups do not hear each other. */
  record({ type: type("fault"), fault: type("partition"), groups: many(many(kioskNumber, MEMBERS_MAX), MEMBERS_MAX) }),
  /** In that way until it is healed, or is told to be honest again. */
  record({ type: type("fault"), fault: type("cheat"), kiosk: kioskNumber, cheat: orNull(z.enum(CHEATS)) }),
  /** All is well again. */
  record({ type: type("fault"), fault: type("heal") }),
]);
export type FaultOrder = z.output<typeof FaultOrder>;

export const OperatorOrder = z.discriminatedUnion("type", [
  /** 0: go on. */
  record({ type: type("pause"), ms: z.int().min(0).max(PAUSE_MAX_MS) }),
  /** As `config set` takes it; null: as if the file did not say it. */
  record({ type: type("set"), key: word, value: z.string().max(SETTING_LENGTH_MAX).nullable() }),
  record({ type: type("backup") }),
  /** Of one part, or where the part is left out of all that have none of their own. */
  record({ type: type("logLevel"), part: z.enum(PARTS).optional(), level: z.enum(LEVELS) }),
  /** A radio blinks, so that a person finds it; or starts anew. */
  record({ type: type("identify"), device: z.string().max(LABEL_LENGTH_MAX) }),
  record({ type: type("restartRadio"), device: z.string().max(LABEL_LENGTH_MAX) }),
  /** Begin and cancel, and what somebody who has looked at both screens says of the digits. */
  record({ type: type("pair"), step: z.enum(["begin", "same", "different", "cancel"]) }),
  FaultOrder,
]);
export type OperatorOrder = z.output<typeof OperatorOrder>;
export type PairOrder = Extract<OperatorOrder, { readonly type: "pair" }>;

export const Order = z.discriminatedUnion("type", [PlayerOrder, OperatorOrder]);
export type Order = PlayerOrder | OperatorOrder;

const PLAYER_TYPES: readonly string[] = Object.freeze([
  ...["sit", "leave", "bet", "take", "call", "roll", "passDice", "rebuy"],
]);

export const isPlayerOrder = (order: Order): order is PlayerOrder => PLAYER_TYPES.includes(order.type);
