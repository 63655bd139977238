/** All that is said and signed to agree, for properties and fuzzers. */
import fc from "fast-check";
import type { Ballot, BallotSaid, SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { HINT_SIZE } from "../../../protocol/agreement/ballot.ts";
import type {
  Certificate,
  CheckpointProof,
  NewView,
  SignedNewView,
  SignedViewChange,
  ViewChangeBody,
} from "../../../protocol/agreement/certificate.ts";
import type { Evidence } from "../../../protocol/agreement/evidence.ts";
import type { Batch, Proposals, SignedRequest } from "../../../protocol/agreement/request.ts";
import type { Said, SaidType } from "../../../protocol/agreement/said.ts";
import { type Saying, STATEMENT_FORM, type Statement } from "../../../protocol/agreement/statement.ts";
import {
  BATCH_LENGTH_MAX,
  CERTIFICATE_NAMES_MAX,
  MEMBERS_MAX,
  OPERATION_SIZE_MAX,
  PUBLIC_KEY_SIZE,
  SLOTS_MAX,
  VIEW_CHANGE_INLINE_SIZE_MAX,
} from "../../../protocol/core/limits.ts";
import { KIOSK_SEAT } from "../../../protocol/message/fields.ts";
import {
  agreedTime,
  counters,
  digest,
  epochs,
  exactly,
  members,
  natural,
  object,
  optional,
  place,
  sequences,
  setBy,
  signature,
  tableId,
  upTo,
  views,
} from "../message/arbitrary-fields.ts";

type Bodies<U extends { readonly type: string }> = {
  readonly [T in U["type"]]: fc.Arbitrary<Extract<U, { type: T }>>;
};

const type = <T extends string>(value: T): fc.Arbitrary<T> => fc.constant(value);
const before = (left: { sender: number }, right: { sender: number }): boolean => left.sender < right.sender;
/** As many as fit a packet now and then: a list's own bound is tried where it is short. */
const some = <T>(item: fc.Arbitrary<T>, countMax: number): fc.Arbitrary<T[]> => fc.array(item, { maxLength: countMax });

const request = fc.record({
  seat: fc.integer({ min: 0, max: KIOSK_SEAT }),
  number: counters,
  operation: upTo(OPERATION_SIZE_MAX),
});
const signedRequest: fc.Arbitrary<SignedRequest> = fc.record({ sender: members, signature, request });

const barrier = fc.oneof(
  fc.record({ type: type("rotate"), view: views }),
  fc.record({ type: type("enact"), change: digest, view: views }),
);
export const anyBatch: fc.Arbitrary<Batch> = fc.record({
  time: agreedTime,
  barrier: optional(barrier),
  requests: some(signedRequest, 4),
});

const run = fc.record({ sender: members, first: counters, count: natural(BATCH_LENGTH_MAX) });
const outline = fc.record({
  type: type("outline"),
  time: agreedTime,
  barrier: optional(barrier),
  runs: some(run, BATCH_LENGTH_MAX),
});
const slot = fc.oneof(outline, fc.record({ type: type("name"), name: object }));
const proposals: fc.Arbitrary<Proposals> = fc.record({ first: sequences, slots: some(slot, 2 * SLOTS_MAX) });

const ballot: fc.Arbitrary<Ballot> = fc.record({
  view: views,
  proposed: optional(place),
  prepared: optional(place),
  committed: optional(place),
  checkpoint: optional(place),
});
const position = fc.record({ sequence: sequences, history: optional(digest) });
const signedBallot: fc.Arbitrary<SignedBallot> = fc.record({
  sender: members,
  signature,
  view: views,
  proposed: optional(position),
  prepared: optional(position),
  committed: optional(position),
  checkpoint: optional(place),
});
const ballotSaid: fc.Arbitrary<BallotSaid> = fc.record({
  ballot: signedBallot,
  hint: exactly(HINT_SIZE),
  proposals: optional(proposals),
});

const ballots = setBy(signedBallot, MEMBERS_MAX, before);
const certificate: fc.Arbitrary<Certificate> = fc.record({
  phase: fc.constantFrom("prepared" as const, "committed" as const, "unanimous" as const),
  view: views,
  sequence: sequences,
  base: place,
  names: some(object, CERTIFICATE_NAMES_MAX),
  ballots,
});
const proof: fc.Arbitrary<CheckpointProof> = fc.record({
  header: fc.record({
    sequence: sequences,
    history: digest,
    time: agreedTime,
    epoch: epochs,
    view: views,
    barrier: natural(1),
    rules: natural(0xffff),
    members: some(exactly(PUBLIC_KEY_SIZE), MEMBERS_MAX),
    state: object,
  }),
  epoch: epochs,
  ballots,
});

export const anyViewChangeBody: fc.Arbitrary<ViewChangeBody> = fc.record({
  view: views,
  prefix: place,
  checkpoint: optional(proof),
  decision: optional(certificate),
  certificates: some(certificate, 3),
  claims: setBy(
    fc.record({ sequence: sequences, view: views, name: object }),
    2 * SLOTS_MAX,
    (left, right) => left.sequence < right.sequence,
  ),
});
const change: fc.Arbitrary<SignedViewChange> = fc.record({ sender: members, signature, view: views, body: object });
const newView: fc.Arbitrary<NewView> = fc.record({
  view: views,
  viewChanges: setBy(change, MEMBERS_MAX, before),
  result: place,
});
const signedNewView: fc.Arbitrary<SignedNewView> = fc.record({ sender: members, signature, newView });

const bodyOf = <T extends string, B extends object>(tag: T, body: fc.Arbitrary<B>): fc.Arbitrary<{ type: T } & B> =>
  body.map((each) => ({ type: tag, ...each }));

export const saidArbitraries: Bodies<Said> = {
  requests: fc.record({ type: type("requests"), requests: some(signedRequest, 3) }),
  ballot: bodyOf("ballot", ballotSaid),
  viewChange: fc.record({
    type: type("viewChange"),
    change,
    body: optional(upTo(VIEW_CHANGE_INLINE_SIZE_MAX)),
  }),
  newView: bodyOf("newView", signedNewView),
  certificate: fc.record({ type: type("certificate"), certificate }),
  checkpoint: fc.record({ type: type("checkpoint"), proof }),
};
export const anySaid = fc.oneof(...Object.values(saidArbitraries)) as fc.Arbitrary<Said>;
export const saidOf = (of: SaidType): fc.Arbitrary<Said> => saidArbitraries[of] as fc.Arbitrary<Said>;

export const sayingArbitraries: Bodies<Saying> = {
  request: bodyOf("request", request),
  ballot: bodyOf("ballot", ballot),
  viewChange: fc.record({ type: type("viewChange"), view: views, body: object }),
  newView: bodyOf("newView", newView),
};
export const anyStatement: fc.Arbitrary<Statement> = statementsOf(
  fc.oneof(...Object.values(sayingArbitraries)) as fc.Arbitrary<Saying>,
);

export function statementsOf(saying: fc.Arbitrary<Saying>): fc.Arbitrary<Statement> {
  return fc.record({
    domain: fc.constant("hardway" as const),
    major: natural(0xff),
    form: fc.constant(STATEMENT_FORM),
    table: tableId,
    epoch: epochs,
    sender: members,
    saying,
  });
}

export const evidenceArbitraries: Bodies<Evidence> = {
  contradiction: fc.record({ type: type("contradiction"), first: signedBallot, second: signedBallot }),
  amnesia: fc.record({ type: type("amnesia"), committed: signedBallot, change, body: anyViewChangeBody }),
  falseNewView: fc.record({
    type: type("falseNewView"),
    newView: signedNewView,
    bodies: some(anyViewChangeBody, 3),
  }),
};
