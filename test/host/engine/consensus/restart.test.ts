import { describe, expect, test } from "vitest";
import type { Record } from "../../../../host/engine/consensus/records.ts";
import { SignedBallot } from "../../../../protocol/agreement/ballot.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { sequence, view } from "../../../../protocol/core/units.ts";
import type { Message } from "../../../../protocol/message/kinds.ts";
import { type Rig, restart, run, type Sent, submit } from "../../../simulator/rig.ts";
import {
  ballotBy,
  calm,
  done,
  expectOneHistory,
  expectTogether,
  hear,
  hex,
  only,
  set,
  stateOf,
  watch,
} from "./stories.ts";

const EVERY = 5;
/** A span between the watermarks. */
const SPAN = 2 * EVERY;

function played(turns: number, more = {}): Rig {
  const of = calm(4, { checkpointEvery: EVERY, ...more });
  for (let turn = 0; turn < turns; turn++) play(of, turn);
  return of;
}

function play(of: Rig, turn: number, among: readonly number[] = [0, 1, 2, 3]): void {
  submit(of, among[turn % among.length], set(`k${turn % 6}`, `${turn}`));
  run(of, of.now + 40);
}

/** Another life: what was told in the one before is forgotten with it. */
function reboot(of: Rig, who: number, records?: readonly Record[], damage?: string): void {
  of.kiosks[who].told.length = 0;
  restart(of, who, records === undefined ? of.kiosks[who].journal : [...records], damage);
}

const signs = ({ said }: Sent): boolean =>
  said?.type === "ballot" || said?.type === "viewChange" || said?.type === "newView" || said?.type === "requests";
const wordsOf = (heard: readonly Sent[], who: number): Sent[] =>
  heard.filter((sent) => sent.from === who && signs(sent));
const muted = (of: Rig, who: number): number[] =>
  only(of.kiosks[who].told, "muted").map(({ until }) => until as number);

/** Of what it ever said as its own: one history a phase, view and sequence. Help passes on the words of others. */
function expectNoSecondVote(of: Rig, who: number): void {
  const said = new Map<string, string>();
  for (const { said: each } of of.log) {
    if (each?.type !== "ballot" || each.ballot.sender !== who) continue;
    const { ballot, hint } = each;
    for (const phase of ["proposed", "prepared", "committed"] as const) {
      const place = ballot[phase];
      // What is left out is told apart by its hint, where one phase alone is in it.
      const what = place?.history === undefined ? undefined : hex(place.history);
      if (place === undefined || what === undefined) continue;
      const key = `${phase} ${ballot.view} ${place.sequence}`;
      expect([key, said.get(key) ?? what, hex(hint)]).toEqual([key, what, hex(hint)]);
      said.set(key, what);
    }
  }
}

test("nothing is signed and said that is not written before: votes, wishes, requests, commits with their certificates", () => {
  const of = calm(4, { checkpointEvery: EVERY });
  const said = { voted: 0, changing: 0, request: 0, certificate: 0 };
  of.drop = ({ from, said: words }) => {
    const { journal } = of.kiosks[from];
    const has = (signature: Uint8Array, type: Record["type"]): boolean =>
      journal.some((record) => record.type === type && JSON.stringify(record).includes(JSON.stringify(signature)));
    const check = (type: "voted" | "changing" | "request", signature: Uint8Array): void => {
      said[type] += 1;
      expect([type, has(signature, type)]).toEqual([type, true]);
    };
    if (words?.type === "ballot" && words.ballot.sender === from) {
      check("voted", words.ballot.signature);
      const at = words.ballot.committed?.sequence ?? 0;
      if (at > 0 && words.ballot.checkpoint === undefined) {
        said.certificate += 1;
        expect(journal.some((record) => record.type === "certificate" && record.certificate.sequence >= at)).toBe(true);
      }
    }
    if (words?.type === "viewChange" && words.change.sender === from) check("changing", words.change.signature);
    if (words?.type === "requests") {
      for (const each of words.requests) if (each.sender === from) check("request", each.signature);
    }
    return false;
  };
  for (let turn = 0; turn < 4; turn++) play(of, turn);
  of.kiosks[0].up = false;
  for (let turn = 4; turn < 8; turn++) play(of, turn, [1, 2, 3]);
  run(of, of.now + 1_000);
  expect(Object.values(said).every((count) => count > 5)).toBe(true);
});

