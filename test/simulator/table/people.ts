/** Who sits at a simulated table: keys in the order of members, signatures that are real or a keyed hash, and dice that are thrown
 * in the real group or in one in which a roll takes no time. */
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { wideDigest } from "../../../host/crypto/ristretto-digest.ts";
import { diceKeyOf, diceSecretOf } from "../../../host/crypto/ristretto-keys.ts";
import type { OwnPorts } from "../../../host/engine/dice/own-state.ts";
import type { Group } from "../../../host/engine/dice/ports.ts";
import { decodeScalar, encodeScalar } from "../../../host/engine/dice/scalar.ts";
import type { Ports } from "../../../host/engine/ports.ts";
import { type CrapsRules, rulesAmong } from "../../../host/node/craps-table.ts";
import { cryptoPorts } from "../../../host/node/crypto-ports.ts";
import { ownDicePorts } from "../../../host/node/dice-ports.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { type Chance, drawBytes } from "../../../protocol/core/chance.ts";
import { SEATS_MAX } from "../../../protocol/core/limits.ts";
import { bytesComeBefore } from "../../../protocol/message/fields.ts";
import { quickGroup } from "../craps/quick-group.ts";
import { portsOf } from "../rig.ts";

export interface Person {
  readonly key: Uint8Array;
  readonly ports: Ports;
  readonly dice: { readonly secret: Uint8Array; readonly key: Uint8Array; readonly ports: OwnPorts };
}

export function people(count: number, from: Chance, isReal: boolean): readonly Person[] {
  const all = Array.from({ length: count }, () => (isReal ? real(drawBytes(from, 32)) : hashed(drawBytes(from, 32))));
  return all.sort((left, right) => (bytesComeBefore(left.key, right.key) ? -1 : 1));
}

/** A place for each, whoever founds it. */
export function rulesOf(table: Uint8Array, all: readonly Person[], of: Person, newcomer?: number): CrapsRules {
  const members = all.map(({ key, dice }) => ({ key, diceKey: dice.key }));
  const founders = members.filter((_, place) => place !== newcomer);
  return {
    ...rulesAmong(table, founders, of.dice.ports, { seats: Math.min(members.length, SEATS_MAX) }),
    diceKeyOf: (key) => members.find((member) => Buffer.compare(member.key, key) === 0)?.diceKey,
  };
}

function real(seed: Uint8Array): Person {
  const pair = keyPairFromSeed(seed);
  const ports = cryptoPorts(pair);
  const key = pair.publicKey.bytes;
  const diceKey = diceKeyOf(key);
  assert(diceKey !== undefined, "a key that was made is one");
  return { key, ports, dice: { secret: diceSecretOf(seed), key: diceKey, ports: ownDicePorts(ports) } };
}

function hashed(key: Uint8Array): Person {
  const ports = portsOf(key);
  const group = quickGroup(ports.digest) as Group;
  const secret = encodeScalar(group.hashToScalar("secret", key));
  const number = decodeScalar(secret, group.order);
  assert(number !== undefined, "a number below the order is one");
  const diceKey = group.encode(group.multiply(group.base, number));
  return { key, ports, dice: { secret, key: diceKey, ports: { ...ports, wideDigest, group } } };
}
