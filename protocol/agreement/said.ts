/** What members say to agree, each signed by itself and not by what carries it: a vote is passed on, kept and shown as it was
 * said, and whoever receives it verifies it when it matters, not before. */
import { blob } from "../bytes/blobs.ts";
import { about, type ValueOf } from "../bytes/codec.ts";
import { optional, type Struct, struct, union } from "../bytes/compound.ts";
import { VIEW_CHANGE_INLINE_SIZE_MAX } from "../core/limits.ts";
import { CRITICAL, HIGH, NORMAL, type PacketClass } from "../core/packet-class.ts";
import { BallotSaid } from "./ballot.ts";
import { Certificate, CheckpointProof, SignedNewView, SignedViewChange } from "./certificate.ts";
import { RequestsSaid } from "./request.ts";

export const ViewChangeSaid = struct("ViewChangeSaid", {
  change: SignedViewChange,
  body: about(
    optional(blob(VIEW_CHANGE_INLINE_SIZE_MAX)),
    "a ViewChangeBody, of the name that is signed; without it, the body is an object of that name",
  ),
});
export type ViewChangeSaid = ValueOf<typeof ViewChangeSaid>;

const said = <B>(tag: number, packetClass: PacketClass, body: Struct<B>) => ({ tag, packetClass, body });

/** Votes and wishes for a view are what everyone waits for; proofs of what is over help those who are behind. A tag once given
 * is not given again. */
const SAYINGS = {
  requests: said(0x01, NORMAL, RequestsSaid),
  ballot: said(0x02, CRITICAL, BallotSaid),
  viewChange: said(0x03, CRITICAL, ViewChangeSaid),
  newView: said(0x04, HIGH, SignedNewView),
  certificate: said(0x05, HIGH, struct("CertificateSaid", { certificate: Certificate })),
  checkpoint: said(0x06, HIGH, struct("CheckpointSaid", { proof: CheckpointProof })),
} as const;

export type SaidType = keyof typeof SAYINGS;

export const Said = union("Said", cases());
export type Said = ValueOf<typeof Said>;

export interface SaidKind {
  readonly type: SaidType;
  readonly tag: number;
  readonly packetClass: PacketClass;
  /** With the tag. Where it is more than a packet, whoever says it keeps it within one. */
  readonly sizeMax: number;
}

const types = Object.keys(SAYINGS) as SaidType[];
const byType = Object.freeze(Object.fromEntries(types.map((type) => [type, row(type)]))) as {
  readonly [T in SaidType]: SaidKind;
};

export const saidKinds: readonly SaidKind[] = Object.freeze(types.map((type) => byType[type]));

export function saidKindOf(type: SaidType): SaidKind {
  return byType[type];
}

/** Nothing where nothing that is said has the tag. */
export function saidKindOfTag(tag: number): SaidKind | undefined {
  return saidKinds.find((kind) => kind.tag === tag);
}

type Cases = { readonly [T in SaidType]: readonly [tag: number, body: (typeof SAYINGS)[T]["body"]] };

function cases(): Cases {
  const entries = Object.entries(SAYINGS).map(([type, { tag, body }]) => [type, [tag, body]]);
  return Object.fromEntries(entries) as Cases;
}

function row(type: SaidType): SaidKind {
  const { tag, packetClass, body } = SAYINGS[type];
  return Object.freeze({ type, tag, packetClass, sizeMax: 1 + body.sizeMax });
}
