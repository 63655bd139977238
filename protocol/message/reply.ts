/** What a request came to. Each member that executes it says so, sealed, and nobody's word is enough. */
import { blob } from "../bytes/blobs.ts";
import type { ValueOf } from "../bytes/codec.ts";
import { struct } from "../bytes/compound.ts";
import { RESULT_SIZE_MAX } from "../core/limits.ts";
import { Counter, Digest, MemberIndex, SeatOrKiosk, Sequence, View } from "./fields.ts";

/** The client believes f + 1 that are equal. */
export const Reply = struct("Reply", {
  view: View,
  sequence: Sequence,
  /** Of the request. */
  digest: Digest,
  client: MemberIndex,
  seat: SeatOrKiosk,
  number: Counter,
  result: blob(RESULT_SIZE_MAX),
});
export type Reply = ValueOf<typeof Reply>;
