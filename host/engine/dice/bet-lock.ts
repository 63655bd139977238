/** What a roll is about, fixed before anybody can know what it brings: which bets stand, and what players shook into it. */
import { blob } from "../../../protocol/bytes/blobs.ts";
import { encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { list, struct } from "../../../protocol/bytes/compound.ts";
import { varint } from "../../../protocol/bytes/numbers.ts";
import { Digest, Epoch, TableId } from "../../../protocol/message/fields.ts";
import { NONCE_SIZE_MAX, NONCES_MAX, ROLL_NUMBER_MAX } from "./limits.ts";
import type { DicePorts } from "./ports.ts";

/** Counted from the table's first, and never used twice: not after a void either. */
export const RollNumber = varint(ROLL_NUMBER_MAX);

export const BetLock = struct("BetLock", {
  roll: RollNumber,
  /** Of all bets that stand, by the rules of the game. */
  betRoot: Digest,
  /** By seat, where a player shook the kiosk. Whoever locks the bets may choose them: they add chance and take none away. */
  nonces: list(blob(NONCE_SIZE_MAX), NONCES_MAX),
});
export type BetLock = ValueOf<typeof BetLock>;

/** What all randomness of a roll is bound to. */
export const RollInput = struct("RollInput", { table: TableId, epoch: Epoch, roll: RollNumber, lock: Digest });
export type RollInput = ValueOf<typeof RollInput>;

export const lockDigest = (ports: DicePorts, lock: BetLock): Uint8Array =>
  ports.digest("hardway bet lock", encode(BetLock, lock));

export const inputDigest = (ports: DicePorts, input: RollInput): Uint8Array =>
  ports.digest("hardway roll input", encode(RollInput, input));
