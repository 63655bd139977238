/** The judge's seat at the table: evidence that is ordered, and what follows from it. The consensus brings its own evidence here,
 * and takes from here who has lost the seat; one offence is one, whichever way it came. */
import { Evidence } from "../../../protocol/agreement/evidence.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import type { AgreedMillis } from "../../../protocol/core/units.ts";
import {
  type Convicted,
  type ConvictionRefusal,
  type Court,
  type CourtPorts,
  convict,
  convictBy,
} from "../judge/conviction.ts";
import { findOffence } from "../judge/evidence-book.ts";
import { type EvidencePart, readEvidence, takePart } from "../judge/evidence-parts.ts";
import type { Refused } from "../ledger/refusal.ts";
import type { Ports } from "../ports.ts";
import { DONE, refuse, type TableAnswer } from "./answer.ts";
import { benchOf } from "./epochs.ts";
import { lawOf } from "./law.ts";
import { accountsOf } from "./players.ts";
import type { TableRules } from "./rules.ts";
import type { TableState } from "./state.ts";

type AnyAction = { readonly type: string };

/** A member shows what another has done. */
export function accuse<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  evidence: Uint8Array,
  time: AgreedMillis,
): TableAnswer {
  return told(state, convict(courtOf(state), courtPorts(rules, state), evidence, time));
}

function told(state: TableState<unknown>, done: Convicted | Refused<ConvictionRefusal>): TableAnswer {
  if (!done.ok) return refuse(done.why);
  castOut(state, done);
  const { offence, reason, chips, excluded } = done;
  return { type: "convicted", kind: offence.kind, reason, chips, excluded };
}

/** The same, a part at a time: judged when the last is there, by the proof alone, for whoever brought it is not believed anyway. */
export function bringPart<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  by: Uint8Array,
  part: EvidencePart,
  time: AgreedMillis,
): TableAnswer {
  if (findOffence(state.judge.book, part.offence) !== undefined) return refuse("known evidence");
  const taken = takePart(state.evidence, part, by, time, rules.ports);
  if (!taken.ok) return refuse(taken.why);
  state.evidence = taken.open;
  if (taken.packed === undefined) return DONE;
  const whole = readEvidence(taken.packed);
  if (whole === undefined) return refuse("no evidence");
  const bench = benchOf(rules.table, state.epochs, whole.epoch);
  if (bench === undefined) return refuse("another epoch");
  return told(state, convictBy(courtOf(state), courtPorts(rules, state), bench, whole.proof, time, part.offence));
}

/** What the consensus found to hold against a member of its epoch. True where it is news. */
export function convictAgreed<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  bytes: Uint8Array,
  time: AgreedMillis,
): boolean {
  const evidence = decode(Evidence, bytes);
  const bench = benchOf(rules.table, state.epochs, state.dice.epoch);
  if (!evidence.ok || bench === undefined) return false;
  const proof = { type: "agreement", evidence: evidence.value } as const;
  const done = convictBy(courtOf(state), courtPorts(rules, state), bench, proof, time);
  if (done.ok) castOut(state, done);
  return done.ok;
}

function castOut<S>(state: TableState<S>, { offence, excluded }: Convicted): void {
  const { key } = offence;
  const isMember = state.dice.members.some((member) => bytesEqual(member.key, key));
  if (!excluded || !isMember || state.outcasts.some((each) => bytesEqual(each, key))) return;
  state.outcasts = [...state.outcasts, new Uint8Array(key)];
}

const courtOf = ({ judge, stakes, ledger }: TableState<unknown>): Court => ({
  ...{ book: judge.book, points: judge.points, stakes, ledger },
});

function courtPorts<C, S, A extends AnyAction, O>(rules: TableRules<C, S, A, O>, state: TableState<S>): CourtPorts {
  return {
    ports: verifying(rules),
    law: lawOf(rules),
    benchOf: (epoch) => benchOf(rules.table, state.epochs, epoch),
    accountsOf: (key) => accountsOf(rules, state, key),
  };
}

/** A table checks what others have signed, and signs nothing. */
export const verifying = <C, S, A extends AnyAction, O>({ ports }: TableRules<C, S, A, O>): Ports => ({
  digest: ports.digest,
  verify: ports.verify,
  sign: () => {
    assert(false, "a table signs nothing");
  },
});
