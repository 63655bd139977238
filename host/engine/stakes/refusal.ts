/** Why an operation on stakes moved nothing, beside the reasons of the ledger. */
import type { LedgerRefusal } from "../ledger/refusal.ts";

export type StakeRefusal =
  | LedgerRefusal
  /** What would be staked then is less than the least stake, and not nothing. */
  | "below minimum"
  /** The account never staked. */
  | "not staked"
  /** Nothing is on its way out. */
  | "nothing unbonding"
  /** The agreed time has not come to when it may go. */
  | "still locked"
  /** Nothing leaves before the accusation is decided. */
  | "accused"
  /** There is no accusation to decide. */
  | "not accused"
  /** The same evidence counts once. */
  | "known evidence"
  /** So much evidence is remembered already that the kiosk takes no part. */
  | "evidence full"
  /** Rewards are paid once an interval. */
  | "too early";
