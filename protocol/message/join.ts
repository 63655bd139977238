/** How a kiosk asks for a place at a table. */
import { blob, text } from "../bytes/blobs.ts";
import { about, type ValueOf } from "../bytes/codec.ts";
import { choice, struct } from "../bytes/compound.ts";
import { byteUpTo, u8, u32, varint } from "../bytes/numbers.ts";
import { JOIN_PROOF_SIZE_MAX, MEMBERS_MAX, NAME_SIZE_MAX, SEATS_MAX } from "../core/limits.ts";
import { ascending, bytesComeBefore, Epoch, ObjectName, OwnTime, Place, PublicKey, Reason, View } from "./fields.ts";

/** See `core/version.ts`. */
export const Version = struct("Version", { major: u8, minor: u8, features: u32 });

export const Participant = struct("Participant", {
  key: PublicKey,
  name: text(NAME_SIZE_MAX),
  seats: byteUpTo(SEATS_MAX),
});
export type Participant = ValueOf<typeof Participant>;

export const JoinRequest = struct("JoinRequest", {
  version: Version,
  software: text(NAME_SIZE_MAX),
  name: text(NAME_SIZE_MAX),
  role: choice("JoinRole", { member: 1, spectator: 2 }),
  /** How many places it wants. */
  seats: byteUpTo(SEATS_MAX),
  /** What the identity cost and what is at stake; how it is read is the table's rule. */
  proof: blob(JOIN_PROOF_SIZE_MAX),
});
export type JoinRequest = ValueOf<typeof JoinRequest>;

export const JoinAccept = struct("JoinAccept", {
  /** What both sides can do. */
  version: Version,
  applicant: PublicKey,
  epoch: Epoch,
  view: View,
  checkpoint: Place,
  /** The state at the checkpoint. */
  state: ObjectName,
  participants: ascending(Participant, MEMBERS_MAX, (left, right) => bytesComeBefore(left.key, right.key)),
  founders: about(
    ascending(PublicKey, MEMBERS_MAX, bytesComeBefore),
    "whose table it was first: its history begins there",
  ),
  rules: about(varint(0xffff), "the version of the rules at the checkpoint"),
});
export type JoinAccept = ValueOf<typeof JoinAccept>;

export const JoinRefusal = choice("JoinRefusal", {
  otherMajorVersion: 1,
  missingFeature: 2,
  tableFull: 3,
  noSeatFree: 4,
  proofRefused: 5,
  clockOff: 6,
  excluded: 7,
  busy: 8,
  closed: 9,
});

export const JoinReject = struct("JoinReject", {
  version: Version,
  applicant: PublicKey,
  refusal: JoinRefusal,
  seatsFree: byteUpTo(SEATS_MAX),
  /** A kiosk whose clock is off learns by how much. */
  time: OwnTime,
  reason: Reason,
});
export type JoinReject = ValueOf<typeof JoinReject>;
