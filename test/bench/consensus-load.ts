/** A load that never lets a table go idle: every kiosk that speaks has so many requests under way, and submits another when
 * one is answered. */
import type { Options } from "../../host/engine/consensus/options.ts";
import { canSign } from "../../host/engine/consensus/standing.ts";
import { KeyValueOperation } from "../../host/engine/keyvalue/operation.ts";
import { BLE } from "../../host/engine/timing/profiles.ts";
import { SignedRequest } from "../../protocol/agreement/request.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import { assert } from "../../protocol/core/assert.ts";
import { type Chance, drawBelow, drawBytes } from "../../protocol/core/chance.ts";
import { SIGNATURE_SIZE } from "../../protocol/core/limits.ts";
import { counter, memberIndex } from "../../protocol/core/units.ts";
import { type Mesh, run, submit } from "./consensus-mesh.ts";

/** As a table is founded: a window of eight, a checkpoint every fifty. */
export const TUNED: Options = {
  ...{ checkpointEvery: 50, window: 8, batchLengthMax: 50 },
  ...{ fastPath: true, bundles: true, lazy: true },
  ...{ rules: [1], profile: BLE },
};

/** The same engine with all that makes it lean turned off. */
export const PLAIN: Options = { ...TUNED, batchLengthMax: 1, fastPath: false, bundles: false, lazy: false };

/** An operation that makes a request, signed and encoded, of exactly this size: some key is set to bytes that nothing makes
 * smaller. */
export function operation(random: Chance, number: number, signedSize: number): Uint8Array {
  const key = Uint8Array.of(0x6b, 0x30 + drawBelow(random, 64));
  const request = { seat: 0, number: counter(number), operation: encodeSet(key, new Uint8Array(1)) };
  const signed = { sender: memberIndex(0), signature: new Uint8Array(SIGNATURE_SIZE), request };
  let valueSize = 1 + signedSize - encode(SignedRequest, signed).length;
  // From 128 bytes on an operation's length takes a byte more.
  if (OPERATION_HEAD_SIZE + valueSize > 0x7f) valueSize -= 1;
  assert(valueSize >= 1, "a signed request has room for an operation");
  return encodeSet(key, drawBytes(random, valueSize));
}

/** Tag, and a key of two with its length. */
const OPERATION_HEAD_SIZE = 4;

const encodeSet = (key: Uint8Array, value: Uint8Array): Uint8Array =>
  encode(KeyValueOperation, { type: "set", key, value });

export interface Load {
  readonly signedSize: number;
  /** Requests of each kiosk. */
  readonly underWay: number;
  /** Executed by the reference, which speaks. */
  executed: number;
  sequences: number;
  /** When each of the reference's own came to something. */
  answered: number;
}

export function load(of: Mesh, signedSize: number, underWay: number): Load {
  const reference = of.seats.findIndex((seat) => !seat.isSilent);
  run(of, of.now + STUCK_MS, () => of.seats.every((seat) => seat.isSilent || canSign(seat.replica)));
  const self: Load = { signedSize, underWay, executed: 0, sequences: 0, answered: 0 };
  of.onEffect = (seat, effect) => {
    if (effect.type === "answered") request(of, self, seat);
    else if (effect.type === "executed" && seat === reference) {
      self.sequences += 1;
      self.executed += effect.done.filter((each) => !each.repeated).length;
    }
    assert(effect.type !== "malformed" && effect.type !== "evidence" && effect.type !== "refused", "nobody lies here");
  };
  for (const [seat, { isSilent }] of of.seats.entries()) {
    if (!isSilent) for (let each = 0; each < underWay; each++) request(of, self, seat);
  }
  return self;
}

function request(of: Mesh, { signedSize }: Load, seat: number): void {
  submit(of, seat, operation(of.random, of.seats[seat]!.submitted + 1, signedSize));
}

export function runSequences(of: Mesh, self: Load, count: number): void {
  const end = self.sequences + count;
  run(of, of.now + STUCK_MS, () => self.sequences >= end);
  assert(self.sequences >= end, "a table under load goes on");
}

const STUCK_MS = 3_600_000;
