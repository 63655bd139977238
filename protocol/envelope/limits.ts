/** Bounds that only envelopes have, each with its unit and reason. */
import { BODY_SIZE_MAX, PACK_ABOVE, SIGNATURE_SIZE } from "../core/limits.ts";

/** What is said openly, unpacked and with its tag: what fits a packet without being packed, so that any relay may unpack it. */
export const SAID_SIZE_MAX = BODY_SIZE_MAX;
/** Up to this size what is said is not packed: what there is of it beside a signature repeats too little. */
export const SAID_PACK_ABOVE = PACK_ABOVE + SIGNATURE_SIZE;
/** Two bytes. Whoever has said one thing so often begins again at 0, which no relay remembers any more. */
export const SAID_REPEAT_MAX = 0x3fff;