describe("after a restart with the whole journal", () => {
  test("nothing is signed before q − 1 others have told what they heard; then it votes like before", () => {
    const of = played(12);
    const before = stateOf(of, 2);
    reboot(of, 2);
    expect([stateOf(of, 2), of.kiosks[2].replica.executed, of.kiosks[2].replica.stable.header.sequence]).toEqual([
      before,
      12,
      10,
    ]);
    const heard = watch(of);
    // One of them answers, and one is not enough.
    const { drop } = of;
    of.drop = (sent) => (sent.to === 2 && sent.from !== 1) || drop(sent);
    play(of, 12, [0]);
    run(of, of.now + 200);
    expect([wordsOf(heard, 2), of.kiosks[2].replica.probing]).toEqual([[], { forgot: undefined }]);
    of.drop = drop;
    run(of, of.now + 2_000);
    expect([of.kiosks[2].replica.probing, muted(of, 2)]).toEqual([undefined, []]);
    of.kiosks[3].up = false;
    play(of, 13, [0]);
    run(of, of.now + 500);
    expect([done(of, 0).length, wordsOf(heard, 2).length > 0]).toEqual([14, true]);
    expectTogether(of, [0, 1, 2]);
    expectNoSecondVote(of, 2);
  });

  test("of all kiosks at once the table goes on where it was, and nothing is lost", () => {
    for (const atMs of [1, 2, 3, 4, 5, 21, 23]) {
      const of = played(8, { fastPath: atMs % 2 === 0 });
      submit(of, 1, set("last", "words"));
      run(of, of.now + atMs);
      of.queue = [];
      for (let index = 0; index < 4; index++) restart(of, index);
      run(of, of.now + 10_000);
      expect([atMs, done(of, 1).length]).toEqual([atMs, 9]);
      expectTogether(of);
      for (let who = 0; who < 4; who++) expectNoSecondVote(of, who);
      expect(of.kiosks.flatMap(({ told }) => only(told, "muted"))).toEqual([]);
    }
  });

  test("it is in the view, and wants the view, that it said it was in", () => {
    const of = played(3);
    of.kiosks[0].up = false;
    play(of, 3, [1]);
    run(of, of.now + 2_000);
    reboot(of, 2);
    expect([of.kiosks[2].replica.view, of.kiosks[2].replica.phase]).toEqual([1, "normal"]);
    run(of, of.now + 500);
    of.drop = () => true;
    submit(of, 2, set("k", "alone"));
    run(of, of.now + 5_000);
    const { wanted, phase } = of.kiosks[2].replica;
    expect([phase, wanted > 1]).toEqual(["changing", true]);
    reboot(of, 2);
    expect([of.kiosks[2].replica.wanted, of.kiosks[2].replica.phase]).toEqual([wanted, "changing"]);
  });

  test("its own requests that nobody has executed are asked for again, under their numbers", () => {
    const of = played(4);
    of.drop = () => true;
    submit(of, 3, set("mine", "v"));
    reboot(of, 3);
    of.drop = () => false;
    submit(of, 3, set("too early", "v"));
    run(of, of.now + 3_000);
    submit(of, 3, set("next", "v"));
    run(of, of.now + 1_000);
    expect(done(of, 0).filter((each) => each.startsWith("3/"))).toEqual(["3/1", "3/2", "3/3"]);
    expect(only(of.kiosks[3].told, "refused").map(({ why }) => why)).toEqual(["silent"]);
    expectTogether(of);
  });
});

/** The records of before the last time that it voted. */
const withoutLastVote = (journal: readonly Record[]): Record[] => {
  const at = journal.findLastIndex(({ type }) => type === "voted");
  return journal.slice(0, at);
};

