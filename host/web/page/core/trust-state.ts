/** What the trust view is about: one roll, its proof, and what came of checking it here. */
import type { CheckedRoll } from "../trust/check-roll.ts";

export type TrustState =
  | { readonly type: "none" }
  | { readonly type: "loading"; readonly roll: number }
  | { readonly type: "missing"; readonly roll: number }
  | TrustShown;

export interface TrustShown {
  readonly type: "shown";
  readonly roll: number;
  /** The proof's file, as the kiosk gave it. */
  readonly text: string;
  /** Undefined while it is being checked. */
  readonly checked: CheckedRoll | undefined;
  /** How often somebody has tried to cheat: each time another byte. */
  readonly tamperCount: number;
  readonly tamperAt: number | undefined;
  /** Which of the codes is shown; undefined: none. */
  readonly code: number | undefined;
}
