/** The bounds of a table, each with its unit and reason. */
import { assert } from "../../../protocol/core/assert.ts";
import { OBJECT_SIZE_MAX, OPERATION_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { EVIDENCE_OPEN_MAX } from "../judge/limits.ts";

/** Rolls of which the state keeps the proof: a kiosk that was away for a minute still finds what it missed. Older ones are in
 * each kiosk's own history. */
export const ROLLS_KEPT_MAX = 8;
/** For moves between two rolls, before the table goes on by itself: time to look, think and tap. */
export const MOVES_MS = 20_000;
/** A game's move, as bytes of its own layout. */
export const ACTION_SIZE_MAX = 64;
/** Of a refusal, a word of the game or of the ledger. */
export const WHY_SIZE_MAX = 48;
/** Dice operations are the longest: a dealing for ten. */
export const INNER_SIZE_MAX = OPERATION_SIZE_MAX - 4;
/** Epochs whose offences can still be brought: members rarely change more often in a month. */
export const EPOCHS_KEPT_MAX = 16;
/** The parts of a snapshot, each as large as its layout may become. */
export const LEDGER_SIZE_MAX = 107_520;
export const STAKES_SIZE_MAX = 122_880;
export const DICE_SIZE_MAX = 24_576;
export const PLAY_SIZE_MAX = 16_640;
export const PROOF_SIZE_MAX = 2_048;
export const JUDGE_SIZE_MAX = 107_520;
export const EPOCH_SIZE_MAX = 512;
/** Evidence that is not complete yet. */
export const OPEN_SIZE_MAX = 13_440;
/** What the consensus keeps of its clients beside, above all the last replies. */
const CLIENTS_SIZE_MAX = 45_056;

assert(
  LEDGER_SIZE_MAX +
    STAKES_SIZE_MAX +
    DICE_SIZE_MAX +
    PLAY_SIZE_MAX +
    JUDGE_SIZE_MAX +
    ROLLS_KEPT_MAX * PROOF_SIZE_MAX +
    EPOCHS_KEPT_MAX * EPOCH_SIZE_MAX +
    EVIDENCE_OPEN_MAX * OPEN_SIZE_MAX +
    CLIENTS_SIZE_MAX <
    OBJECT_SIZE_MAX,
  "a table's state is one object",
);
