/** Something of each that is said, signed or shown, with plain values: the golden vectors are made from them. */
import type { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import type {
  Certificate,
  CheckpointProof,
  NewView,
  SignedViewChange,
  ViewChangeBody,
} from "../../../protocol/agreement/certificate.ts";
import type { Evidence } from "../../../protocol/agreement/evidence.ts";
import type { Batch, SignedRequest } from "../../../protocol/agreement/request.ts";
import type { Said } from "../../../protocol/agreement/said.ts";
import type { Saying } from "../../../protocol/agreement/statement.ts";
import { agreedMillis, counter, epoch, memberIndex, sequence, view } from "../../../protocol/core/units.ts";
import { KIOSK_SEAT, type ObjectName, type Place } from "../../../protocol/message/fields.ts";
import { rising } from "../message/examples.ts";

const TIME = agreedMillis(1_767_225_600_000);
const place = (at: number, first: number): Place => ({ sequence: sequence(at), digest: rising(first, 32) });
const position = (at: number, first?: number) => ({
  sequence: sequence(at),
  history: first === undefined ? undefined : rising(first, 32),
});
const object = (first: number, size: number): ObjectName => ({ digest: rising(first, 32), size });

const signedRequest = (sender: number, number: number, seat: number): SignedRequest => ({
  sender: memberIndex(sender),
  signature: rising(0x40 + sender, 64),
  request: { seat, number: counter(number), operation: rising(1, 20) },
});

export const batch: Batch = {
  time: TIME,
  barrier: undefined,
  requests: [signedRequest(1, 300, 3), signedRequest(2, 17, 0)],
};

const EMPTY = { proposed: undefined, prepared: undefined, committed: undefined, checkpoint: undefined };

/** As a backup says it: whoever holds the log computes the histories. */
export const vote: SignedBallot = {
  ...EMPTY,
  sender: memberIndex(2),
  signature: rising(0x42, 64),
  view: view(2),
  prepared: position(70_000),
  committed: position(69_999),
};
/** As it is shown to anyone. */
const wholeVote = (sender: number, first: number): SignedBallot => ({
  ...EMPTY,
  sender: memberIndex(sender),
  signature: rising(0x42 + sender, 64),
  view: view(2),
  prepared: position(70_000, first),
  committed: position(69_999, first + 1),
});

const certificate: Certificate = {
  phase: "prepared",
  view: view(2),
  sequence: sequence(70_000),
  base: place(69_998, 0x50),
  names: [object(0x51, 401), object(0x52, 77)],
  ballots: [
    { ...EMPTY, sender: memberIndex(1), signature: rising(0x61, 64), view: view(2), proposed: position(70_001) },
    { ...vote, committed: undefined },
    { ...vote, sender: memberIndex(3), signature: rising(0x63, 64), committed: undefined },
  ],
};

const checkpointed = (sender: number): SignedBallot => ({
  ...EMPTY,
  sender: memberIndex(sender),
  signature: rising(0x70 + sender, 64),
  view: view(2),
  checkpoint: place(69_950, 0x31),
});
const proof: CheckpointProof = {
  header: {
    sequence: sequence(69_950),
    history: rising(0x32, 32),
    time: TIME,
    epoch: epoch(4),
    view: view(2),
    barrier: 0,
    rules: 1,
    members: [1, 2, 3, 4].map((first) => rising(first, 32)),
    state: object(0x33, 20_000),
  },
  epoch: epoch(4),
  ballots: [0, 1, 3].map(checkpointed),
};

const body: ViewChangeBody = {
  view: view(3),
  prefix: place(69_950, 0x31),
  checkpoint: proof,
  decision: undefined,
  certificates: [certificate],
  claims: [
    { sequence: sequence(70_000), view: view(2), name: object(0x52, 77) },
    { sequence: sequence(70_001), view: view(2), name: object(0x53, 90) },
  ],
};
const change = (sender: number): SignedViewChange => ({
  sender: memberIndex(sender),
  signature: rising(0x80 + sender, 64),
  view: view(3),
  body: object(0x90 + sender, 1900),
});
const newView: NewView = {
  view: view(3),
  viewChanges: [0, 2, 3].map(change),
  result: place(70_001, 0x34),
};

export interface Example<T> {
  readonly name: string;
  readonly value: T;
}

export const saidExamples: readonly Example<Said>[] = [
  { name: "requests of two seats", value: { type: "requests", requests: [...batch.requests] } },
  { name: "ballot of a backup", value: { type: "ballot", ballot: vote, hint: rising(7, 4), proposals: undefined } },
  {
    name: "ballot of the primary, which proposes",
    value: {
      type: "ballot",
      ballot: {
        ...EMPTY,
        sender: memberIndex(2),
        signature: rising(0x44, 64),
        view: view(2),
        proposed: position(70_002),
        committed: position(70_000),
        checkpoint: place(69_950, 0x31),
      },
      hint: rising(8, 4),
      proposals: {
        first: sequence(70_001),
        slots: [
          { type: "name", name: object(0x53, 90) },
          {
            type: "outline",
            time: TIME,
            barrier: { type: "rotate", view: view(3) },
            runs: [
              { sender: memberIndex(1), first: counter(300), count: 2 },
              { sender: memberIndex(3), first: counter(9), count: 1 },
            ],
          },
        ],
      },
    },
  },
  { name: "ballot that shows every history", value: said(wholeVote(2, 0x21)) },
  { name: "view change with its body", value: { type: "viewChange", change: change(2), body: rising(5, 200) } },
  { name: "view change by name", value: { type: "viewChange", change: change(2), body: undefined } },
  {
    name: "new view",
    value: { type: "newView", sender: memberIndex(3), signature: rising(0x45, 64), newView },
  },
  { name: "certificate", value: { type: "certificate", certificate } },
  { name: "checkpoint", value: { type: "checkpoint", proof } },
];

function said(ballot: SignedBallot): Said {
  return { type: "ballot", ballot, hint: new Uint8Array(4), proposals: undefined };
}

export const sayingExamples: { readonly [T in Saying["type"]]: Extract<Saying, { type: T }> } = {
  request: { type: "request", seat: KIOSK_SEAT, number: counter(300), operation: rising(1, 20) },
  ballot: {
    type: "ballot",
    view: view(2),
    proposed: place(70_002, 0x20),
    prepared: place(70_000, 0x21),
    committed: place(69_999, 0x22),
    checkpoint: place(69_950, 0x31),
  },
  viewChange: { type: "viewChange", view: view(3), body: object(0x92, 1900) },
  newView: { type: "newView", ...newView },
};

export const evidenceExamples: readonly Example<Evidence>[] = [
  {
    name: "contradiction",
    value: { type: "contradiction", first: wholeVote(2, 0x21), second: wholeVote(2, 0x24) },
  },
  {
    name: "amnesia",
    value: { type: "amnesia", committed: wholeVote(2, 0x21), change: change(2), body: { ...body, certificates: [] } },
  },
  {
    name: "false new view",
    value: {
      type: "falseNewView",
      newView: { sender: memberIndex(3), signature: rising(0x45, 64), newView },
      bodies: [body, { ...body, checkpoint: undefined, claims: [] }],
    },
  },
];

/** What travels as an object, or is hashed. */
export const objectExamples = { batch, body, header: proof.header } as const;
