/** What the killed kiosks and whoever kills them have in common. */

import type { Options } from "../../../host/engine/consensus/options.ts";
import type { Own } from "../../../host/engine/consensus/state.ts";
import { KeyValueOperation } from "../../../host/engine/keyvalue/operation.ts";
import { LAN } from "../../../host/engine/timing/profiles.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { utf8Encode } from "../../../protocol/bytes/utf8.ts";

export const TABLE = new Uint8Array(16).fill(5);

export const OPTIONS: Options = {
  ...{ checkpointEvery: 50, window: 8, batchLengthMax: 50 },
  ...{ fastPath: true, bundles: true, lazy: true, rules: [1], profile: LAN },
};

export interface KillKiosk {
  readonly me: number;
  readonly hub: string;
  readonly folder: string;
  readonly seed: string;
  readonly members: readonly string[];
  /** The operation of its disk before which, or in the middle of which, it kills itself. */
  readonly dieAt?: number;
  readonly compactAboveSize: number;
}

export type Report =
  | {
      readonly type: "started";
      /** From the journal's opening to a replica that may be stepped; and from the process' beginning. */
      readonly startMs: number;
      readonly bootMs: number;
      readonly verdict: string;
      readonly recordCount: number;
      readonly remembered: {
        readonly me: number;
        readonly view: number;
        readonly said: Own;
        readonly executed: number;
      };
      readonly lastNumber: number;
    }
  | { readonly type: "answered"; readonly number: number; readonly result: string }
  | { readonly type: "executed"; readonly sequence: number; readonly what: string }
  | { readonly type: "entered"; readonly view: number }
  | { readonly type: "wrong"; readonly what: string }
  | {
      readonly type: "rested";
      readonly isIdle: boolean;
      readonly sequence: number;
      readonly digest: string;
      /** How many requests of each member were executed. */
      readonly clients: readonly number[];
    };

export const setNumber = (me: number, number: number): Uint8Array =>
  encode(KeyValueOperation, { type: "set", key: utf8Encode(`kiosk ${me}`), value: utf8Encode(`${number}`) });
