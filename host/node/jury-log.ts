/** What a kiosk still knows of how things came to be: the last states that were stable here, and the batches since, executed again
 * when somebody contests what one of them came to. */
import type { CheckpointProof } from "../../protocol/agreement/certificate.ts";
import type { SignedRequest } from "../../protocol/agreement/request.ts";
import { agreedMillis, epoch, millis } from "../../protocol/core/units.ts";
import { KIOSK_SEAT } from "../../protocol/message/fields.ts";
import type { Effect } from "../engine/consensus/events.ts";
import { executeSlot } from "../engine/consensus/execute.ts";
import { found } from "../engine/consensus/found.ts";
import { low, slotAt } from "../engine/consensus/log.ts";
import { restoreStable } from "../engine/consensus/restore.ts";
import type { Replica, Slot, World } from "../engine/consensus/state.ts";
import { setMembers } from "../engine/consensus/views.ts";
import type { LoggedBatch } from "../engine/judge/reexecution.ts";
import { STATES_REMEMBERED_MAX } from "./limits.ts";

export interface PastBatch extends LoggedBatch {
  /** One to each operation. */
  readonly requests: readonly SignedRequest[];
}

export interface JuryLog {
  /** After each turn: what became stable is remembered. */
  readonly note: () => void;
  /** Undefined of what lies further back, or in another epoch. */
  readonly batchAt: (sequence: number) => PastBatch | undefined;
  /** All that is remembered of what was ordered. */
  readonly requests: () => Generator<SignedRequest>;
}

interface Remembered {
  readonly sequence: number;
  readonly epoch: number;
  /** Without one it is the state that a table begins with. */
  readonly proof: CheckpointProof | undefined;
  readonly state: Uint8Array;
}

export function juryLog<S>(of: Replica<S>, founders: readonly Uint8Array[], world: World<S>): JuryLog {
  const states: Remembered[] = [];

  const slotOf = (at: number): Slot | undefined =>
    at > low(of) ? slotAt(of, at) : of.archive[at - low(of) - 1 + of.archive.length];

  /** As it was after `from`, in a replica of its own that promises nothing. */
  const begun = (from: Remembered): Replica<S> => {
    const { options, table } = of;
    const key = new Uint8Array(32);
    const begun = found({ options, table, members: founders, key, at: millis(0), wallMs: 0 }, world);
    if (from.epoch > 0) setMembers(begun, epoch(from.epoch), of.members, of.epochStart);
    if (from.proof !== undefined) restoreStable(begun, from.proof, from.state, world);
    return begun;
  };

  return {
    note() {
      const { header, proof, state } = of.stable;
      if (states.at(-1)?.sequence === header.sequence) return;
      if (states.length === STATES_REMEMBERED_MAX) states.shift();
      states.push({ sequence: header.sequence, epoch: header.epoch, proof, state });
    },
    batchAt(sequence) {
      const from = states.filter((each) => each.sequence < sequence && each.epoch === of.epoch).at(-1);
      if (from === undefined || sequence > of.executed) return undefined;
      const replica = begun(from);
      for (let at = from.sequence + 1; at <= sequence; at++) {
        const slot = slotOf(at);
        if (slot === undefined || slot.sequence !== at || slot.batch === undefined) return undefined;
        const snapshot = at === sequence ? world.machine.snapshot(replica.state.machine).slice() : undefined;
        const { rules } = replica.state.table;
        const effects: Effect[] = [];
        executeSlot(replica, slot, effects, world);
        if (snapshot === undefined) continue;
        const executed = effects.find((effect) => effect.type === "executed");
        const done = executed?.done.filter(({ request, repeated }) => !repeated && request.request.seat !== KIOSK_SEAT);
        if (executed === undefined || done === undefined) return undefined;
        const time = agreedMillis(replica.state.time);
        return {
          snapshot,
          requests: done.map(({ request }) => request),
          operations: done.map(({ request: { sender, request } }) => ({
            ...{ client: sender, seat: request.seat, rules, time, bytes: request.operation },
          })),
          answers: done.map(({ result }) => result),
        };
      }
      return undefined;
    },
    *requests() {
      for (const slot of [...of.archive, ...of.slots]) yield* slot.batch?.requests ?? [];
    },
  };
}
