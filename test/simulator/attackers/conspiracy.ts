/** What the attackers of one table know together. */
import type { Ports } from "../../../host/engine/ports.ts";
import type { Place } from "../../../protocol/message/fields.ts";

export interface Conspiracy {
  /** By place: each may sign for the others. */
  readonly ports: Map<number, Ports>;
  /** Which of two histories a kiosk is told: one bit a place. */
  sides: number;
  /** By place, those who vote for whatever each side is told. */
  readonly doubleVoters: number[];
  /** The last two histories that were told. */
  told: { readonly epoch: number; readonly view: number; readonly left: Place; readonly right: Place } | undefined;
}

export const conspiracy = (): Conspiracy => ({
  ports: new Map(),
  sides: 0b0101010101,
  doubleVoters: [],
  told: undefined,
});

export const isRight = (of: Conspiracy, place: number): boolean => ((of.sides >> place) & 1) === 1;
