/** Faults that real systems had. Each is told at a table, and names what stops it here. */
import { describe, expect, test } from "vitest";
import { verifyCertificate } from "../../../../host/engine/consensus/certificates.ts";
import { judge } from "../../../../host/engine/consensus/evidence.ts";
import { faultsMax, quorum } from "../../../../host/engine/consensus/quorum.ts";
import { select } from "../../../../host/engine/consensus/select.ts";
import { objectTree, pathOf, verifyChunk } from "../../../../host/engine/objects/tree.ts";
import type { Evidence } from "../../../../protocol/agreement/evidence.ts";
import { Said } from "../../../../protocol/agreement/said.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { memberIndex, millis, sequence, view } from "../../../../protocol/core/units.ts";
import { kinds } from "../../../../protocol/message/kinds.ts";
import { feed, type Rig, restart, run, submit } from "../../../simulator/rig.ts";
import {
  answer,
  answers,
  ballotBy,
  boast,
  calm,
  complaints,
  done,
  empty,
  entered,
  executions,
  expectOneHistory,
  expectTogether,
  get,
  only,
  pass,
  proposing,
  saying,
  set,
  stateOf,
  tell,
} from "./stories.ts";
import { blank, bodyOf, following, newViewBy, tellAll, wishBy, wishesOf } from "./wishes.ts";

const place = (at: number, fill: number) => ({ sequence: sequence(at), digest: new Uint8Array(32).fill(fill) });
const name = (fill: number) => ({ digest: new Uint8Array(32).fill(fill), size: fill });

/** Everyone has prepared a batch, nobody commits, and everyone but the primary wants another view. */
function prepared(): Rig {
  const of = calm(4, { fastPath: false });
  of.drop = ({ said }) => said?.type === "ballot" && said.ballot.committed !== undefined;
  submit(of, 2, set("k", "prepared"));
  run(of, of.now + 30);
  return of;
}

