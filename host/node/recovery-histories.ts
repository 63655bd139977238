/** What a certificate that somebody shows says of sequences that are decided here, held against what stands here: one look at
 * hashes, for whoever showed it was verified before. */
import { Certificate, CheckpointProof } from "../../protocol/agreement/certificate.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { sequence } from "../../protocol/core/units.ts";
import { historyAt, nextHistory } from "../engine/consensus/log.ts";
import type { Replica, World } from "../engine/consensus/state.ts";
import type { Certified } from "../engine/recovery/events.ts";

/** What proves the history that stands here. */
export function ownProof({ decision, stable }: Replica<unknown>): Uint8Array {
  if (decision !== undefined) return encode(Certificate, decision.certificate);
  return stable.proof === undefined ? new Uint8Array(0) : encode(CheckpointProof, stable.proof);
}

/** The own word and the other, where both are decided and differ. A certificate stands for everything below it, so the highest
 * sequence that is decided here as well tells. */
export function contradictionOf(
  of: Replica<unknown>,
  said: Certificate,
  { ports }: Pick<World<unknown>, "ports">,
): readonly [Certified, Certified] | undefined {
  if (said.phase === "prepared" || of.decision === undefined) return undefined;
  const at = Math.min(said.sequence, of.decision.place.sequence);
  if (at < said.base.sequence || at <= of.epochStart.sequence) return undefined;
  const ours = historyAt(of, at);
  let theirs = said.base.digest;
  for (let i = 0; i < at - said.base.sequence; i++) {
    if (said.names[i] === undefined) return undefined;
    theirs = nextHistory(ports, theirs, said.base.sequence + i + 1, said.names[i]!);
  }
  if (ours === undefined || bytesEqual(ours, theirs)) return undefined;
  return [
    { place: { sequence: sequence(at), digest: ours }, proof: ownProof(of) },
    { place: { sequence: sequence(at), digest: theirs }, proof: encode(Certificate, said) },
  ];
}
