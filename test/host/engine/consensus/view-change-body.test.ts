import { beforeAll, describe, expect, test } from "vitest";
import type { Certificate, ViewChangeBody } from "../../../../protocol/agreement/certificate.ts";
import { memberIndex, sequence, view } from "../../../../protocol/core/units.ts";
import { type Rig, run, submit } from "../../../simulator/rig.ts";
import { calm, complaints, set, tell } from "./stories.ts";
import { bodyOf, type Wish, wishBy, wishesOf } from "./wishes.ts";

/** Member 1 knows one batch that was decided, and one that a quorum has prepared and nobody committed. */
let of: Rig;
let wish: Wish;
let body: ViewChangeBody;

beforeAll(() => {
  of = calm(4, { fastPath: false });
  submit(of, 2, set("k", "decided"));
  run(of, of.now + 50);
  of.drop = ({ said }) => said?.type === "ballot" && (said.ballot.committed?.sequence ?? 0) > 1;
  submit(of, 2, set("k", "prepared"));
  run(of, of.now + 50);
  [wish] = wishesOf(of, [1]);
  body = bodyOf(wish);
});

/** What another member makes of it. */
function hears(said: Wish) {
  const kiosk = of.kiosks[3];
  const { replica } = kiosk;
  kiosk.replica = structuredClone(replica);
  const effects = tell(of, 3, said);
  const held = kiosk.replica.viewChanges[said.change.sender];
  kiosk.replica = replica;
  return { why: complaints(effects), known: held !== undefined, believed: held?.body !== undefined };
}

describe("a view change", () => {
  test("says its prefix with the proof, what was prepared above it, and what its sender last prepared, under one signature [C03]", () => {
    expect([body.view, body.prefix.sequence, body.decision?.sequence, body.decision?.phase]).toEqual([
      1,
      1,
      1,
      "committed",
    ]);
    expect(body.certificates.map((each) => [each.phase, each.view, each.sequence])).toEqual([["prepared", 0, 2]]);
    expect(body.claims.map((each) => [each.sequence, each.view, each.name])).toEqual([
      [2, 0, body.certificates[0].names.at(-1)],
    ]);
    expect(wish.change.sender).toBe(1);
    expect(hears(wish)).toEqual({ why: [], known: true, believed: true });
  });

  test("changed on its way is not the one that was signed [C03]", () => {
    const { change } = wish;
    const altered: [string, Wish][] = [
      ["view", { ...wish, change: { ...change, view: view(2) } }],
      ["sender", { ...wish, change: { ...change, sender: memberIndex(2) } }],
      ["body's name", { ...wish, change: { ...change, body: { ...change.body, size: change.body.size - 1 } } }],
      ["signature", { ...wish, change: { ...change, signature: change.signature.map((byte) => byte ^ 1) } }],
    ];
    for (const [what, said] of altered) {
      expect([what, hears(said)]).toEqual([what, { why: ["bad signature"], known: false, believed: false }]);
    }
    // Another body under the name that is signed is no body of it.
    const other = wishBy(of, 1, { ...body, certificates: [] });
    expect(hears({ ...wish, body: other.body })).toEqual({ why: [], known: true, believed: false });
  });

  const certificate = (change: (held: Certificate) => Partial<Certificate>) => (): ViewChangeBody => ({
    ...body,
    certificates: body.certificates.map((held) => ({ ...held, ...change(held) })),
  });
  const decision = (change: (held: Certificate) => Partial<Certificate>) => (): ViewChangeBody => ({
    ...body,
    decision: { ...body.decision!, ...change(body.decision!) },
  });
  const digest = new Uint8Array(32).fill(9);
  const elsewhere = { digest, size: 80 };

  test.each<[string, () => ViewChangeBody, string]>([
    [
      "other names in a certificate",
      certificate(({ names }) => ({ names: [...names.slice(0, -1), elsewhere] })),
      "bad signature",
    ],
    ["another base in a certificate", certificate(({ base }) => ({ base: { ...base, digest } })), "bad signature"],
    [
      "a certificate that reaches further",
      certificate(({ names }) => ({ sequence: sequence(3), names: [...names, elsewhere] })),
      "too few",
    ],
    ["a certificate of another view", certificate(() => ({ view: view(4) })), "view not below"],
    ["a certificate with a vote less", certificate(({ ballots }) => ({ ballots: ballots.slice(1) })), "too few"],
    ["a certificate in which somebody speaks for another", certificate((held) => relabelled(held, 3)), "bad signature"],
    [
      "a certificate without the primary's word",
      certificate(({ ballots }) => ({ ballots: [...ballots.slice(1), { ...ballots[1], sender: memberIndex(3) }] })),
      "too few",
    ],
    ["a decision where a certificate belongs", certificate(() => ({ phase: "committed" })), "wrong role"],
    ["a prepared certificate for a decision", decision(() => ({ phase: "prepared" })), "prefix unproved"],
    ["a decision with a vote less", decision(({ ballots }) => ({ ballots: ballots.slice(1) })), "too few"],
    [
      "a decision of another history",
      decision(({ names }) => ({ names: [elsewhere, ...names.slice(1)] })),
      "bad signature",
    ],
    ["a decision of another place", () => ({ ...body, prefix: { ...body.prefix, digest } }), "prefix unproved"],
    ["a prefix without proof", () => ({ ...body, decision: undefined }), "prefix unproved"],
    [
      "a prefix beyond its proof",
      () => ({ ...body, prefix: { sequence: sequence(2), digest: body.prefix.digest }, certificates: [], claims: [] }),
      "prefix unproved",
    ],
    [
      "a claim of a view that is still to come",
      () => ({ ...body, claims: body.claims.map((each) => ({ ...each, view: view(1) })) }),
      "claims out of range",
    ],
    [
      "a claim at its prefix",
      () => ({ ...body, claims: body.claims.map((each) => ({ ...each, sequence: sequence(1) })) }),
      "claims out of range",
    ],
    [
      "a claim that no window reaches",
      () => ({ ...body, claims: body.claims.map((each) => ({ ...each, sequence: sequence(18) })) }),
      "claims out of range",
    ],
  ])("with %s is not believed, although its sender signed it [C03]", (_, lie, why) => {
    const said = wishBy(of, 1, lie());
    expect(hears(said)).toEqual({ why: [`view change: ${why}`], known: true, believed: false });
  });

  test("whose body is for another view than its name is not believed [C03]", () => {
    expect(hears(wishBy(of, 1, body, 2))).toEqual({ why: ["view change: another view"], known: true, believed: false });
  });
});

/** The last voter's words under another's name. */
function relabelled(held: Certificate, sender: number): Partial<Certificate> {
  const others = held.ballots.slice(0, -1);
  return {
    ballots: [...others, { ...held.ballots.at(-1)!, sender: memberIndex(sender) }].sort((a, b) => a.sender - b.sender),
  };
}
