import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Saying, STATEMENT_FORM, Statement, statementBytes } from "../../../protocol/agreement/statement.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { counter, epoch, memberIndex, sequence, view } from "../../../protocol/core/units.ts";
import { PROTOCOL_MAJOR } from "../../../protocol/core/version.ts";
import { seal } from "../../../protocol/envelope/seal.ts";
import { Sender, Signing } from "../../../protocol/envelope/signing.ts";
import { EPOCH, MEMBERS, member, STRANGER, stranger, TABLE_ID, verifying } from "../envelope/people.ts";
import { anyMessage, anySender } from "../message/arbitrary.ts";
import { examples, rising } from "../message/examples.ts";
import { toHex } from "../message/json-value.ts";
import { anyStatement } from "./arbitrary.ts";
import { sayingExamples } from "./examples.ts";

const ME = 2;
const speaker = { table: TABLE_ID, epoch: EPOCH };
const holds = (signed: Uint8Array, signature: Uint8Array, key = MEMBERS[ME]!.key): boolean =>
  verifying().verify(key, signed, signature);
const sayings: readonly Saying[] = Object.values(sayingExamples);
const { ballot, request, viewChange, newView } = sayingExamples;

/** The signature of each saying by its speaker, held against other bytes. */
function expectNone(saying: Saying, others: readonly Uint8Array[]): void {
  const own = statementBytes(speaker, memberIndex(ME), saying);
  const signature = MEMBERS[ME]!.ports.sign(own);
  expect(holds(own, signature)).toBe(true);
  expect(others.length).toBeGreaterThan(0);
  for (const other of others) {
    expect(toHex(other)).not.toBe(toHex(own));
    expect(holds(other, signature)).toBe(false);
  }
}

const said = (saying: Saying): Uint8Array => statementBytes(speaker, memberIndex(ME), saying);

test("the signed bytes are their layout's: domain, major version, form, whole table, epoch, sender, kind, and every history whole [B11]", () => {
  const signed = said(ballot);
  expect(decode(Statement, signed)).toEqual({
    ok: true,
    value: {
      ...{ domain: "hardway", major: PROTOCOL_MAJOR, form: STATEMENT_FORM },
      ...{ table: TABLE_ID, epoch: EPOCH, sender: ME, saying: ballot },
    },
  });
  const place = (at: string, first: number): string => `01${at}${toHex(rising(first, 32))}`;
  expect(toHex(signed)).toBe(
    [
      ...["07", toHex(Buffer.from("hardway")), "01", "03", toHex(TABLE_ID), "04", "02", "02", "02"],
      place("f2a204", 0x20),
      place("f0a204", 0x21),
      place("efa204", 0x22),
      place("bea204", 0x31),
    ].join(""),
  );
});

test("the same statement is the same bytes, however often it is made [B11]", () => {
  for (const saying of sayings) expect(said(structuredClone(saying))).toEqual(said(saying));
});

