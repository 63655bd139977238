/** What two ends of a session say to each other while their people compare codes. */
import { blob, bytes } from "../../protocol/bytes/blobs.ts";
import { decode, type ValueOf } from "../../protocol/bytes/codec.ts";
import { struct, union } from "../../protocol/bytes/compound.ts";
import { bool } from "../../protocol/bytes/numbers.ts";
import { Digest, TableId } from "../../protocol/message/fields.ts";
import { GIVEN_ABOUT_SIZE_MAX, PAIRING_NONCE_SIZE, TABLE_SECRET_SIZE } from "./limits.ts";

/** What makes a kiosk one of a table, until it is a member: how to be recognised, and to be spoken to; and what its members wrote
 * down of it, which is read where it was written. */
export const GivenTable = struct("GivenTable", {
  id: TableId,
  secret: bytes(TABLE_SECRET_SIZE),
  about: blob(GIVEN_ABOUT_SIZE_MAX),
});
export type GivenTable = ValueOf<typeof GivenTable>;

const Drawn = bytes(PAIRING_NONCE_SIZE);

export const PairingRecord = union("PairingRecord", {
  commit: [0x01, struct("PairingCommit", { commitment: Digest })],
  number: [0x02, struct("PairingNumber", { number: Drawn })],
  reveal: [0x03, struct("PairingReveal", { number: Drawn })],
  answer: [0x04, struct("PairingAnswer", { isSame: bool })],
  give: [0x05, struct("PairingGive", { table: GivenTable })],
  taken: [0x06, struct("PairingTaken", {})],
});
export type PairingRecord = ValueOf<typeof PairingRecord>;

/** Undefined of what has no such layout. */
export function pairingRecordOf(body: Uint8Array): PairingRecord | undefined {
  const decoded = decode(PairingRecord, body);
  return decoded.ok ? decoded.value : undefined;
}
