/** Kiosks of one table, each with a key and a state of its own, that sign what state they have. */
import { createHash } from "node:crypto";
import { domainDigest } from "../../../../host/crypto/domain-digest.ts";
import { sign, verify } from "../../../../host/crypto/ed25519.ts";
import { importPublicKey, type KeyPair, keyPairFromSeed } from "../../../../host/crypto/ed25519-keys.ts";
import { type Signers, signBallot } from "../../../../host/engine/consensus/statements.ts";
import { checkpointOf } from "../../../../host/engine/divergence/checkpoint.ts";
import { keyValueMachine } from "../../../../host/engine/keyvalue/key-value-machine.ts";
import type { KeyValueState } from "../../../../host/engine/keyvalue/state.ts";
import type { Ports } from "../../../../host/engine/ports.ts";
import type { SignedBallot } from "../../../../protocol/agreement/ballot.ts";
import { sequence, view } from "../../../../protocol/core/units.ts";
import { execute } from "../keyvalue/operations.ts";

export interface Table {
  readonly signers: Signers;
  /** Of each member, with its own key. */
  readonly ports: readonly Ports[];
}

/** With real signatures. */
export function table(memberCount: number, epoch = 3): Table {
  const keys = members(memberCount, (member) => keyPairFromSeed(new Uint8Array(32).fill(member + 1)));
  return {
    signers: signersOf(
      keys.map((each) => each.publicKey.bytes),
      epoch,
    ),
    ports: keys.map(signing),
  };
}

/** With a keyed hash, which is as good where nobody knows another's key, and a hundred times as fast. */
export function hashedTable(memberCount: number): Table {
  const secrets = members(memberCount, (member) => `secret ${member}`);
  const keys = secrets.map((secret) => sha256(secret));
  const signatureOf = (secret: string, signed: Uint8Array): Uint8Array =>
    new Uint8Array([...sha256(secret, signed), ...sha256(signed, secret)]);
  const ports = secrets.map(
    (secret): Ports => ({
      digest: domainDigest,
      sign: (signed) => signatureOf(secret, signed),
      verify: (key, signed, signature) => {
        const owner = keys.findIndex((each) => Buffer.compare(each, key) === 0);
        return owner >= 0 && Buffer.compare(signatureOf(secrets[owner]!, signed), signature) === 0;
      },
    }),
  );
  return { signers: signersOf(keys, 3), ports };
}

export const digestOf = (word: string): Uint8Array => domainDigest("test", Buffer.from(word));

/** The member says that it had this digest at this height. */
export function says(of: Table, member: number, at: number, digest: Uint8Array, inView = 0): SignedBallot {
  return signBallot(of.signers, of.ports[member]!, member, {
    view: view(inView),
    proposed: undefined,
    prepared: undefined,
    committed: { sequence: sequence(at), digest: digestOf("history") },
    checkpoint: { sequence: sequence(at), digest },
  });
}

export interface Kiosk {
  readonly state: KeyValueState;
  log: number;
}

export const kiosks = (memberCount: number): Kiosk[] =>
  members(memberCount, () => ({ state: keyValueMachine.initial(), log: 0 }));

export function executeAt(kiosk: Kiosk, operation: Uint8Array): void {
  execute(kiosk.state, operation);
  kiosk.log += 1;
}

/** Its own state at its own height, signed. */
export function checkpointBy(of: Table, member: number, kiosk: Kiosk): SignedBallot {
  return says(of, member, kiosk.log, checkpointOf(keyValueMachine, kiosk.state, of.ports[member]!).digest);
}

const members = <T>(count: number, make: (member: number) => T): T[] =>
  Array.from({ length: count }, (_, member) => make(member));

const signersOf = (keys: readonly Uint8Array[], epoch: number): Signers => ({
  table: new Uint8Array(16).fill(0xa0),
  epoch,
  members: keys,
});

const signing = (own: KeyPair): Ports => ({
  digest: domainDigest,
  sign: (signed) => sign(own.privateKey, signed),
  verify(key, signed, signature) {
    const imported = importPublicKey(key);
    return imported.ok && verify(imported.key, signed, signature);
  },
});

function sha256(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
