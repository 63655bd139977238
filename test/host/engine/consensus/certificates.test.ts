import { describe, expect, test } from "vitest";
import { verifyCertificate, verifyCheckpointProof } from "../../../../host/engine/consensus/certificates.ts";
import type { Signers } from "../../../../host/engine/consensus/statements.ts";
import { Certificate, CheckpointProof } from "../../../../protocol/agreement/certificate.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { memberIndex, sequence, view } from "../../../../protocol/core/units.ts";
import { portsOf, type Rig, run, submit } from "../../../simulator/rig.ts";
import { ballotBy, calm, set } from "./stories.ts";

/** Whoever knows the table, its epoch and its members' keys, and nothing else: not even a key of its own. */
const offline = (of: Rig): Signers => {
  const { table, epoch, members } = of.kiosks[0].replica;
  return { table, epoch, members };
};
const ports = portsOf(new Uint8Array(32).fill(99));

/** As it is passed on. */
function read(certificate: Certificate): Certificate | string {
  const decoded = decode(Certificate, encode(Certificate, certificate));
  return decoded.ok ? decoded.value : decoded.why;
}

function verdict(of: Rig, certificate: Certificate, signers = offline(of)): string {
  const passed = read(certificate);
  if (typeof passed === "string") return passed;
  const verified = verifyCertificate(signers, ports, passed);
  return verified.ok ? "holds" : verified.why;
}

/** Three batches, the last of which is proved in each of the ways that there are. */
function proofs(n: number): { readonly of: Rig; readonly held: { readonly [phase: string]: Certificate } } {
  const of = calm(n, { window: 2 });
  const slow = calm(n, { window: 2, fastPath: false });
  for (const each of [of, slow]) {
    for (let turn = 0; turn < 3; turn++) {
      submit(each, 1, set("k", `${turn}`));
      run(each, each.now + 50);
    }
  }
  const prepared = slow.kiosks[2].journal.findLast((record) => record.type === "certificate");
  const unanimous = of.kiosks[2].replica.decision?.certificate;
  const committed = slow.kiosks[2].replica.decision?.certificate;
  if (prepared?.type !== "certificate" || unanimous === undefined || committed === undefined)
    throw new Error("it was decided");
  return { of: slow, held: { prepared: prepared.certificate, committed, unanimous } };
}

describe.each([4, 7, 10])("a certificate of %i members", (n) => {
  const { of, held } = proofs(n);

  test.each(["prepared", "committed", "unanimous"])(
    "that says %s holds for whoever has the members' keys [B19]",
    (phase) => {
      const certificate = held[phase];
      expect([certificate.phase, certificate.sequence]).toEqual([phase, 3]);
      expect(certificate.ballots).toHaveLength(phase === "unanimous" ? n : of.kiosks[0].replica.quorum);
      expect(verdict(of, certificate)).toBe("holds");
      const verified = verifyCertificate(offline(of), ports, certificate);
      expect(verified.ok && verified.proven.histories.at(-1)).toEqual(of.kiosks[0].replica.state.history);
    },
  );

  /** One voter's words under the name of a member that said nothing, or of the voter after it where everyone did. */
  const relabelled = ({ ballots, ...rest }: Certificate): Certificate => {
    const senders = ballots.map(({ sender }) => sender as number);
    const silent = Array.from({ length: n }, (_, at) => at).find((at) => !senders.includes(at));
    if (silent === undefined) [senders[1], senders[2]] = [senders[2], senders[1]];
    else senders[1] = silent;
    const changed = ballots.map((ballot, at) => ({ ...ballot, sender: memberIndex(senders[at]) }));
    return { ...rest, ballots: changed.sort((left, right) => left.sender - right.sender) };
  };
  const lies: [string, (held: Certificate) => Certificate, string][] = [
    [
      "with a signature that is not the member's",
      (c) => ({
        ...c,
        ballots: c.ballots.map((b, at) => (at === 1 ? { ...b, signature: b.signature.map((byte) => byte ^ 1) } : b)),
      }),
      "bad signature",
    ],
    [
      "with one signature that serves two",
      (c) => ({
        ...c,
        ballots: c.ballots.map((b, at) => (at === 2 ? { ...b, signature: c.ballots[1].signature } : b)),
      }),
      "bad signature",
    ],
    ["with a vote less", (c) => ({ ...c, ballots: c.ballots.slice(0, -1) }), "too few"],
    ["without any vote", (c) => ({ ...c, ballots: [] }), "too few"],
    ["in which one member has another's place", relabelled, "bad signature"],
    ["that is said to be of another view", (c) => ({ ...c, view: view(n) }), "another view"],
    [
      "all of it relabelled to another view of the same primary",
      (c) => ({ ...c, view: view(n), ballots: c.ballots.map((b) => ({ ...b, view: view(n) })) }),
      "bad signature",
    ],
    [
      "that reaches further than its votes",
      (c) => ({ ...c, sequence: sequence(4), names: [...c.names, c.names[0]] }),
      "too few",
    ],
    ["that reaches further than its names", (c) => ({ ...c, sequence: sequence(4) }), "ends elsewhere"],
    ["over other names", (c) => ({ ...c, names: [...c.names].reverse() }), "bad signature"],
    ["on another base", (c) => ({ ...c, base: { ...c.base, digest: new Uint8Array(32) } }), "bad signature"],
    [
      "over other names, with the histories of the true ones",
      (c) => ({ ...c, names: [...c.names].reverse(), ballots: told(of, c) }),
      "history unknown",
    ],
  ];
  test.each(lies)("%s is none [B19]", (_, lie, why) => {
    for (const certificate of Object.values(held)) {
      expect([certificate.phase, verdict(of, lie(certificate))]).toEqual([certificate.phase, why]);
    }
  });

  test("in which one member votes twice is not even read [B19]", () => {
    for (const certificate of Object.values(held)) {
      const bytes = encode(Certificate, certificate);
      const [one, two] = certificate.ballots;
      const at = Buffer.from(bytes).indexOf(two.signature) - 1;
      expect(bytes[at]).toBe(two.sender);
      bytes[at] = one.sender;
      expect(decode(Certificate, bytes)).toMatchObject({ ok: false, why: "not canonical" });
    }
  });

  test("in which a backup proposes, or the primary prepares, is none [B19]", () => {
    const { sequence: at } = held["prepared"];
    const place = { sequence: at, digest: of.kiosks[0].replica.state.history };
    const wrong = (who: number): Certificate => {
      const roles = [ballotBy(of, 0, { prepared: place }), ballotBy(of, who, { proposed: place })];
      const ballots = held["prepared"].ballots.map(
        (each) => roles.find(({ sender }) => sender === each.sender) ?? each,
      );
      return {
        ...held["prepared"],
        ballots: who === 0 ? [roles[0], ...ballots.slice(1)] : [held["prepared"].ballots[0], ...ballots.slice(1)],
      };
    };
    expect([verdict(of, wrong(0)), verdict(of, wrong(1))]).toEqual(["wrong role", "wrong role"]);
  });

  test("of prepares does not say committed, nor a quorum's that it is everyone's, nor one without the primary that it is prepared [B19]", () => {
    expect(verdict(of, { ...held["prepared"], phase: "committed" })).toBe("too few");
    expect(verdict(of, { ...held["prepared"], phase: "unanimous" })).toBe("too few");
    // More than it takes is no more proof.
    expect(verdict(of, { ...held["unanimous"], phase: "prepared" })).toBe("too few");
    // Everyone's words, of whom one does not reach so far.
    const place = { sequence: sequence(2), digest: of.kiosks[0].replica.slots[1].history! };
    const behind = [...held["unanimous"].ballots.slice(0, -1), ballotBy(of, n - 1, { prepared: place })];
    expect(verdict(of, { ...held["unanimous"], ballots: behind })).toBe("too few");
    const [, ...backups] = held["unanimous"].ballots;
    expect(
      verdict(of, { ...held["unanimous"], phase: "prepared", ballots: backups.slice(0, of.kiosks[0].replica.quorum) }),
    ).toBe("too few");
  });

  test("is none at another table, in another epoch, or among other members [B19]", () => {
    const signers = offline(of);
    for (const certificate of Object.values(held)) {
      expect(verdict(of, certificate, { ...signers, table: new Uint8Array(16) })).toBe("bad signature");
      expect(verdict(of, certificate, { ...signers, epoch: 1 })).toBe("bad signature");
      expect(verdict(of, certificate, { ...signers, members: [...signers.members].reverse() })).not.toBe("holds");
    }
  });
});

