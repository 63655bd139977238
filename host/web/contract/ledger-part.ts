/** Where all chips are. */
import { z } from "zod";
import { chips, count, gain, orNull, record, timeMs, word } from "./forms.ts";

export const LedgerPart = record({
  minted: chips,
  bank: chips,
  /** Of the bank, what the bets that stand may cost it. */
  reserved: chips,
  pool: chips,
  burned: chips,
  /** Of all players: to play with, in bets, vouching. */
  free: chips,
  locked: chips,
  staked: chips,
  accounts: count,
  /** Every chip that was made is somewhere. */
  isBalanced: z.boolean(),
  /** What is wrong, if it is not, and by how much. */
  fault: orNull(word),
  difference: gain,
  auditedAt: timeMs,
});
export type LedgerPart = z.output<typeof LedgerPart>;

/** A table's ledger as a file, which `hardway ledger audit FILE` reads: accounts, what a quorum has signed, and the kiosk's signature. */
export const LedgerFileText = z.record(z.string(), z.unknown()).readonly();
export type LedgerFileText = z.output<typeof LedgerFileText>;
