/** Four members of a table and a stranger, with real keys, each known by a seed of its number. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { counter, type Epoch, epoch, type Millis, memberIndex, millis } from "../../../protocol/core/units.ts";
import { type OpenContext, type OpenPorts, open, type Table } from "../../../protocol/envelope/open.ts";
import { replayWindows } from "../../../protocol/envelope/replay.ts";
import { type SealOptions, type SealPorts, seal } from "../../../protocol/envelope/seal.ts";
import type { Sender } from "../../../protocol/envelope/signing.ts";
import { strangerReplay } from "../../../protocol/envelope/stranger-replay.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import { rising } from "../message/examples.ts";

const PRIVATE_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const PUBLIC_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

export interface Person {
  readonly seed: Uint8Array;
  readonly key: Uint8Array;
  readonly ports: SealPorts;
}

export function person(number: number): Person {
  const seed = new Uint8Array(32).fill(number);
  const handle: KeyObject = createPrivateKey({
    key: Buffer.concat([PRIVATE_PREFIX, seed]),
    format: "der",
    type: "pkcs8",
  });
  const key = new Uint8Array(createPublicKey(handle).export({ format: "der", type: "spki" }).subarray(-32));
  return { seed, key, ports: { sign: (signed) => new Uint8Array(sign(null, signed, handle)) } };
}

export const MEMBERS: readonly Person[] = [1, 2, 3, 4].map(person);
export const STRANGER = person(9);
export const TABLE_ID = rising(0xa0, 16);
export const EPOCH: Epoch = epoch(4);
export const NOW: Millis = millis(1_767_225_600_000);

export const hashing = {
  hash: (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest()),
};

export interface Verifying extends OpenPorts {
  checks: number;
}

/** Counts what it is asked, since a signature check is what a flood would like to buy. */
export function verifying(): Verifying {
  return {
    checks: 0,
    verify(key, signed, signature) {
      this.checks += 1;
      const handle = createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, key]), format: "der", type: "spki" });
      return verify(null, signed, handle, signature);
    },
  };
}

export function table(id: Uint8Array = TABLE_ID, at: Epoch = EPOCH): Table {
  return { id, epoch: at, members: MEMBERS.map((each) => each.key), replay: replayWindows(MEMBERS.length) };
}

export function context(tables: readonly Table[] = [table()], now: Millis = NOW): OpenContext {
  return { tables, strangers: strangerReplay(), now };
}

export function member(index: number, count: number, id: Uint8Array = TABLE_ID, at: Epoch = EPOCH): Sender {
  return { type: "member", table: id, epoch: at, sender: memberIndex(index), counter: counter(count) };
}

export function stranger(count: number, time: Millis = NOW, tableId?: Uint8Array): Sender {
  return { type: "stranger", key: STRANGER.key, time, counter: counter(count), table: tableId };
}

export function sealBy(message: Message, sender: Sender, options?: SealOptions): Uint8Array {
  const signer = sender.type === "member" ? MEMBERS[sender.sender]! : STRANGER;
  return seal(message, sender, signer.ports, options).bytes;
}

export function openFresh(bytes: Uint8Array): ReturnType<typeof open> {
  return open(bytes, context(), verifying());
}
