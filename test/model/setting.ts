/** What is explored: which of the four members is the attacker, and how the table is set. */

import type { Options } from "../../host/engine/consensus/options.ts";
import type { Replica, World } from "../../host/engine/consensus/state.ts";
import { KeyValueOperation } from "../../host/engine/keyvalue/operation.ts";
import type { KeyValueState } from "../../host/engine/keyvalue/state.ts";
import { LAN } from "../../host/engine/timing/profiles.ts";
import { Batch, type SignedRequest } from "../../protocol/agreement/request.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import { agreedMillis, counter, memberIndex, millis, sequence as sequenceOf } from "../../protocol/core/units.ts";
import type { ObjectName } from "../../protocol/message/fields.ts";
import { freeze } from "./copy.ts";
import type { Engine } from "./engine.ts";
import { keyOf, type Notary, notary, portsOf } from "./notary.ts";

/** n = 4, so f = 1. Member 0 leads view 0, member 1 view 1; no third view is entered. */
export const MEMBERS = 4;

export interface Setting {
  /** The primary of view 0, that of view 1, or one that never leads. */
  readonly byzantine: 0 | 1 | 2;
  readonly fastPath: boolean;
  /** Sequences that the attacker proposes or claims anything for. Honest members use as many as the two requests need. */
  readonly sequences: 1 | 2;
}

export const settingText = ({ byzantine, fastPath, sequences }: Setting): string =>
  [
    byzantine === 2 ? "a backup lies" : `the primary of view ${byzantine} lies`,
    fastPath ? "fast path" : "no fast path",
    sequences === 1 ? "1 sequence" : `${sequences} sequences`,
  ].join(", ");

/** Everything that is the same in all states. */
export interface Table {
  readonly setting: Setting;
  readonly engine: Engine;
  readonly notary: Notary;
  readonly keys: readonly Uint8Array[];
  /** By member; the attacker's own is its only one. */
  readonly worlds: readonly World<KeyValueState>[];
  readonly options: Options;
  /** Three of them, ascending. */
  readonly honest: readonly number[];
  /** Votes that decide. */
  readonly quorum: number;
  /** Of member 0 and of member 1: whatever is agreed on first, the two contradict each other. */
  readonly requests: readonly SignedRequest[];
}

export type Member = Replica<KeyValueState>;

export function tableOf(setting: Setting, engine: Engine): Table {
  const registered = notary();
  const keys = Array.from({ length: MEMBERS }, (_, member) => keyOf(member));
  const worlds = keys.map((key) => ({ ports: portsOf(registered, key), machine: engine.keyValueMachine }));
  const options: Options = freeze({
    // Beyond every sequence that is reached: nothing becomes stable.
    checkpointEvery: 50,
    window: setting.sequences,
    batchLengthMax: 1,
    fastPath: setting.fastPath,
    ...{ bundles: true, lazy: true, rules: [1], profile: LAN },
  });
  const signers = { table: TABLE_ID, epoch: 0, members: keys };
  const requests = CLIENTS.map((member) => {
    const request = { seat: 0, number: counter(1), operation: operationOf(member) };
    return freeze(engine.signRequest(signers, worlds[member].ports, member, request));
  });
  return {
    ...{ setting, engine, notary: registered, keys, worlds, options, requests },
    honest: keys.map((_, member) => member).filter((member) => member !== setting.byzantine),
    quorum: engine.quorum(MEMBERS),
  };
}

/** Before anything was proposed: everyone has both requests, except an honest primary of view 0, which is told them in either
 * order. */
export function firstStates(of: Table): Member[] {
  const { engine, keys, options, requests } = of;
  return of.honest.map((member) => {
    const world = of.worlds[member];
    const founding = { options, table: TABLE_ID, members: keys, key: keys[member], at: NOW, wallMs: WALL_MS };
    const replica = engine.found(founding, world);
    const tell = (event: Parameters<Engine["step"]>[1]): void => engine.step(replica, event, [], world);
    for (const from of keys.keys()) {
      const step = { type: "recalled", stable: sequenceOf(0), ballot: undefined, change: undefined } as const;
      tell({ type: "heard", at: NOW, from: memberIndex(from), message: { type: "stateSync", step } });
    }
    if (member === 0) return replica;
    // Its own it has signed itself, so that the number is used up.
    if (CLIENTS.includes(member)) tell({ type: "submit", at: NOW, seat: 0, operation: operationOf(member) });
    tell({ type: "said", at: NOW, said: { type: "requests", requests } });
    return replica;
  });
}

/** As an honest primary would make it, so that both have one name. */
export function batchOf(of: Table, sequence: number, client: number): Batch {
  return { time: agreedMillis(WALL_MS + sequence - 1), barrier: undefined, requests: [of.requests[client]] };
}

export function nameOf(of: Table, sequence: number, client: number): ObjectName {
  return of.engine.objectName(of.worlds[0].ports, encode(Batch, batchOf(of, sequence, client)));
}

export function operationOf(client: number): Uint8Array {
  const value = Uint8Array.of(client);
  return encode(KeyValueOperation, { type: "set", key: Uint8Array.of(1), value });
}

/** Clocks do not run here: what a time-out does is a move like any other. */
export const NOW = millis(0);
export const WALL_MS = 1_790_000_000_000;
/** Members that want something. A symmetry that exchanges the others leaves them where they are. */
export const CLIENTS: readonly number[] = [0, 1];
export const TABLE_ID = new Uint8Array(16).fill(1);
