import { expect, it } from "vitest";
import { verifyCertificate } from "../../../../host/engine/consensus/certificates.ts";
import type { Effect } from "../../../../host/engine/consensus/events.ts";
import { verifyRoll } from "../../../../host/engine/dice/verify-roll.ts";
import { PASS, SPOTS } from "../../../../host/engine/games/craps/spots.ts";
import { verifierPorts } from "../../../../host/node/dice-ports.ts";
import { parseRollFile } from "../../../../host/node/roll-file.ts";
import type { Answer } from "../../../../host/web/contract/answers.ts";
import { DECIDED_EVERY_MS, ORDER_FORGOTTEN_MS } from "../../../../host/web/view/limits.ts";
import { Certificate } from "../../../../protocol/agreement/certificate.ts";
import { decode } from "../../../../protocol/bytes/codec.ts";
import { WatchedKiosks } from "./watched-kiosks.ts";

const FIELD = 8;
const NETS = { won: 10, lost: -10, stood: 0 };
/** Of ten chips on the pass line. */
function onComeOut(total: number): keyof typeof NETS {
  if (total === 7 || total === 11) return "won";
  return total === 2 || total === 3 || total === 12 ? "lost" : "stood";
}

it("a kiosk that has begun shows a table at which nobody sits, and who is here", async () => {
  const of = new WatchedKiosks(4);
  await of.startAll();
  await of.run(5_000);
  const view = of.shown(1);
  expect(view.kiosk).toMatchObject({ name: "Kiosk 1", member: 1, isPlayMoney: true });
  expect(view.members.map(({ link }) => link)).toEqual(["near", "self", "near", "near"]);
  expect(view.craps?.players).toEqual([null, null, null, null]);
  expect(view.own).toMatchObject([{ seat: 0, place: null, whyNoSit: null, whyNoLeave: "does not sit" }]);
  expect(view.recovery).toMatchObject({ state: "playing", words: "All kiosks are here." });
  expect(view.ledger).toMatchObject({ isBalanced: true, fault: null });
  expect(of.ports[1]!.health()).toMatchObject({ isReady: true });
});

it("whoever sits down, bets and rolls is answered when it is done, and sees it from the revision that was named", async () => {
  const of = new WatchedKiosks(4);
  await of.startAll();
  await of.run(5_000);
  const sat = await of.ordered(0, { type: "sit" });
  expect(sat.ok).toBe(true);
  await of.run(100, () => of.ports[0]!.view().revision >= (sat.ok ? sat.revision : 0));
  expect(of.shown(0).own[0]).toMatchObject({ place: 0, free: 1000, whyNoSit: "sits already", whyNoLeave: null });
  await of.run(20_000, () => of.stateOf(0)?.dice.deal === undefined);

  const bet = await of.ordered(0, { type: "bet", code: PASS, chips: 10 });
  expect(bet.ok).toBe(true);
  await of.run(100, () => of.ports[0]!.view().revision >= (bet.ok ? bet.revision : 0));
  const { craps, own } = of.shown(0);
  expect(own[0]).toMatchObject({ free: 990, locked: 10, worth: 1000, whyNoLeave: "bets stand" });
  expect(craps?.state.seats[0]).toEqual([{ code: PASS, stake: 10, fee: 0, working: "usual", progress: 0 }]);
  expect(craps?.players[0]).toMatchObject({ member: 0, seat: 0, isMine: true, free: 990 });
  // At another kiosk it is somebody else's.
  await of.run(200);
  expect(of.shown(2).craps?.players[0]).toMatchObject({ isMine: false, free: 990 });
  // Somebody has bet: the table rolls by itself, 20 s later.
  const left = (craps?.closesAt ?? 0) - of.clock.wallMs();
  expect(left).toBeGreaterThan(15_000);
  expect(left).toBeLessThan(21_000);
  expect(of.shown(0).recovery.waits).toContainEqual(expect.objectContaining({ for: "bets", until: craps?.closesAt }));

  expect((await of.ordered(0, { type: "roll" })).ok).toBe(true);
  expect(await of.ended(1)).toBe(true);
  await of.run(100);
  for (const at of [0, 3]) {
    const [roll] = of.shown(at).rolls;
    expect(roll).toMatchObject({
      roll: 1,
      shooter: 0,
      point: 0,
      fell: { proofDigest: expect.stringMatching(/^.{64}$/) },
    });
    expect(roll?.seats).toMatchObject([{ place: 0, member: 0, bets: [{ code: PASS, name: "pass", stake: 10 }] }]);
    expect(roll!.sequence).toBeGreaterThan(0);
    const { first, second } = roll!.fell!;
    const became = onComeOut(first + second);
    expect(roll!.seats[0]!.bets[0]).toMatchObject({ type: became, net: NETS[became] });
    expect(roll!.seats[0]!.net).toBe(NETS[became]);
  }
});