describe("a signature fits nothing but what was signed", () => {
  const { proposed, prepared, committed, checkpoint } = ballot;
  const EMPTY = { proposed: undefined, prepared: undefined, committed: undefined, checkpoint: undefined };
  const only = (part: object): Saying => ({ ...ballot, ...EMPTY, ...part });

  test("of one phase, no other: a pre-prepare is no prepare, a prepare no commit, a commit no checkpoint [B11]", () => {
    const phases = ["proposed", "prepared", "committed", "checkpoint"] as const;
    for (const phase of phases) {
      const others = phases.filter((other) => other !== phase).map((other) => only({ [other]: prepared }));
      expectNone(only({ [phase]: prepared }), others.map(said));
    }
  });

  test("of a ballot, none that says less or more [B11]", () => {
    expectNone(ballot, [
      said(only({ proposed, prepared, committed })),
      said(only({ prepared, committed, checkpoint })),
      said(only({})),
    ]);
    expectNone(only({ prepared }), [said(only({ prepared, committed })), said(only({}))]);
  });

  test("of one kind, no other, even with the same bytes in it [B11]", () => {
    for (const saying of sayings) expectNone(saying, sayings.filter((other) => other !== saying).map(said));
    const bytes = said(viewChange).slice();
    // The byte before the view is the kind's tag.
    const at = bytes.length - (1 + 1 + 32 + 2);
    expect(bytes[at]).toBe(0x03);
    for (const tag of [0x01, 0x02, 0x04]) {
      bytes[at] = tag;
      expectNone(viewChange, [bytes.slice()]);
    }
  });

  test("in one view, none in another [B11]", () => {
    for (const saying of [ballot, viewChange, newView]) {
      expectNone(saying, [said({ ...saying, view: view(saying.view + 1) }), said({ ...saying, view: view(0) })]);
    }
  });

  test("at one sequence, none at another, in any phase [B11]", () => {
    for (const phase of ["proposed", "prepared", "committed", "checkpoint"] as const) {
      const place = { ...ballot[phase]!, sequence: sequence(ballot[phase]!.sequence + 1) };
      expectNone(ballot, [said({ ...ballot, [phase]: place })]);
    }
    expectNone(newView, [said({ ...newView, result: { ...newView.result, sequence: sequence(1) } })]);
    expectNone(request, [said({ ...request, number: counter(301) })]);
  });

  test("on one history, none on another, in any phase [B11]", () => {
    for (const phase of ["proposed", "prepared", "committed", "checkpoint"] as const) {
      for (const at of [0, 3, 4, 31]) {
        const digest = ballot[phase]!.digest.slice();
        digest[at]! ^= 1;
        expectNone(ballot, [said({ ...ballot, [phase]: { ...ballot[phase]!, digest } })]);
      }
    }
    const other = { ...viewChange.body, digest: rising(1, 32) };
    expectNone(viewChange, [
      said({ ...viewChange, body: other }),
      said({ ...viewChange, body: { ...viewChange.body, size: 1 } }),
    ]);
    expectNone(newView, [
      said({ ...newView, viewChanges: newView.viewChanges.slice(1) }),
      said({ ...newView, result: { ...newView.result, digest: rising(1, 32) } }),
    ]);
    expectNone(request, [said({ ...request, seat: 0 }), said({ ...request, operation: rising(2, 20) })]);
  });

  const otherTable = Uint8Array.of(TABLE_ID[0]!, TABLE_ID[1]!, ...rising(1, 14));
  const around: { readonly [what: string]: (saying: Saying) => Uint8Array } = {
    "of another sender": (saying) => statementBytes(speaker, memberIndex(1), saying),
    "at another table, even with the same short id": (saying) =>
      statementBytes({ ...speaker, table: otherTable }, memberIndex(ME), saying),
    "in another epoch": (saying) => statementBytes({ ...speaker, epoch: epoch(EPOCH + 1) }, memberIndex(ME), saying),
    "under another major version": (saying) => {
      const decoded = decode(Statement, said(saying));
      if (!decoded.ok) throw new Error(decoded.why);
      return encode(Statement, { ...decoded.value, major: PROTOCOL_MAJOR + 1 });
    },
    "under another domain": (saying) => {
      const bytes = said(saying).slice();
      bytes[7]! ^= 1;
      return bytes;
    },
  };
  for (const [what, change] of Object.entries(around)) {
    test(`none ${what} [B11]`, () => {
      for (const saying of sayings) expectNone(saying, [change(saying)]);
    });
  }

  test("nor does one member speak as another: its key makes no other's signature [B11]", () => {
    for (const saying of sayings) {
      const forged = MEMBERS[1]!.ports.sign(said(saying));
      expect(holds(said(saying), forged)).toBe(false);
      expect(holds(said(saying), forged, MEMBERS[1]!.key)).toBe(true);
    }
  });
});

describe("statements and envelopes share a key and not a byte string", () => {
  const FORM_AT = 1 + "hardway".length + 1;

  test("the form of a statement is the tag of no sender [B11]", () => {
    const tags = (Sender.rows ?? []).map(({ label }) => Number.parseInt(label, 16));
    expect(tags).toEqual([0x01, 0x02]);
    expect(tags).not.toContain(STATEMENT_FORM);
    expect(said(ballot)[FORM_AT]).toBe(STATEMENT_FORM);
    const asMember = seal(examples.leaderAccept, member(ME, 7), MEMBERS[ME]!.ports);
    expect(asMember.signed.subarray(0, FORM_AT)).toEqual(said(ballot).subarray(0, FORM_AT));
    expect(asMember.signed[FORM_AT]).toBe(0x01);
    const asStranger = seal(examples.joinRequest, stranger(7), STRANGER.ports);
    expect(asStranger.signed[FORM_AT]).toBe(0x02);
  });

  test("no statement is the signing bytes of an envelope, and none of these is a statement [B11]", () => {
    fc.assert(
      fc.property(anyStatement, anySender, anyMessage, (statement, sender, message) => {
        const stated = encode(Statement, statement).slice();
        const sealed = encode(Signing, { head: { domain: "hardway", major: PROTOCOL_MAJOR, sender }, message });
        expect(decode(Statement, stated).ok).toBe(true);
        expect(decode(Signing, sealed).ok).toBe(true);
        expect(decode(Signing, stated)).toMatchObject({ ok: false, why: "unknown tag" });
        expect(decode(Statement, sealed)).toMatchObject({ ok: false, why: "unknown tag" });
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("a statement's signature opens no envelope, and an envelope's holds for no statement [B11]", () => {
    const { signed } = seal(examples.vote, member(ME, 7), MEMBERS[ME]!.ports);
    for (const saying of sayings) {
      expectNone(saying, [signed]);
      expect(holds(said(saying), MEMBERS[ME]!.ports.sign(signed))).toBe(false);
    }
  });
});
