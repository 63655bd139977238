/** A table of four at which the third cheats in every way that can be proved, and what the others make of it. */

import { nextHistory } from "../../../../host/engine/consensus/log.ts";
import { signBallot, signNewView, signRequest, signViewChange } from "../../../../host/engine/consensus/statements.ts";
import type { RollInput } from "../../../../host/engine/dice/bet-lock.ts";
import { commitmentBytes, commitmentDigest, type Opening } from "../../../../host/engine/dice/commitment.ts";
import type { DicePorts } from "../../../../host/engine/dice/ports.ts";
import type { Bench, OperationLaw, Proof } from "../../../../host/engine/judge/proof.ts";
import { objectName } from "../../../../host/engine/objects/tree.ts";
import type { Ports } from "../../../../host/engine/ports.ts";
import type { SignedBallot } from "../../../../protocol/agreement/ballot.ts";
import { ViewChangeBody } from "../../../../protocol/agreement/certificate.ts";
import { Batch, type SignedRequest } from "../../../../protocol/agreement/request.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { agreedMillis, counter, epoch, sequence, view } from "../../../../protocol/core/units.ts";
import { digestOf, hashedTable } from "../divergence/kiosks.ts";

export const CHEAT = 2;
export const MEMBERS = 4;

export interface Scene {
  readonly bench: Bench;
  /** Of each member. */
  readonly ports: readonly Ports[];
  /** The operation by which a secret is revealed there. */
  readonly reveal: (roll: number, opening: Opening) => Uint8Array;
}

const START = { sequence: sequence(0), digest: digestOf("start") };

export function scene(members = MEMBERS): Scene {
  const { signers, ports } = hashedTable(members);
  const reveal = (_roll: number, { secret, salt }: Opening) => Uint8Array.of(7, ...secret, ...salt);
  return { bench: { ...signers, epochStart: START }, ports, reveal };
}

/** Operations of these tests: 0xff is none, and 7 reveals: a secret and a salt of 32 bytes. */
export const law: OperationLaw = {
  isImpossible: (_seat, operation) => operation[0] === 0xff,
  openedDigest: (operation, input, member) =>
    operation[0] === 7 ? commitmentDigest(dicePorts, input, member, openingIn(operation)) : undefined,
};

const openingIn = (operation: Uint8Array): Opening => ({
  secret: operation.subarray(1, 33),
  salt: operation.subarray(33, 65),
});

/** Commitments ask for digests alone. */
const dicePorts = {
  digest: (domain: string, bytes: Uint8Array) => hashedTable(1).ports[0]!.digest(domain, bytes),
} as DicePorts;

export function request(of: Scene, member: number, number: number, operation: Uint8Array): SignedRequest {
  return signRequest(of.bench, of.ports[member]!, member, { seat: 0, number: counter(number), operation });
}

export interface Voted {
  readonly view?: number;
  readonly phase?: "proposed" | "prepared" | "committed" | "checkpoint";
  readonly at?: number;
}

export function vote(
  of: Scene,
  member: number,
  word: string,
  { view: inView = 1, phase = "prepared", at = 5 }: Voted = {},
): SignedBallot {
  const empty = { proposed: undefined, prepared: undefined, committed: undefined, checkpoint: undefined };
  const place = { sequence: sequence(at), digest: digestOf(word) };
  return signBallot(of.bench, of.ports[member]!, member, { view: view(inView), ...empty, [phase]: place });
}

export const contradiction = (of: Scene, member: number, how: Voted = {}, words = ["left", "right"]): Proof => ({
  type: "agreement",
  evidence: {
    type: "contradiction",
    first: vote(of, member, words[0]!, how),
    second: vote(of, member, words[1]!, how),
  },
});

export const twoRequests = (
  of: Scene,
  member: number,
  number = 9,
  operations = [bytes(1, 2), bytes(1, 3)],
): Extract<Proof, { readonly type: "twoRequests" }> => ({
  type: "twoRequests",
  first: request(of, member, number, operations[0]!),
  second: request(of, member, number, operations[1]!),
});

export const impossible = (of: Scene, member: number, operation = bytes(0xff)): Proof => ({
  type: "impossibleRequest",
  signed: request(of, member, 4, operation),
});