it("chips that are put down faster than the table answers all lie there, whatever becomes of one among them", async () => {
  const of = new WatchedKiosks(4);
  await of.startAll();
  await of.run(5_000);
  await of.ordered(0, { type: "sit" });
  const put = (chips: number) => ({ type: "bet", code: PASS, chips }) as const;
  // The second is more than anybody has: those after it have their numbers too early.
  const answers = await of.allOrdered(0, [put(5), put(5_000), put(6), put(7)]);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(3);
  expect(answers.filter(({ ok }) => !ok)).toMatchObject([
    { why: "not enough chips", words: expect.stringMatching(/\w/) },
  ]);
  await of.run(200);
  expect(of.shown(0).craps?.state.seats[0]).toMatchObject([{ code: PASS, stake: 18 }]);
  expect(of.shown(0).own[0]).toMatchObject({ free: 982, underWay: 0 });
});

it("who keeps pressing for what the table refuses keeps no other order from being done", async () => {
  const of = new WatchedKiosks(4);
  await of.startAll();
  await of.run(5_000);
  await of.ordered(0, { type: "sit" });
  const why = new Set<string>();
  const press = () =>
    void of.ports[0]!.order({ type: "bet", code: PASS, chips: 5_000 }).then((answer) => {
      if (!answer.ok) why.add(answer.why);
    });
  const answers: Answer[] = [];
  for (let i = 0; i < 60; i++) {
    press();
    if (i === 5) void of.ports[0]!.order({ type: "bet", code: PASS, chips: 5 }).then((answer) => answers.push(answer));
    await of.run(20);
  }
  await of.run(20_000);
  expect(answers).toMatchObject([{ ok: true }]);
  expect([...why].sort()).toEqual(["busy", "not enough chips"]);
  expect(of.shown(0).own[0]).toMatchObject({ free: 995, underWay: 0 });
});

it("what the table never answers is forgotten, and who asked is told so", async () => {
  const of = new WatchedKiosks(4);
  await of.startAll();
  await of.run(5_000);
  await of.ordered(0, { type: "sit" });
  of.carry = ({ from, to }) => from === to;
  const put = { type: "bet", code: PASS, chips: 5 } as const;
  const answers: Answer[] = [];
  for (let i = 0; i < 3; i++) void of.ports[0]!.order(put).then((answer) => answers.push(answer));
  await of.run(ORDER_FORGOTTEN_MS - 1_000);
  expect([answers, of.shown(0).own[0]]).toMatchObject([[], { underWay: 3 }]);
  await of.run(3_000);
  expect(answers).toMatchObject(new Array(3).fill({ ok: false, why: "no answer yet" }));
  expect(of.shown(0).own[0]).toMatchObject({ underWay: 0 });
});

it("what the game or the table refuses is told in their own words", async () => {
  const of = new WatchedKiosks(4);
  await of.startAll();
  await of.run(5_000);
  expect(await of.ordered(2, { type: "roll" })).toMatchObject({
    ok: false,
    why: expect.stringMatching(/no account|does not sit/),
  });
  await of.ordered(2, { type: "sit" });
  expect(await of.ordered(2, { type: "sit" })).toMatchObject({ ok: false, why: "sits already" });
  expect(await of.ordered(2, { type: "rebuy" })).toMatchObject({ ok: false, why: "has chips" });
  expect(await of.ordered(2, { type: "bet", code: PASS, chips: 1, seat: 4 })).toMatchObject({ why: "no such seat" });
  expect(await of.ordered(2, { type: "leave" })).toMatchObject({ ok: true });
  await of.run(200);
  expect(of.shown(2).own[0]).toMatchObject({ place: null, worth: 1000 });
});

it("a roll's proof is the file that anybody can verify, with the certificate of who agreed on it [K07]", async () => {
  const of = new WatchedKiosks(4, "real");
  await of.seated();
  const roll = await of.locked();
  expect(await of.ended(roll)).toBe(true);
  await of.run(200);
  const proof = of.ports[3]!.proof(roll)!;
  const parsed = parseRollFile(JSON.stringify(proof));
  if (!parsed.ok) throw new Error(parsed.why);
  const { fell, sequence } = of.shown(3).rolls[0]!;
  expect(verifyRoll(verifierPorts, parsed.keys, parsed.proof)).toMatchObject({
    ...{ ok: true, dice: [fell!.first, fell!.second] },
  });
  expect(of.ports[3]!.proof(roll + 1)).toBeUndefined();
  const { quorum } = proof;
  const certificate = decode(Certificate, new Uint8Array(Buffer.from(quorum!.certificate, "hex")));
  if (!certificate.ok) throw new Error(certificate.why);
  expect(verifyCertificate(parsed.keys, of.kiosks[0]!.ports, certificate.value)).toMatchObject({ ok: true });
  expect(certificate.value.base.sequence).toBeLessThan(sequence);
  expect(certificate.value.sequence).toBeGreaterThanOrEqual(sequence);
  expect(quorum!.ballots.length).toBeGreaterThanOrEqual(3);
}, 60_000);

