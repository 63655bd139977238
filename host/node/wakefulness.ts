/**
 * How deep a kiosk sleeps: as it was told, and not at all for as long as somebody waits for something. Asleep its radios carry what is
 * critical and nothing else, so that a wish would wait for ever; at low power they cut what they carry small. The links' interval may
 * stay what it was, for stock boards ask for none: so what is told, and waited for, is what it was told.
 */
import type { Message } from "../../protocol/message/kinds.ts";
import type { PowerState } from "../../protocol/power/rules.ts";
import type { Letter } from "../mesh/judge.ts";
import { AWAKE_MS } from "./limits.ts";

export interface Wakefulness {
  told: PowerState;
  /** By what it heard or was asked for. */
  awakeUntil: number;
}

export const wakefulness = (): Wakefulness => ({ told: "active", awakeUntil: Number.NEGATIVE_INFINITY });

export function rouse(of: Wakefulness, at: number): void {
  of.awakeUntil = at + AWAKE_MS;
}

/** Whether what was heard means that somebody waits: not what members say of themselves now and then. */
export const isRousing = (letter: Letter): boolean => "said" in letter || !isRoutine(letter.message);

const isRoutine = (message: Message): boolean =>
  message.type === "heartbeat" || (message.type === "stateSync" && message.step.type === "status");

export const powerNow = ({ told, awakeUntil }: Wakefulness, at: number, isWaiting: boolean): PowerState =>
  saves(told) && (isWaiting || at < awakeUntil) ? "active" : told;

/** Where not everything passes, and what passes goes in small pieces. */
const saves = (told: PowerState): boolean => told === "sleep" || told === "lowPower";

/** When it may be time to. */
export const sleepsAt = ({ told, awakeUntil }: Wakefulness, at: number): number =>
  saves(told) && awakeUntil > at ? awakeUntil : Number.POSITIVE_INFINITY;
