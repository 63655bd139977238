/** What becomes of an operation on dice: refused with a reason that people can read, or a change. The same on every kiosk. */
import type { TwoDice } from "./draw.ts";
import type { RollProof } from "./roll-proof.ts";

export type DiceRefusal =
  | "not an operation"
  | "not a member"
  // --- the key ---
  | "another key"
  | "excluded"
  | "dealt already"
  | "dealt enough"
  | "bad dealing"
  | "other dealings"
  | "confirmed already"
  | "no such dealing"
  | "false complaint"
  // --- the roll ---
  | "another roll"
  | "a roll is open"
  | "not this way"
  | "wrong count"
  | "bad partial"
  | "wrong output"
  | "committed already"
  | "bad signature"
  | "too late"
  | "not committed"
  | "revealed already"
  | "opens nothing"
  | "too early"
  | "gave up already";

export type DiceChange =
  /** Nothing that people see. */
  | { readonly type: "noted" }
  /** A key serves from now on, or from the end of the open roll. */
  | { readonly type: "keyReady"; readonly number: number }
  /** A member dealt a wrong share, and everyone has seen the proof. */
  | { readonly type: "excluded"; readonly member: number }
  | {
      readonly type: "rolled";
      readonly roll: number;
      readonly dice: TwoDice;
      /** What any other game draws its outcome from. */
      readonly seed: Uint8Array;
      readonly proof: RollProof;
    }
  /** All bets go back; members that said a digest and not its secret lose this roll's deposit, at three and more. */
  | { readonly type: "void"; readonly roll: number; readonly forfeits: readonly number[] };

export type DiceAnswer =
  | { readonly ok: true; readonly change: DiceChange }
  | { readonly ok: false; readonly why: DiceRefusal };

export const refuse = (why: DiceRefusal): DiceAnswer => ({ ok: false, why });
export const NOTED: DiceAnswer = Object.freeze({ ok: true, change: Object.freeze({ type: "noted" }) });