describe("view changes", () => {
  test("Zyzzyva lost what four replicas had decided fast in the first slot: claims of q − f stand against a liar's forgetting and inventing", () => {
    const of = calm(4);
    const claim = (which: number) => [{ sequence: sequence(1), view: view(0), name: name(which) }];
    const honest = { ...blank(of, 1), claims: claim(1) };
    for (const liar of [blank(of, 1), { ...blank(of, 1), claims: claim(2) }]) {
      for (const bodies of [
        [liar, honest, honest],
        [honest, liar, honest],
        [honest, honest, liar],
      ]) {
        expect(select(bodies, quorum(4), faultsMax(4)).names).toEqual([name(1)]);
      }
    }
  });

  test("FaB stood still after a view change in which no value had enough witnesses: what nobody can have decided is let go", () => {
    const of = calm(4);
    const [one, other] = [proposing(of, 0, [empty(100)]), proposing(of, 0, [empty(101)])];
    tell(of, 1, one.said);
    tell(of, 2, other.said);
    of.kiosks[0].up = false;
    of.queue = [];
    submit(of, 3, set("k", "v"));
    run(of, of.now + 5_000, () => answers(of, 3).length === 1);
    expect([answers(of, 3).length, entered(of, 3)]).toEqual([1, [1]]);
    run(of, of.now + 3_000);
    expectTogether(of, [1, 2, 3]);
  });

  test("IBFT's first version forgot a committed block in a round change: what one member alone saw committed stands in the next view", () => {
    const of = calm(4, { fastPath: false });
    of.drop = ({ to, said }) => to !== 3 && said?.type === "ballot" && said.ballot.committed !== undefined;
    submit(of, 2, set("k", "committed"));
    run(of, of.now + 30);
    expect(of.kiosks.map(({ replica }) => replica.executed)).toEqual([0, 0, 0, 1]);
    of.kiosks[3].up = of.kiosks[0].up = false;
    of.drop = () => false;
    run(of, of.now + 400);
    of.kiosks[0].up = true;
    run(of, of.now + 3_000);
    of.kiosks[3].up = true;
    run(of, of.now + 10_000);
    expect(entered(of, 1).length).toBeGreaterThan(0);
    expectTogether(of);
  });

  test("PBFT's low watermark was once taken from other view changes than those named: whoever knows more wishes follows all the same", () => {
    const of = calm(4);
    submit(of, 2, set("k", "v"));
    run(of, of.now + 50);
    of.drop = ({ said }) => said?.type === "ballot";
    submit(of, 2, set("k", "w"));
    run(of, of.now + 5);
    const [one, two, three] = wishesOf(of, [1, 2, 3]);
    expect(bodyOf(three).prefix.sequence).toBe(1);
    // Three wishes of those who know nothing, and member 0 holds a fourth that proves more.
    const low = [0, 1, 2].map((who) => wishBy(of, who, blank(of, 1)));
    const listener = of.kiosks[3];
    const knows = calm(4);
    listener.replica = knows.kiosks[3].replica;
    tellAll(of, 3, [three, ...low.slice(1)]);
    const effects = tellAll(of, 3, [low[0], newViewBy(of, 1, following(of, low))]);
    expect([listener.replica.view, only(effects, "evidence")]).toEqual([1, []]);
    expect([one.change.view, two.change.view]).toEqual([1, 1]);
  });

  test("a replayed VIEW-CHANGE moved views backwards, and a NEW-VIEW was believed unconditionally: views only rise", () => {
    const of = calm(4);
    for (const dead of [0, 1]) {
      of.kiosks[dead].up = false;
      submit(of, 2, set("k", `${dead}`));
      run(of, of.now + 10_000, () => of.kiosks.every(({ up, replica }) => !up || replica.executed === dead + 1));
      of.kiosks[dead].up = true;
      run(of, of.now + 6_000);
    }
    const views = of.kiosks.map(({ replica }) => replica.view);
    expect(Math.min(...views)).toBe(2);
    for (const { to, said } of of.log.slice())
      if (said?.type === "viewChange" || said?.type === "newView") tell(of, to, said);
    expect(of.kiosks.map(({ replica }) => [replica.view, replica.phase])).toEqual(
      views.map((each) => [each, "normal"]),
    );
    // Of a view above, without anybody's wish.
    tell(of, 2, newViewBy(of, 3, { view: view(7), viewChanges: [], result: place(9, 1) }));
    expect(of.kiosks[2].replica.view).toBe(2);
  });

  test("a new leader made up votes of others, for only the highest proof was looked at: every wish and every certificate in it is verified", () => {
    const of = prepared();
    const wishes = wishesOf(of, [1, 2, 3]);
    const [mine, second, third] = wishes;
    // Blank wishes under the others' names, by its own key.
    const invented = [0, 2].map((who) => ({ ...wishBy(of, 1, blank(of, 1)).change, sender: memberIndex(who) }));
    const lie = { ...following(of, [mine, second, third]), viewChanges: [invented[0], mine.change, invented[1]] };
    expect(complaints(tell(of, 3, newViewBy(of, 1, lie)))).toEqual(["new view on a wish that nobody has"]);
    // A certificate that is none, beside one that is.
    const body = bodyOf(second);
    const [good] = body.certificates;
    const bad = { ...good, base: { ...good.base, digest: new Uint8Array(32) } };
    expect(complaints(tell(of, 0, wishBy(of, 2, { ...body, certificates: [good, bad] })))).toEqual([
      "view change: bad signature",
    ]);
    expect(of.kiosks.map(({ replica }) => replica.view)).toEqual([0, 0, 0, 0]);
  });

  test("a lock on one value kept others from theirs for ever with one Byzantine member: a new view binds everyone to what follows from it", () => {
    const of = calm(4, { fastPath: false });
    // Member 0 leads, and its votes reach member 1 alone; it prepares there what nobody else has.
    of.drop = ({ from, to, said }) => from === 0 && to !== 1 && said?.type === "ballot";
    for (let turn = 0; turn < 6; turn++) {
      submit(of, 2, set("k", `${turn}`));
      run(of, of.now + 500);
    }
    run(of, of.now + 10_000, () => answers(of, 2).length === 6);
    expect(answers(of, 2)).toHaveLength(6);
    run(of, of.now + 3_000);
    expectTogether(of, [1, 2, 3]);
    expect(Math.max(...entered(of, 2))).toBeLessThanOrEqual(2);
  });
});

