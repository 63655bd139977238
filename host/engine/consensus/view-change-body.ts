/** §7.2 whether a view change says nothing but what it proves. Claims need no proof: the rule that counts them bears liars. */
import { type SignedViewChange, ViewChangeBody } from "../../../protocol/agreement/certificate.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { SLOTS_MAX } from "../../../protocol/core/limits.ts";
import type { Place } from "../../../protocol/message/fields.ts";
import type { Ports } from "../ports.ts";
import { type CertificateFault, verifyCertificate, verifyCheckpointProof } from "./certificates.ts";
import type { Effect } from "./events.ts";
import type { Signers } from "./statements.ts";

export type BodyFault =
  | CertificateFault
  | "another view"
  | "view not below"
  | "prefix unproved"
  | "claims out of range";

/** The bytes are those of the name; undefined where they are nothing that an honest member wants. */
export function readBody(
  of: Signers & { readonly epochStart: Place },
  change: SignedViewChange,
  bytes: Uint8Array,
  effects: Effect[],
  ports: Ports,
): ViewChangeBody | undefined {
  const decoded = decode(ViewChangeBody, bytes);
  if (!decoded.ok) return undefined;
  const fault = faultOf(of, change, decoded.value, ports);
  if (fault === undefined) return decoded.value;
  effects.push({ type: "malformed", why: `view change: ${fault}` });
  return undefined;
}

export function faultOf(
  of: Signers & { readonly epochStart: Place },
  change: SignedViewChange,
  body: ViewChangeBody,
  ports: Ports,
): BodyFault | undefined {
  if (body.view !== change.view) return "another view";
  for (const { view } of body.certificates) if (view >= body.view) return "view not below";
  for (const claim of body.claims) {
    if (claim.view >= body.view || claim.sequence <= body.prefix.sequence) return "claims out of range";
    if (claim.sequence > body.prefix.sequence + 2 * SLOTS_MAX) return "claims out of range";
  }
  const { prefix, checkpoint, decision } = body;
  if (!samePlace(prefix, of.epochStart)) {
    if (checkpoint === undefined && decision === undefined) return "prefix unproved";
    if (checkpoint !== undefined) {
      const place = { sequence: checkpoint.header.sequence, digest: checkpoint.header.history };
      if (decision !== undefined || !samePlace(prefix, place)) return "prefix unproved";
      if (!verifyCheckpointProof(of, ports, checkpoint)) return "prefix unproved";
    }
    if (decision !== undefined) {
      if (decision.phase === "prepared" || decision.sequence !== prefix.sequence) return "prefix unproved";
      const verified = verifyCertificate(of, ports, decision);
      if (!verified.ok) return verified.why;
      const history = verified.proven.histories[prefix.sequence - decision.base.sequence];
      if (!bytesEqual(history, prefix.digest)) return "prefix unproved";
    }
  }
  for (const certificate of body.certificates) {
    if (certificate.phase !== "prepared" || certificate.sequence <= prefix.sequence) return "wrong role";
    const verified = verifyCertificate(of, ports, certificate);
    if (!verified.ok) return verified.why;
  }
  return undefined;
}

const samePlace = (left: Place, right: Place): boolean =>
  left.sequence === right.sequence && bytesEqual(left.digest, right.digest);
