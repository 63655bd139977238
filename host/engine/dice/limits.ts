/** What dice hold and how long they wait: bounds, each with its unit and reason. */
import { assert } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX, OPERATION_SIZE_MAX, SEATS_MAX } from "../../../protocol/core/limits.ts";
import { quorum } from "../consensus/quorum.ts";

/** An element of the group, whichever it is: ristretto255 fills it, the stand-in of tests pads. */
export const ELEMENT_SIZE = 32;
/** A number below the group's order, little-endian. */
export const SCALAR_SIZE = 32;
/** What one hash gives to draw from. */
export const SEED_SIZE = 64;
/** A player's secret of commit–reveal, and what hides it; each as long as the digest that binds them. */
export const SECRET_SIZE = 32;
export const SALT_SIZE = 32;

/** Partials that make a roll, dealings that make a key. */
export const THRESHOLD_MAX = quorum(MEMBERS_MAX);
/** A seat shakes its kiosk as long as it likes; this is what is left of it after hashing. */
export const NONCE_SIZE_MAX = 16;
export const NONCES_MAX = SEATS_MAX;
/** Keys made in a table's life, and rolls thrown: further than a venue ever comes. */
export const KEY_NUMBER_MAX = 2 ** 28 - 1;
export const ROLL_NUMBER_MAX = 2 ** 35 - 1;
/** Hashes drawn from for one outcome. Even a chance of ½ a draw fails that long once in 2^(64 · 64) rolls. */
export const STREAM_BLOCKS_MAX = 64;
/** Outcomes that one draw decides between: three dice are 216, a wheel 38. */
export const OUTCOMES_MAX = 2 ** 16;

/** Agreed time for each step of a roll: what people take for a pause, with a view change inside. */
export const COMMIT_MS = 15_000;
export const REVEAL_MS = 15_000;
export const SETTLE_MS = 15_000;
/** By rank, so that a settlement is ordered once and not by everyone; a request takes less over two hops. */
export const SETTLE_STAGGER_MS = 400;
/** Partials beyond the threshold's number help only where one of the first does not come: after two hops and back. */
export const PARTIAL_PATIENCE_MS = 400;
/** What was said to the air and did not settle the roll is said again, and each time after twice as long: where the air is slow its
 * repeats are what it is slow with. */
export const PARTIAL_REPEAT_MS = 1000;
export const PARTIAL_DOUBLINGS_MAX = 4;
/** A wish that agreement did not fulfil is ordered again: longer than a view change usually takes. */
export const ORDER_REPEAT_MS = 10_000;
/** Dealings beyond the threshold's number help only where one of the first does not come. */
export const DEAL_PATIENCE_MS = 5000;

assert(
  THRESHOLD_MAX * (1 + ELEMENT_SIZE + 2 * SCALAR_SIZE) + ELEMENT_SIZE + 16 <= OPERATION_SIZE_MAX,
  "a settlement is one operation",
);
assert(
  THRESHOLD_MAX * ELEMENT_SIZE + MEMBERS_MAX * SCALAR_SIZE + ELEMENT_SIZE + 3 * SCALAR_SIZE + 16 <= OPERATION_SIZE_MAX,
  "a dealing is one operation",
);