/** The batch of a proposal, with one request whose signature was made up unless told otherwise. */
export function proposal(of: Scene, member: number, forged = true): Proof {
  const honest = request(of, 0, 1, bytes(1));
  const signature = forged ? new Uint8Array(64).fill(1) : honest.signature;
  const batch: Batch = { time: agreedMillis(1_000), barrier: undefined, requests: [{ ...honest, signature }] };
  const before = digestOf("before");
  const name = objectName(of.ports[0]!, encode(Batch, batch));
  const history = nextHistory(of.ports[0]!, before, 5, name);
  const empty = { prepared: undefined, committed: undefined, checkpoint: undefined };
  const proposed = { sequence: sequence(5), digest: history };
  const ballot = signBallot(of.bench, of.ports[member]!, member, { view: view(1), proposed, ...empty });
  return { type: "forgedRequest", ballot, before, batch };
}

/** Committed to one secret and opened another, unless told otherwise. */
export function opening(of: Scene, member: number, same = false, roll = 12, at = of.bench.table): Proof {
  const input: RollInput = { table: at, epoch: epoch(of.bench.epoch), roll, lock: digestOf("bets") };
  const secret: Opening = { secret: new Uint8Array(32).fill(5), salt: new Uint8Array(32).fill(6) };
  const shown = same ? secret : { ...secret, secret: new Uint8Array(32).fill(8) };
  const digest = commitmentDigest(dicePorts, input, member, secret);
  const signature = of.ports[member]!.sign(commitmentBytes(input, member, digest));
  const signed = request(of, member, 3, of.reveal(roll, shown));
  return { type: "falseOpening", signed, input, commitment: { digest, signature } };
}

/** A wish that has so much to tell: names that nobody else has prepared. */
const blank = (of: Scene, inView: number, claims = 0, by = 0): ViewChangeBody => ({
  view: view(inView),
  prefix: of.bench.epochStart,
  checkpoint: undefined,
  decision: undefined,
  certificates: [],
  claims: Array.from({ length: claims }, (_, at) => ({
    ...{ sequence: sequence(at + 1), view: view(0) },
    name: { digest: digestOf(`claim ${by} ${at}`), size: 3 },
  })),
});

const wish = (of: Scene, member: number, body: ViewChangeBody) =>
  signViewChange(of.bench, of.ports[member]!, member, {
    view: body.view,
    body: objectName(of.ports[0]!, encode(ViewChangeBody, body)),
  });

export type AgreementProof = Extract<Proof, { readonly type: "agreement" }>;

export function amnesia(of: Scene, member: number, inView = 2): Proof {
  const body = blank(of, inView);
  const committed = vote(of, member, "kept", { phase: "committed" });
  return { type: "agreement", evidence: { type: "amnesia", committed, change: wish(of, member, body), body } };
}

/** Of wishes with so many claims each: with sixteen it is the longest of a table of four that has no certificates. */
export function falseNewView(of: Scene, member: number, inView = 6, claims = 0): AgreementProof {
  const bodies = [0, 1, 3].map((by) => blank(of, inView, claims, by));
  const viewChanges = [0, 1, 3].map((sender, at) => wish(of, sender, bodies[at]!));
  const result = { sequence: sequence(7), digest: digestOf("nothing") };
  const newView = signNewView(of.bench, of.ports[member]!, member, { view: view(inView), viewChanges, result });
  return { type: "agreement", evidence: { type: "falseNewView", newView, bodies } };
}

/** One of each, with the kind that it proves. */
export const allCheats = (of: Scene): readonly (readonly [string, Proof])[] => [
  ["balanceViolation", twoRequests(of, CHEAT)],
  ["invalidTransition", impossible(of, CHEAT)],
  ["forgedSignature", proposal(of, CHEAT)],
  ["doubleVote", contradiction(of, CHEAT)],
  ["doubleVote", contradiction(of, CHEAT, { phase: "checkpoint" })],
  ["invalidRoll", opening(of, CHEAT)],
  ["consensusViolation", amnesia(of, CHEAT)],
  ["consensusViolation", falseNewView(of, CHEAT)],
];

export const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
