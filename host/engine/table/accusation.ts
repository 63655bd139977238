/** What a kiosk orders when it has found that another cheats. */
import type { Evidence } from "../../../protocol/agreement/evidence.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { AgreedMillis } from "../../../protocol/core/units.ts";
import { CheatEvidence, giveEvidence } from "../judge/evidence.ts";
import { findOffence } from "../judge/evidence-book.ts";
import { cutEvidence } from "../judge/evidence-parts.ts";
import { type Proof, verdictOf } from "../judge/proof.ts";
import type { Ports } from "../ports.ts";
import { verifying } from "./court.ts";
import { benchOf } from "./epochs.ts";
import { lawOf } from "./law.ts";
import { INNER_SIZE_MAX } from "./limits.ts";
import { TableOperation } from "./operation.ts";
import type { TableRules } from "./rules.ts";
import type { TableState } from "./state.ts";

type AnyAction = { readonly type: string };

export type Accusing =
  | { readonly ok: true; readonly operation: Uint8Array }
  | { readonly ok: false; readonly why: "another epoch" | "not a member" | "proves nothing" | "known" | "too long" };

/** What agreement has found, in parts: the same from every kiosk that has found it. It was signed in an epoch of which there are
 * few. */
export function bring<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  evidence: Evidence,
): readonly Uint8Array[] {
  const proof = { type: "agreement", evidence } as const;
  for (const { epoch } of [...state.epochs].reverse()) {
    const bench = benchOf(rules.table, state.epochs, epoch);
    const found = bench === undefined ? undefined : verdictOf(bench, verifying(rules), lawOf(rules), proof);
    if (found === undefined) continue;
    if (findOffence(state.judge.book, found.id) !== undefined) return [];
    const parts = cutEvidence(rules.ports, found.id, epoch, proof) ?? [];
    return parts.map((part) => encode(TableOperation, { type: "evidencePart", ...part }).slice());
  }
  return [];
}

/** `proof` is of things signed in that epoch, `me` is this kiosk's own key, and `ports` sign with it. */
export function accusation<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  ports: Ports,
  me: Uint8Array,
  epoch: number,
  proof: Proof,
  time: AgreedMillis,
): Accusing {
  const bench = benchOf(rules.table, state.epochs, epoch);
  if (bench === undefined) return { ok: false, why: "another epoch" };
  const member = bench.members.findIndex((key) => bytesEqual(key, me));
  if (member < 0) return { ok: false, why: "not a member" };
  const evidence = giveEvidence(bench, ports, lawOf(rules), member, proof, time);
  if (evidence === undefined) return { ok: false, why: "proves nothing" };
  if (findOffence(state.judge.book, evidence.id) !== undefined) return { ok: false, why: "known" };
  const bytes = encode(CheatEvidence, evidence);
  // Anyone may read it; what agreement itself has found is brought in parts.
  if (bytes.length > INNER_SIZE_MAX) return { ok: false, why: "too long" };
  return { ok: true, operation: encode(TableOperation, { type: "accuse", evidence: bytes }) };
}
