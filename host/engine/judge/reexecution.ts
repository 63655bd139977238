/**
 * What the log has to say to a claim, so that nobody need be asked: a batch that is executed again gives the answers that were
 * recorded or others; and evidence that proves an offence proves it to everyone. The same on every replica.
 */
import { decode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { Sequence } from "../../../protocol/core/units.ts";
import type { DisputeClaim } from "../../../protocol/message/dispute.ts";
import type { Machine, Operation } from "../machine.ts";
import type { Ports } from "../ports.ts";
import type { Reexecuted } from "./dispute.ts";
import { type Bench, type OperationLaw, Proof, verdictOf } from "./proof.ts";

/** One batch of the past, with all that is needed to live through it again. */
export interface LoggedBatch {
  /** Of the state before it. */
  readonly snapshot: Uint8Array;
  readonly operations: readonly Operation[];
  /** What was answered then, one to each. */
  readonly answers: readonly Uint8Array[];
}

export interface LogPorts<S> {
  readonly machine: Machine<S>;
  /** Undefined where the log reaches no further back. */
  batchAt(sequence: Sequence): LoggedBatch | undefined;
  readonly bench: Bench;
  readonly ports: Ports;
  readonly law: OperationLaw;
}

export function reexecute<S>(of: LogPorts<S>, claim: DisputeClaim): Reexecuted {
  switch (claim.kind) {
    case "invalidBet":
    case "invalidRoll":
    case "invalidPayout":
      return again(of.machine, of.batchAt(claim.sequence));
    case "doubleSpending":
    case "consensusViolation":
    case "failedReveal":
    case "invalidSignature":
      return proved([of.bench], of.ports, of.law, claim, of.bench.members[claim.suspect]);
    case "timeout":
      // The log knows what was ordered, not what was not.
      return "undecidable";
  }
}

/** Upheld where any answer was another than it should have been. */
function again<S>(machine: Machine<S>, logged: LoggedBatch | undefined): Reexecuted {
  if (logged === undefined) return "undecidable";
  const state = machine.restore(logged.snapshot);
  const [first] = logged.operations;
  if (state === undefined || first === undefined) return "undecidable";
  machine.advance(state, first.time);
  for (const [at, operation] of logged.operations.entries()) {
    const recorded = logged.answers[at];
    if (recorded === undefined || !bytesEqual(machine.execute(state, operation), recorded)) return "upheld";
  }
  return "rejected";
}

/** By what is shown alone, without any log. What is no proof at all may still be something that members have seen; a proof of
 * whatever epoch speaks of a key. */
export function proved(
  benches: readonly Bench[],
  ports: Ports,
  law: OperationLaw,
  { evidence }: Pick<DisputeClaim, "evidence">,
  suspect: Uint8Array | undefined,
): Reexecuted {
  const decoded = decode(Proof, evidence);
  if (!decoded.ok || suspect === undefined) return "undecidable";
  const { value } = decoded;
  const isProved = benches.some((bench) => {
    const found = verdictOf(bench, ports, law, value);
    return found !== undefined && bytesEqual(found.key, suspect);
  });
  return isProved ? "upheld" : "rejected";
}

/** Kinds of claims that evidence proves or does not; the others want the log, or what members have seen. */
export const isProvable = ({ kind }: Pick<DisputeClaim, "kind">): boolean => PROVABLE.includes(kind);

const PROVABLE: readonly DisputeClaim["kind"][] = Object.freeze([
  ...(["doubleSpending", "consensusViolation", "failedReveal", "invalidSignature"] as const),
]);
