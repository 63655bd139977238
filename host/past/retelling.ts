/**
 * A journal that is read again tells what was decided in it, as a kiosk's effects told it when it happened: a restart executes the
 * same operations in the same order, and whoever stands beside the machine sees them. `records` answers what it is given, record
 * by record, so that a start that reads its journal anyway can tell its history on the way.
 */
import type { Batch, SignedRequest } from "../../protocol/agreement/request.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { assert } from "../../protocol/core/assert.ts";
import type { AgreedMillis } from "../../protocol/core/units.ts";
import { KIOSK_SEAT, type ObjectName } from "../../protocol/message/fields.ts";
import { isNull, sameName } from "../engine/consensus/log.ts";
import type { Record } from "../engine/consensus/records.ts";
import type { Machine, Operation } from "../engine/machine.ts";
import type { Done, Told } from "./told.ts";

export interface Retelling<S> {
  /** In the place of the machine that was given. */
  readonly machine: Machine<S>;
  /** The same ones. */
  readonly records: (of: Iterable<Record>) => Generator<Record>;
  /** Up to which sequence it was told. */
  readonly executed: () => number;
  /** Of the machine, as it is after that; undefined before there is one. */
  readonly state: () => S | undefined;
  /** From here on the machine is not looked at: there was no journal, or it has been read. */
  readonly end: () => void;
}

/** What the machine was seen to do while a record was applied. */
type Seen =
  | { readonly type: "restored" }
  | {
      readonly type: "batch";
      readonly time: number;
      readonly done: { readonly operation: Operation; readonly result: Uint8Array }[];
      /** Evidence that the consensus found to hold. */
      readonly proved: Uint8Array[];
    };

interface Held {
  readonly name: ObjectName;
  readonly batch: Batch;
}

export function retelling<S>(machine: Machine<S>, onTold: (told: Told) => void): Retelling<S> {
  let state: S | undefined;
  let executed = 0;
  let epoch = 0;
  let time = 0;
  let isOver = false;
  const seen: Seen[] = [];
  const batches = new Map<number, Held[]>();
  const decided = new Map<number, { readonly name: ObjectName; readonly view: number; readonly way: Told["way"] }>();

  const current = (): Extract<Seen, { type: "batch" }> | undefined => {
    const last = seen.at(-1);
    return last?.type === "batch" ? last : undefined;
  };
  const { house } = machine;
  const beside: Machine<S> = {
    ...machine,
    initial() {
      state = machine.initial();
      return state;
    },
    restore(bytes) {
      state = machine.restore(bytes);
      if (!isOver) seen.push({ type: "restored" });
      return state;
    },
    advance(of: S, time: AgreedMillis) {
      if (!isOver) seen.push({ type: "batch", time, done: [], proved: [] });
      machine.advance(of, time);
    },
    execute(of: S, operation: Operation) {
      const result = machine.execute(of, operation);
      current()?.done.push({ operation, result });
      return result;
    },
    ...(house === undefined
      ? {}
      : {
          house: {
            ...house,
            convict(of: S, evidence: Uint8Array, time: AgreedMillis) {
              current()?.proved.push(evidence);
              return house.convict(of, evidence, time);
            },
          },
        }),
  };

  const read = (record: Record): void => {
    if (record.type === "batch" && record.sequence > executed) {
      const held = batches.get(record.sequence) ?? [];
      held.push({ name: record.name, batch: record.batch });
      batches.set(record.sequence, held);
    } else if (record.type === "decided") {
      const { base, names, sequence, view, phase } = record.certificate;
      const way = phase === "unanimous" ? "unanimous" : "committed";
      for (let at = base.sequence + 1; at <= sequence; at++) {
        const name = names[at - base.sequence - 1];
        if (at > executed && name !== undefined && !decided.has(at)) decided.set(at, { name, view, way });
      }
    }
  };

  const tell = (at: number, what: Extract<Seen, { type: "batch" }> | undefined): void => {
    executed = at;
    time = what?.time ?? time;
    const decision = decided.get(at);
    const held = batches.get(at)?.find(({ name }) => decision !== undefined && sameName(name, decision.name));
    batches.delete(at);
    decided.delete(at);
    if (decision === undefined) return;
    const { view, way } = decision;
    const done = held === undefined || what === undefined ? [] : doneOf(held.batch.requests, what);
    const barrier = held?.batch.barrier?.type;
    onTold({ sequence: at, epoch, view, way, time, done, barrier });
  };

  /** Nothing was decided there, which nobody executes. */
  const passNulls = (): void => {
    for (;;) {
      const next = decided.get(executed + 1);
      if (next === undefined || !isNull(next.name)) return;
      tell(executed + 1, undefined);
    }
  };

  const settle = (record: Record): void => {
    for (const what of seen.splice(0)) {
      if (what.type === "restored") {
        assert(record.type === "stable", "a state comes with its checkpoint");
        executed = record.proof.header.sequence;
        epoch = record.proof.header.epoch;
        time = record.proof.header.time;
        for (const kept of [batches, decided]) for (const at of kept.keys()) if (at <= executed) kept.delete(at);
      } else {
        passNulls();
        tell(executed + 1, what);
      }
    }
    passNulls();
    if (record.type === "stable" || record.type === "passed") epoch = Math.max(epoch, record.proof.header.epoch);
    if (record.type === "entered") epoch = Math.max(epoch, record.epoch);
  };

  const end = (): void => {
    isOver = true;
    seen.splice(0);
    batches.clear();
    decided.clear();
  };

  return {
    machine: beside,
    *records(of) {
      try {
        for (const record of of) {
          read(record);
          yield record;
          settle(record);
        }
      } finally {
        end();
      }
    },
    executed: () => executed,
    state: () => state,
    end,
  };
}

/** Each request with what came of it: the machine was asked in their order, but not for what was the consensus' own, repeated or
 * out of its turn. */
function doneOf(requests: readonly SignedRequest[], { done, proved }: Extract<Seen, { type: "batch" }>): Done[] {
  let at = 0;
  return requests.map(({ sender, request }): Done => {
    const { seat, number, operation } = request;
    const asked = { sender, seat, number, operation };
    if (seat === KIOSK_SEAT)
      return { ...asked, result: undefined, isProved: proved.some((each) => isIn(operation, each)) };
    const next = done[at];
    const isNext =
      next !== undefined &&
      next.operation.client === sender &&
      next.operation.seat === seat &&
      bytesEqual(next.operation.bytes, operation);
    if (!isNext) return { ...asked, result: undefined, isProved: false };
    at += 1;
    return { ...asked, result: next.result, isProved: false };
  });
}

/** An accusation ends in its evidence. */
const isIn = (operation: Uint8Array, evidence: Uint8Array): boolean =>
  evidence.length < operation.length && bytesEqual(operation.subarray(operation.length - evidence.length), evidence);