describe("a journal that lost something", () => {
  test("that was never said is as good as whole", () => {
    const of = played(12);
    const { length } = of.kiosks[2].journal;
    // The power goes while it writes: what came next has left neither the disk nor the kiosk.
    of.drop = ({ from }) => from === 2;
    play(of, 12, [0]);
    of.drop = () => false;
    of.queue = [];
    reboot(of, 2, of.kiosks[2].journal.slice(0, length));
    run(of, of.now + 2_000);
    expect(muted(of, 2)).toEqual([]);
    of.kiosks[3].up = false;
    play(of, 13, [0]);
    run(of, of.now + 1_000);
    expectTogether(of, [0, 1, 2]);
  });

  test("that others heard makes it mute, until a checkpoint is stable two spans above what f + 1 of them have", () => {
    const of = played(12);
    const heard = watch(of);
    reboot(of, 2, withoutLastVote(of.kiosks[2].journal));
    run(of, of.now + 500);
    expect(muted(of, 2)).toEqual([10 + 2 * SPAN]);
    heard.length = 0;
    let turn = 12;
    for (; of.kiosks[2].replica.mutedUntil !== undefined && turn < 60; turn++) play(of, turn, [0, 1, 3]);
    expect(only(of.kiosks[2].told, "unmuted")).toHaveLength(1);
    expect(of.kiosks[0].replica.stable.header.sequence).toBeGreaterThanOrEqual(10 + 2 * SPAN);
    expect(
      wordsOf(heard, 2).filter(
        ({ said }) => said?.type === "ballot" && (said.ballot.prepared?.sequence ?? 0) < 10 + 2 * SPAN,
      ),
    ).toEqual([]);
    // From there on it is one of them.
    of.kiosks[3].up = false;
    play(of, turn, [0]);
    run(of, of.now + 1_000);
    expectTogether(of, [0, 1, 2]);
    expectNoSecondVote(of, 2);
  });

  test("wholly, as an old image has, makes it mute as well: it never votes again where it had voted", () => {
    const of = played(23);
    for (const records of [[], of.kiosks[2].journal.slice(0, 20)]) {
      const again = played(23);
      const heard = watch(again);
      reboot(again, 2, records);
      run(again, again.now + 3_000);
      expect(muted(again, 2)).toEqual([20 + 2 * SPAN]);
      expect(wordsOf(heard, 2)).toEqual([]);
      for (let turn = 23; turn < 45; turn++) play(again, turn, [0, 1, 3]);
      run(again, again.now + 2_000);
      expect(again.kiosks[2].replica.mutedUntil).toBeUndefined();
      expectNoSecondVote(again, 2);
      expectTogether(again);
    }
  });

  test("or was damaged in the middle makes it mute, whatever others say, and says so", () => {
    const of = played(12);
    reboot(of, 2, of.kiosks[2].journal, "a record is not what was written");
    const heard = watch(of);
    run(of, of.now + 500);
    expect(only(of.kiosks[2].told, "muted").map(({ why, until }) => [why, until])).toEqual([
      ["a record is not what was written", 10 + 2 * SPAN],
    ]);
    expect(wordsOf(heard, 2)).toEqual([]);
    // A restart does not make it forget that it is.
    reboot(of, 2);
    run(of, of.now + 500);
    play(of, 12, [0]);
    expect([of.kiosks[2].replica.mutedUntil, wordsOf(heard, 2)]).toEqual([10 + 2 * SPAN, []]);
  });

  test("of f members leaves a table that goes on", () => {
    const of = played(12);
    reboot(of, 0, []);
    for (let turn = 12; turn < 50; turn++) play(of, turn, [1, 2, 3]);
    run(of, of.now + 2_000);
    expect([done(of, 1).length, of.kiosks[0].replica.mutedUntil]).toEqual([50, undefined]);
    expectOneHistory(of, [1, 2, 3]);
    expect(stateOf(of, 0)).toBe(stateOf(of, 1));
  });
});

describe("liars among those who are asked", () => {
  const recalled = (more: object): Message => ({
    type: "stateSync",
    step: { ...{ type: "recalled", stable: sequence(0), ballot: undefined, change: undefined }, ...more } as never,
  });

  test("cannot mute an honest kiosk: it knows its own signature", () => {
    const of = played(12);
    const place = { sequence: sequence(40), digest: new Uint8Array(32) };
    const forged = ballotBy(of, 1, { view: view(0), prepared: place });
    const lies = [
      recalled({ ballot: encode(SignedBallot, { ...forged, sender: 2 as never }) }),
      recalled({ ballot: encode(SignedBallot, forged) }),
      recalled({ ballot: new Uint8Array([1, 2, 3]), change: new Uint8Array([4]) }),
      recalled({ ballot: encode(SignedBallot, of.kiosks[2].replica.ownBallot!) }),
    ];
    reboot(of, 2);
    for (const lie of lies) hear(of, 2, 1, lie);
    run(of, of.now + 1_000);
    expect([muted(of, 2), of.kiosks[2].replica.probing]).toEqual([[], undefined]);
  });

  test("cannot hurry it, nor keep it mute for ever: what f + 1 have counts, not what one says", () => {
    for (const [said, stable] of [
      [0, 10],
      [2 ** 34, 10],
    ]) {
      const of = played(12);
      of.drop = ({ from, to, message }) =>
        from === 1 && to === 2 && message?.type === "stateSync" && message.step.type === "recalled";
      reboot(of, 2, withoutLastVote(of.kiosks[2].journal));
      hear(of, 2, 1, recalled({ stable: sequence(said) }));
      run(of, of.now + 1_000);
      expect([said, muted(of, 2)]).toEqual([said, [stable + 2 * SPAN]]);
    }
  });

  test("do not count twice: q − 1 answers are those of q − 1 members", () => {
    const of = played(12);
    of.drop = ({ to }) => to === 2;
    reboot(of, 2);
    for (let again = 0; again < 5; again++) hear(of, 2, 1, recalled({ stable: sequence(10) }));
    expect(of.kiosks[2].replica.probing).toBeDefined();
    hear(of, 2, 3, recalled({ stable: sequence(10) }));
    expect(of.kiosks[2].replica.probing).toBeUndefined();
  });
});