describe("votes and certificates", () => {
  test.each([5, 6, 8, 9])("2f + 1 of %i were taken for a quorum: so many decide nothing, q do", (n) => {
    const of = calm(n, { fastPath: false });
    for (let dead = 2 * faultsMax(n) + 1; dead < n; dead++) of.kiosks[dead].up = false;
    submit(of, 1, set("k", "v"));
    run(of, of.now + 200);
    expect(of.kiosks.map(({ replica }) => replica.decided)).toEqual(new Array(n).fill(0));
    for (let index = 0; index < quorum(n); index++) of.kiosks[index].up = true;
    run(of, of.now + 5_000, () => answers(of, 1).length === 1);
    expect(answers(of, 1)).toHaveLength(1);
  });

  test("a primary that voted Prepare as well was counted twice: its proposal is its prepare, and another is refused", () => {
    const of = calm(4, { fastPath: false });
    const { said, places } = proposing(of, 0, [empty(100)]);
    of.drop = () => true;
    tell(of, 1, said);
    const effects = tell(of, 1, saying(ballotBy(of, 0, { prepared: places[0] })));
    expect([complaints(effects), of.kiosks[1].replica.own.committed]).toEqual([["a primary prepares by proposing"], 0]);
    tell(of, 1, saying(ballotBy(of, 2, { prepared: places[0] })));
    expect(of.kiosks[1].replica.own.committed).toBe(1);
  });

  test("a certificate's entry named a member that had not signed it: the name is under the signature, and picks the key", () => {
    const of = prepared();
    const [wish] = wishesOf(of, [1]);
    const [certificate] = bodyOf(wish).certificates;
    const ballots = certificate.ballots.map((each, at) => (at === 2 ? { ...each, sender: memberIndex(3) } : each));
    const { replica, world } = of.kiosks[2];
    expect(verifyCertificate(replica, world.ports, certificate).ok).toBe(true);
    expect(verifyCertificate(replica, world.ports, { ...certificate, ballots })).toEqual({
      ok: false,
      why: "bad signature",
    });
  });

  test("votes of another instance were counted: table and epoch are under every signature", () => {
    const of = calm(4);
    const { said, places } = proposing(of, 0, [empty(100)]);
    tell(of, 1, said);
    for (const change of [{ table: new Uint8Array(16).fill(9) }, { epoch: 3 }]) {
      const elsewhere = calm(4);
      Object.assign(elsewhere.kiosks[2].replica, change);
      expect(complaints(tell(of, 1, saying(ballotBy(elsewhere, 2, { prepared: places[0] }))))).toEqual([
        "bad signature",
      ]);
    }
  });

  test("a commit held signatures over another block, and verification stopped after two thirds: exactly q, of one history, all verified", () => {
    const of = calm(4, { fastPath: false });
    submit(of, 1, set("k", "v"));
    run(of, of.now + 50);
    const { replica, world } = of.kiosks[2];
    const { certificate } = replica.decision!;
    const verdict = (ballots: typeof certificate.ballots) =>
      verifyCertificate(replica, world.ports, { ...certificate, ballots });
    const other = ballotBy(of, 3, { prepared: place(1, 9), committed: place(1, 9) });
    expect(verdict(certificate.ballots).ok).toBe(true);
    for (const ballots of [
      [...certificate.ballots, other],
      [...certificate.ballots.slice(0, 2), other],
      certificate.ballots.map((each, at) => (at === 2 ? { ...each, signature: new Uint8Array(64) } : each)),
    ]) {
      expect(verdict(ballots).ok).toBe(false);
    }
  });

  test("a header was read as a body, and the process ended: a tag decides the layout, and whatever comes is answered with a value", () => {
    const of = prepared();
    submit(of, 1, set("more", "v"));
    run(of, of.now + 2_000);
    let read = 0;
    for (const { said } of of.log.slice(0, 400)) {
      if (said === undefined) continue;
      const bytes = encode(Said, said).slice();
      for (let tag = 0; tag < 16; tag++) {
        bytes[0] = tag;
        const decoded = decode(Said, bytes);
        if (!decoded.ok) continue;
        read += 1;
        tell(of, 3, decoded.value);
      }
    }
    expect(read).toBeGreaterThan(100);
    of.drop = () => false;
    run(of, of.now + 20_000);
    expectOneHistory(of);
  });
});