/** Each ballot with the histories that it was said with. */
function told(of: Rig, { ballots, sequence: at }: Certificate): Certificate["ballots"] {
  const { history } = of.kiosks[0].replica.slots[at - 1];
  const whole = (position: (typeof ballots)[number]["prepared"]) =>
    position?.sequence === at ? { ...position, history } : position;
  return ballots.map((ballot) => ({
    ...ballot,
    proposed: whole(ballot.proposed),
    prepared: whole(ballot.prepared),
    committed: whole(ballot.committed),
  }));
}

describe("a checkpoint's proof", () => {
  const of = calm(4, { checkpointEvery: 2 });
  for (const value of ["a", "b"]) {
    submit(of, 1, set("k", value));
    run(of, of.now + 200);
  }
  const proof = of.kiosks[2].replica.stable.proof!;
  const holds = (changed: CheckpointProof): boolean => verifyCheckpointProof(offline(of), ports, changed);

  test("holds for whoever has the members' keys, and in nothing that is changed in it [B19]", () => {
    expect([proof.header.sequence, proof.ballots.length, holds(proof)]).toEqual([2, 3, true]);
    const { header, ballots } = proof;
    const lies: CheckpointProof[] = [
      { ...proof, header: { ...header, state: { ...header.state, digest: new Uint8Array(32) } } },
      { ...proof, header: { ...header, view: view(7) } },
      { ...proof, header: { ...header, sequence: sequence(4) } },
      { ...proof, header: { ...header, members: header.members.slice(1) } },
      { ...proof, ballots: ballots.slice(1) },
      { ...proof, ballots: ballots.map((b) => ({ ...b, view: view(4) })) },
      { ...proof, ballots: ballots.map((b, at) => (at === 2 ? { ...b, sender: memberIndex(3) } : b)) },
      { ...proof, ballots: ballots.map((b, at) => (at === 2 ? { ...b, sender: memberIndex(9) } : b)) },
      { ...proof, ballots: ballots.map((b, at) => (at === 2 ? { ...b, checkpoint: undefined } : b)) },
      { ...proof, epoch: 1 as never },
    ];
    expect(lies.map(holds)).toEqual(lies.map(() => false));
    const bytes = encode(CheckpointProof, proof);
    bytes[Buffer.from(bytes).indexOf(ballots[1].signature) - 1] = ballots[0].sender;
    expect(decode(CheckpointProof, bytes).ok).toBe(false);
  });
});
