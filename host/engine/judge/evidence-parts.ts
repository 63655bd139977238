/**
 * Evidence that is longer than an operation is ordered in parts. Each part names the next by its digest, so that the first names them
 * all: what does not belong to it is refused at once and kept nowhere, and whoever has seen the same offence brings the same bytes
 * and may go on where another stopped. A set is judged when its last part is there. Part of the agreed state.
 */
import { blob } from "../../../protocol/bytes/blobs.ts";
import { decode, encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { optional, struct } from "../../../protocol/bytes/compound.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { compress } from "../../../protocol/bytes/lz4-compress.ts";
import { decompress } from "../../../protocol/bytes/lz4-decompress.ts";
import { byteUpTo } from "../../../protocol/bytes/numbers.ts";
import { type AgreedMillis, agreedMillis, type Epoch as EpochNumber } from "../../../protocol/core/units.ts";
import { AgreedTime, Digest, Epoch, PublicKey } from "../../../protocol/message/fields.ts";
import { type Refused, refused } from "../ledger/refusal.ts";
import type { Ports } from "../ports.ts";
import {
  EVIDENCE_OPEN_MAX,
  EVIDENCE_PACKED_SIZE_MAX,
  EVIDENCE_PART_SIZE_MAX,
  EVIDENCE_PART_WAIT_MS,
  EVIDENCE_PARTS_MAX,
  EVIDENCE_WHOLE_SIZE_MAX,
} from "./limits.ts";
import { Proof } from "./proof.ts";

export const EvidencePart = struct("EvidencePart", {
  /** Which the whole proves: what is known already is not brought again. */
  offence: Digest,
  index: byteUpTo(EVIDENCE_PARTS_MAX - 1),
  /** Of the part that follows; nothing in the last. */
  next: optional(Digest),
  bytes: blob(EVIDENCE_PART_SIZE_MAX),
});
export type EvidencePart = ValueOf<typeof EvidencePart>;

/** What is not complete yet. */
export const OpenEvidence = struct("OpenEvidence", {
  /** Of the first part. */
  name: Digest,
  /** Who began it, and may begin no other meanwhile. */
  by: PublicKey,
  count: byteUpTo(EVIDENCE_PARTS_MAX),
  /** The one part that is taken. */
  next: Digest,
  bytes: blob(EVIDENCE_PACKED_SIZE_MAX),
  until: AgreedTime,
});
export type OpenEvidence = ValueOf<typeof OpenEvidence>;

const WholeEvidence = struct("WholeEvidence", { epoch: Epoch, proof: Proof });
export type WholeEvidence = ValueOf<typeof WholeEvidence>;

export type PartRefusal = "evidence open" | "evidence full" | "not the next part" | "too long";

export type Taken =
  | { readonly ok: true; readonly open: readonly OpenEvidence[]; readonly packed: Uint8Array | undefined }
  | Refused<PartRefusal>;

/** Undefined where there would be too many: view changes with certificates of many views. The same bytes at every witness. */
export function cutEvidence(
  ports: Pick<Ports, "digest">,
  offence: Uint8Array,
  epoch: EpochNumber,
  proof: Proof,
): readonly EvidencePart[] | undefined {
  const whole = encode(WholeEvidence, { epoch, proof });
  // Members show each other's votes: the same ballots stand in one wish and in the next.
  const packed = compress(whole);
  if (whole.length > EVIDENCE_WHOLE_SIZE_MAX || packed.length > EVIDENCE_PACKED_SIZE_MAX) return undefined;
  const parts: EvidencePart[] = [];
  for (let index = Math.ceil(packed.length / EVIDENCE_PART_SIZE_MAX) - 1; index >= 0; index--) {
    const from = index * EVIDENCE_PART_SIZE_MAX;
    const bytes = packed.slice(from, from + EVIDENCE_PART_SIZE_MAX);
    const next = parts.length === 0 ? undefined : partDigest(ports, parts[0]);
    parts.unshift({ offence, index, next, bytes });
  }
  return parts;
}

/** What becomes of those that are open. `packed` is there with the last part, and then nothing of it is open any more. */
export function takePart(
  open: readonly OpenEvidence[],
  part: EvidencePart,
  by: Uint8Array,
  time: AgreedMillis,
  ports: Pick<Ports, "digest">,
): Taken {
  const name = partDigest(ports, part);
  const until = agreedMillis(time + EVIDENCE_PART_WAIT_MS);
  if (part.index === 0) return takeFirst(open, part, name, by, until);
  const begun = open.find((each) => each.count === part.index && bytesEqual(each.next, name));
  if (begun === undefined) return refused("not the next part");
  const bytes = joined(begun.bytes, part.bytes);
  if (part.next === undefined) return { ok: true, open: open.filter((each) => each !== begun), packed: bytes };
  if (part.index + 1 === EVIDENCE_PARTS_MAX) return refused("too long");
  const longer = { ...begun, count: begun.count + 1, next: new Uint8Array(part.next), bytes, until };
  return { ok: true, open: open.map((each) => (each === begun ? longer : each)), packed: undefined };
}

function takeFirst(
  open: readonly OpenEvidence[],
  { next, bytes }: EvidencePart,
  name: Uint8Array,
  by: Uint8Array,
  until: AgreedMillis,
): Taken {
  if (next === undefined) return { ok: true, open, packed: bytes };
  const begun = open.find((each) => bytesEqual(each.name, name));
  // Who comes second goes on with what the first has begun, however long ago that was.
  if (begun !== undefined) {
    return { ok: true, open: open.map((each) => (each === begun ? { ...begun, until } : each)), packed: undefined };
  }
  if (open.some((each) => bytesEqual(each.by, by))) return refused("evidence open");
  if (open.length === EVIDENCE_OPEN_MAX) return refused("evidence full");
  const first = { name, by: new Uint8Array(by), count: 1, next: new Uint8Array(next), bytes: new Uint8Array(bytes) };
  return { ok: true, open: [...open, { ...first, until }], packed: undefined };
}

/** Undefined where the bytes are none. */
export function readEvidence(packed: Uint8Array): WholeEvidence | undefined {
  const unpacked = decompress(packed, EVIDENCE_WHOLE_SIZE_MAX);
  const decoded = unpacked.ok ? decode(WholeEvidence, unpacked.bytes) : undefined;
  return decoded?.ok ? decoded.value : undefined;
}

/** Whoever begins and does not go on keeps others from their place for so long at most. */
export const expireParts = (open: readonly OpenEvidence[], time: AgreedMillis): readonly OpenEvidence[] =>
  open.some(({ until }) => until <= time) ? open.filter(({ until }) => until > time) : open;

const partDigest = (ports: Pick<Ports, "digest">, part: EvidencePart): Uint8Array =>
  ports.digest("hardway evidence part", encode(EvidencePart, part));

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
