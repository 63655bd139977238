import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Position, SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { ViewChangeBody } from "../../../protocol/agreement/certificate.ts";
import { Said } from "../../../protocol/agreement/said.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { counter } from "../../../protocol/core/units.ts";
import { open } from "../../../protocol/envelope/open.ts";
import { seal } from "../../../protocol/envelope/seal.ts";
import type { Place } from "../../../protocol/message/fields.ts";
import { context, MEMBERS, member, verifying } from "../envelope/people.ts";
import { counters, digest, exactly, members, sequences, signature, views } from "../message/arbitrary-fields.ts";
import { examples } from "../message/examples.ts";
import { objectExamples } from "./examples.ts";

/** What every message of agreement is about, whoever says it. */
const anyFields = fc.record({ view: views, sequence: sequences, digest, sender: members, signature });
type Fields = typeof anyFields extends fc.Arbitrary<infer F> ? F : never;

const NOTHING = { proposed: undefined, prepared: undefined, committed: undefined, checkpoint: undefined };
const position = ({ sequence, digest }: Fields): Position => ({ sequence, history: digest });
const place = ({ sequence, digest }: Fields): Place => ({ sequence, digest });

/** As the wire gives it back. */
function through(said: Said): Said {
  const bytes = encode(Said, said);
  for (const wrong of [bytes.subarray(0, -1), Uint8Array.of(...bytes, 0)]) expect(decode(Said, wrong).ok).toBe(false);
  const decoded = decode(Said, bytes);
  if (!decoded.ok) throw new Error(decoded.why);
  return decoded.value;
}

function ballotThrough(fields: Fields, part: Partial<SignedBallot>): SignedBallot {
  const { view, sender, signature } = fields;
  const ballot = { ...NOTHING, view, sender, signature, ...part };
  const said = through({ type: "ballot", ballot, hint: new Uint8Array(4), proposals: undefined });
  if (said.type !== "ballot") throw new Error("it is a ballot");
  return said.ballot;
}

const read = ({ view, sender, signature }: SignedBallot, at: Place | Position | undefined): Fields => ({
  ...{ view, sender, signature },
  sequence: at!.sequence,
  digest: (at as { digest?: Uint8Array }).digest ?? (at as Position).history!,
});

/** Each message with these fields, as it arrives. */
const MESSAGES: { readonly [name: string]: (fields: Fields) => Fields } = {
  PrePrepare(fields) {
    const ballot = ballotThrough(fields, { proposed: position(fields) });
    return read(ballot, ballot.proposed);
  },
  Prepare(fields) {
    const ballot = ballotThrough(fields, { prepared: position(fields) });
    return read(ballot, ballot.prepared);
  },
  Commit(fields) {
    const ballot = ballotThrough(fields, { committed: position(fields) });
    return read(ballot, ballot.committed);
  },
  Checkpoint(fields) {
    const ballot = ballotThrough(fields, { checkpoint: place(fields) });
    return read(ballot, ballot.checkpoint);
  },
  ViewChange(fields) {
    const { view, sender, signature } = fields;
    const bytes = encode(ViewChangeBody, { ...objectExamples.body, view, prefix: place(fields) });
    const name = { digest: fields.digest, size: bytes.length };
    const said = through({ type: "viewChange", change: { sender, signature, view, body: name }, body: bytes });
    if (said.type !== "viewChange" || said.body === undefined) throw new Error("it is a view change");
    const body = decode(ViewChangeBody, said.body);
    if (!body.ok) throw new Error(body.why);
    expect([body.value.view, said.change.body]).toEqual([view, name]);
    return {
      ...body.value.prefix,
      view: said.change.view,
      sender: said.change.sender,
      signature: said.change.signature,
    };
  },
  NewView(fields) {
    const { view, sender, signature } = fields;
    const said = through({
      type: "newView",
      sender,
      signature,
      newView: { view, viewChanges: [], result: place(fields) },
    });
    if (said.type !== "newView") throw new Error("it is a new view");
    return { ...said.newView.result, view: said.newView.view, sender: said.sender, signature: said.signature };
  },
};

describe("what a message of agreement carries arrives, and not with a byte more or less", () => {
  for (const [name, message] of Object.entries(MESSAGES)) {
    test(`${name}: view, sequence, digest, sender and signature [B03]`, () => {
      fc.assert(
        fc.property(anyFields, (fields) => {
          expect(message(fields)).toEqual(fields);
        }),
        { seed: 1, numRuns: 100 },
      );
    });
  }

  test("Request: seat, number, operation, sender and signature; its view and sequence are the primary's to give [B03]", () => {
    const any = fc.record({ sender: members, signature, number: counters, operation: exactly(40) });
    fc.assert(
      fc.property(any, ({ sender, signature, number, operation }) => {
        const requests = [0, 8].map((seat) => ({ sender, signature, request: { seat, number, operation } }));
        expect(through({ type: "requests", requests })).toEqual({ type: "requests", requests });
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test("Reply: view, sequence and digest, and sender and signature around them [B03]", () => {
    const here = context();
    let count = 0;
    fc.assert(
      fc.property(anyFields, fc.integer({ min: 0, max: 3 }), ({ view, sequence, digest }, index) => {
        const reply = { ...examples.reply, view, sequence, digest, number: counter(count) };
        const sealed = seal(reply, member(index, count++), MEMBERS[index]!.ports);
        expect(open(sealed.bytes, here, verifying())).toMatchObject({
          ok: true,
          from: { type: "member", sender: index },
          message: reply,
          signature: MEMBERS[index]!.ports.sign(sealed.signed),
        });
      }),
      { seed: 1, numRuns: 30 },
    );
  });
});
