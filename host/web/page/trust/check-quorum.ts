/** Who signed that the table agreed: checked by the engine's own rule, with the members' keys of the proof beside it. It says that
 * this place in the table's record was agreed on; which dice lie there, the proof says. */
import { Certificate } from "../../../../protocol/agreement/certificate.ts";
import { decode } from "../../../../protocol/bytes/codec.ts";
import { verifyCertificate } from "../../../engine/consensus/certificates.ts";
import type { DicePorts } from "../../../engine/dice/ports.ts";
import type { RollKeys } from "../../../engine/dice/verify-roll.ts";

export interface QuorumFacts {
  readonly isSound: boolean;
  readonly sequence: number;
  readonly view: number;
  readonly signers: readonly number[];
}

/** Undefined where the file holds none. */
export function checkQuorum(ports: DicePorts, keys: RollKeys, text: string): QuorumFacts | undefined {
  const bytes = certificateIn(text);
  if (bytes === undefined) return undefined;
  const decoded = decode(Certificate, bytes);
  if (!decoded.ok) return { isSound: false, sequence: 0, view: 0, signers: [] };
  const { sequence, view, ballots } = decoded.value;
  const { digest, verify } = ports;
  const verdict = verifyCertificate(keys, { digest, verify, sign: neverAsked }, decoded.value);
  return { isSound: verdict.ok, sequence, view, signers: ballots.map(({ sender }) => sender) };
}

/** Without what the kiosk sends beside it: what people keep, and what fits into codes. */
export function proofAlone(text: string): string {
  const { quorum: _, ...file } = JSON.parse(text) as { readonly [name: string]: unknown };
  return JSON.stringify(file);
}

function certificateIn(text: string): Uint8Array | undefined {
  const { quorum } = JSON.parse(text) as { readonly quorum?: { readonly certificate?: unknown } | null };
  const hex = quorum?.certificate;
  if (typeof hex !== "string" || !/^(?:[0-9a-f]{2})+$/.test(hex)) return undefined;
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function neverAsked(): never {
  throw new Error("a verifier signs nothing");
}
