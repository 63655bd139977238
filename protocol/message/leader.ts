/** Who would lead, and who agrees. A term is a view: it moves only by a quorum of view changes, whatever is said here. */
import type { ValueOf } from "../bytes/codec.ts";
import { struct } from "../bytes/compound.ts";
import { varint } from "../bytes/numbers.ts";
import { MemberIndex, Place, View } from "./fields.ts";

/** In thousandths: links, power and latency as the kiosk itself rates them. */
export const PRIORITY_SCORE_MAX = 1000;

export const LeaderProposal = struct("LeaderProposal", {
  term: View,
  priorityScore: varint(PRIORITY_SCORE_MAX),
  executed: Place,
});
export type LeaderProposal = ValueOf<typeof LeaderProposal>;

export const LeaderAccept = struct("LeaderAccept", {
  term: View,
  leader: MemberIndex,
  /** As it was proposed: two proposals of one term are told apart. */
  priorityScore: varint(PRIORITY_SCORE_MAX),
});
export type LeaderAccept = ValueOf<typeof LeaderAccept>;