it("what the table has decided is in the view a picture later, however much else goes on [U08]", async () => {
  const of = new WatchedKiosks(4);
  await of.startAll();
  const { on } = of.views[0]!;
  const decidedAt: number[] = [];
  const shownAt: number[] = [];
  Object.assign(of.views[0]!, {
    on(effect: Effect) {
      if (effect.type === "answered") decidedAt.push(of.now);
      on(effect);
    },
  });
  of.ports[0]!.onChange(() => shownAt.push(of.now));
  await of.run(200);
  expect(await of.ordered(0, { type: "sit" })).toMatchObject({ ok: true });
  for (let bets = 0; bets < 12; bets++) {
    // Others want to be shown meanwhile, at any moment of the beat.
    of.views[0]!.look();
    await of.run(7 * bets);
    await of.ordered(0, { type: "bet", code: bets % 2 === 0 ? PASS : FIELD, chips: 5 });
    await of.run(300);
  }
  expect(decidedAt.length).toBeGreaterThan(10);
  for (const at of decidedAt) {
    const late = Math.min(...shownAt.filter((shown) => shown >= at)) - at;
    expect(late).toBeLessThanOrEqual(DECIDED_EVERY_MS);
  }
}, 60_000);

it("what is decided is looked at at once, other things some ten times a second and no more, and what has not changed is the same object", async () => {
  const of = new WatchedKiosks(4);
  await of.seated();
  const changes: number[] = [];
  of.ports[0]!.onChange(() => changes.push(of.now));
  for (let roll = 1; roll <= 4; roll++) {
    const locked = await of.locked();
    expect(await of.ended(locked)).toBe(true);
  }
  expect(changes.length).toBeGreaterThan(10);
  const gaps = changes.slice(1).map((at, i) => at - changes[i]!);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(DECIDED_EVERY_MS);
  await of.run(3_000);
  const before = of.ports[0]!.view().view;
  const field = SPOTS.find(({ name }) => name === "field")!.code;
  expect(await of.ordered(1, { type: "bet", code: field, chips: 1 })).toMatchObject({ ok: true });
  await of.run(200);
  const after = of.ports[0]!.view().view;
  expect(after.craps).not.toBe(before.craps);
  for (const part of ["kiosk", "table", "rolls", "trust", "radios", "operator"] as const) {
    expect(after[part], part).toBe(before[part]);
  }
  // What was shown is not changed by what happens later.
  const text = JSON.stringify(before.craps);
  await of.ordered(1, { type: "take", code: field, chips: 1 });
  expect(JSON.stringify(before.craps)).toBe(text);
});

it("a kiosk that too few are with says so, names who is missing, and takes no order; it goes on when they are back", async () => {
  const of = new WatchedKiosks(4);
  await of.seated();
  const cut = new Set([2, 3]);
  of.carry = ({ from, to }) => cut.has(from) === cut.has(to);
  await of.run(60_000, () => of.shown(0).recovery.state === "partitioned");
  const { recovery, mesh, members } = of.shown(0);
  expect(recovery.state).toBe("partitioned");
  expect(recovery.words).toMatch(/2 of 4 kiosks are here and 3 are needed/);
  expect(recovery.waits.find((wait) => wait.for === "members")?.members).toEqual([2, 3]);
  expect(members.map(({ link }) => link)).toEqual(["self", "near", "none", "none"]);
  expect(mesh.isPartitioned).toBe(true);
  expect(of.ports[0]!.health()).toMatchObject({ isReady: false, state: "degraded" });
  of.carry = () => true;
  await of.run(120_000, () => of.shown(0).recovery.state === "playing");
  expect(of.shown(0).recovery.state).toBe("playing");
});

it("a kiosk that was killed shows the rolls that its journal brought back, and when it began", async () => {
  const of = new WatchedKiosks(4);
  await of.seated();
  const roll = await of.locked();
  expect(await of.ended(roll)).toBe(true);
  await of.run(200);
  const fell = of.shown(1).rolls[0]?.fell;
  await of.kill(1);
  await of.start(1);
  const { rolls, recovery } = of.shown(1);
  expect(rolls).toMatchObject([{ roll, fell, at: null, primary: null }]);
  expect(recovery.journal).toMatchObject({ verdict: "clean" });
  expect(recovery.journal.records).toBeGreaterThan(10);
  expect(of.ports[1]!.proof(roll)).toMatchObject({ rollProof: 1, quorum: null });
});

it("while an operator has paused it a kiosk takes no orders, and says until when", async () => {
  const of = new WatchedKiosks(4);
  await of.seated();
  expect(await of.ports[0]!.order({ type: "pause", ms: 5_000 })).toMatchObject({ ok: true });
  await of.run(200);
  expect(of.shown(0)).toMatchObject({
    kiosk: { pausedUntil: expect.any(Number) },
    recovery: { state: "paused", waits: expect.arrayContaining([expect.objectContaining({ for: "operator" })]) },
  });
  expect(await of.ports[0]!.order({ type: "leave" })).toMatchObject({ ok: false, why: "paused" });
  await of.run(15_000, () => of.shown(0).recovery.state === "playing");
  expect(of.shown(0)).toMatchObject({ kiosk: { pausedUntil: null }, recovery: { state: "playing" } });
});