describe("state and restarts", () => {
  test("PBFT's read-only shortcut let a leader keep clients waiting: there is none, a read has its place in the order", () => {
    const of = calm(4);
    submit(of, 1, set("k", "v"));
    submit(of, 2, get("k"));
    run(of, of.now + 100);
    expect(answer(answers(of, 2)[0].result)).toBe("v");
    expect(executions(of, 3).flatMap((each) => each.done).length).toBe(2);
    expect(kinds.map(({ type }) => type).filter((type) => /read|query/i.test(type))).toEqual([]);
  });

  test("state transfer took the leader from the last reply: who catches up changes its view by what is proved alone", () => {
    const of = calm(4, { checkpointEvery: 50 });
    of.kiosks[0].up = false;
    of.drop = ({ from, to }) => from === 3 || to === 3;
    for (let turn = 0; turn < 3; turn++) submit(of, 1 + (turn % 2), set("k", `${turn}`));
    of.kiosks[0].up = true;
    run(of, of.now + 200);
    of.drop = ({ to, said }) => to === 3 && (said?.type === "newView" || said?.type === "ballot");
    pass(of, 2, 3, boast(of, 6, 7));
    run(of, of.now + 10_000);
    expect([of.kiosks[3].replica.executed > 0, of.kiosks[3].replica.view]).toEqual([true, 0]);
  });

  test("after a sync of the same height a block was committed twice, counters began anew, and a restart stood still: none of it here", () => {
    const of = calm(4, { checkpointEvery: 3 });
    for (let turn = 0; turn < 8; turn++) {
      submit(of, 1, set("k", `${turn}`));
      run(of, of.now + 40);
    }
    const before = [done(of, 2).length, stateOf(of, 2)];
    // What it has already, proved once more.
    const { decision, stable } = of.kiosks[0].replica;
    tell(of, 2, { type: "certificate", certificate: decision!.certificate });
    tell(of, 2, { type: "checkpoint", proof: stable.proof! });
    expect([done(of, 2).length, stateOf(of, 2)]).toEqual(before);
    restart(of, 1);
    run(of, of.now + 500);
    submit(of, 1, set("k", "after"));
    run(of, of.now + 500);
    expect(answers(of, 1).map(({ number }) => number as number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expectTogether(of);
  });

  test("state changed after its checkpoint was taken, and whoever fetched it diverged: a checkpoint is bytes of its moment", () => {
    const of = calm(4, { checkpointEvery: 5 });
    of.kiosks[3].up = false;
    for (let turn = 0; turn < 84; turn++) {
      submit(of, turn % 3, set(`k${turn % 4}`, `${turn}`));
      run(of, of.now + 30);
    }
    of.kiosks[3].up = true;
    // While it fetches, the others go on.
    for (let turn = 84; turn < 120; turn++) {
      submit(of, turn % 3, set(`k${turn % 4}`, `${turn}`));
      run(of, of.now + 15);
    }
    run(of, of.now + 5_000);
    expect(executions(of, 3).length).toBeLessThan(100);
    expectTogether(of);
    expect(of.kiosks.flatMap(({ told }) => only(told, "muted"))).toEqual([]);
  });

  test("a part's index was not its proof's, and a double sign was looked for one height off: both are exact", () => {
    const of = calm(4);
    const { ports } = of.kiosks[0].world;
    const tree = objectTree(
      ports,
      new Uint8Array(9_000).map((_, at) => at % 251),
    );
    const bytes = new Uint8Array(2_048).map((_, at) => (2_048 + at) % 251);
    const verdict = (index: number) => verifyChunk(ports, tree.name, index, pathOf(tree, 1), bytes).ok;
    expect([0, 1, 2, 3].map(verdict)).toEqual([false, true, false, false]);
    const judged = (at: number) => {
      const [first, second] = [ballotBy(of, 2, { prepared: place(7, 1) }), ballotBy(of, 2, { prepared: place(at, 2) })];
      return judge(of.kiosks[1].replica, ports, { type: "contradiction", first, second });
    };
    expect([6, 7, 8].map(judged)).toEqual([undefined, 2, undefined]);
  });

  test("evidence was judged by the judge's own clock: it is judged by what is signed, at any time", () => {
    const of = calm(4);
    const [first, second] = [ballotBy(of, 2, { prepared: place(7, 1) }), ballotBy(of, 2, { prepared: place(7, 2) })];
    const evidence: Evidence = { type: "contradiction", first, second };
    const verdicts = of.kiosks.map(({ replica, world }, index) => {
      const at = millis(of.now + index * 86_400_000);
      feed(of, index, { type: "clock", at, wallMs: index * 1e12 });
      return judge(replica, world.ports, evidence);
    });
    expect(verdicts).toEqual([2, 2, 2, 2]);
  });
});

test("Aardvark: one faulty client and one faulty server made PBFT of no use: they cost the others neither a view nor a request", () => {
  const of = calm(4);
  const log: string[] = [];
  of.drop = (sent) => {
    if (sent.said?.type === "viewChange") log.push(`${sent.from}`);
    // The server votes on nothing, and its client's requests reach one kiosk only, half of them under a bad signature.
    return sent.from === 3 && (sent.said?.type !== "requests" || sent.to !== 1);
  };
  for (let turn = 0; turn < 20; turn++) {
    submit(of, 3, set("noise", `${turn}`));
    const noise = of.log.findLast(({ from, said }) => from === 3 && said?.type === "requests")?.said;
    if (noise?.type === "requests") {
      const forged = noise.requests.map((each) => ({ ...each, signature: each.signature.map((byte) => byte ^ 1) }));
      for (const to of [0, 2])
        for (let again = 0; again < 5; again++) pass(of, 3, to, { type: "requests", requests: forged });
    }
    submit(of, turn % 3, set("k", `${turn}`));
    run(of, of.now + 120);
  }
  run(of, of.now + 1_000);
  expect([answers(of, 0).length, answers(of, 1).length, answers(of, 2).length]).toEqual([7, 7, 6]);
  expect(log).toEqual([]);
  expect(done(of, 0).length).toBeGreaterThan(20);
  expectTogether(of, [0, 1, 2]);
});
