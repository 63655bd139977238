/** Each kiosk has two clocks: one that only goes on, from anywhere, and one on its wall. */
import { type Millis, millis } from "../../protocol/core/units.ts";
import type { Kiosk } from "./sim.ts";

/** The beginning of time at this table. */
export const WALL_MS = 1_790_000_000_000;

export const localNow = (of: Kiosk, now: number): Millis => millis(of.startAt + (now - of.startedAt) * of.rate);

export const wallOf = (of: Kiosk, now: number): number => Math.max(0, Math.floor(WALL_MS + now + of.offsetMs));

/** From here on at another pace; what it shows does not jump. */
export function setRate(of: Kiosk, now: number, rate: number): void {
  of.startAt = localNow(of, now);
  of.startedAt = now;
  of.rate = rate;
}
