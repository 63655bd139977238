import { describe, expect, test } from "vitest";
import {
  CHECK_EVERY_MS,
  LADDER_TIMEOUT_MS,
  NAMED_AFTER_MS,
  RECONNECT_ANSWER_MS,
  RECONNECT_ATTEMPTS_MAX,
  RECONNECT_BACK_OFF_MS,
  UNHEARD_AFTER_MS,
} from "../../../../host/engine/recovery/limits.ts";
import { nextDeadline } from "../../../../host/engine/recovery/recovery.ts";
import { describeRecovery } from "../../../../host/engine/recovery/words.ts";
import { heartbeat, Kiosk, keys, standing, tags } from "./rig.ts";

const NAMES = ["Bar", "Door", "Hall", "Loft"];
const WHOLE = ["0 waiting → catchingUp", "0 rejoined after 0", "0 catchingUp → whole", "0 goesOn"];
/** The last beats come at 40 s. */
const cutAt = (kiosk: Kiosk, with_: readonly number[]): Kiosk => kiosk.run(40_000).cut(with_);

describe("a side without a quorum", () => {
  test("waits, reconnects three times, is for reading only, and asks: this way, in these times and no other [Q10]", () => {
    const kiosk = cutAt(new Kiosk(4), [1]).run(700_000);
    expect(kiosk.trace()).toEqual([
      ...WHOLE,
      // Three heartbeats after the last.
      "55000 whole → waiting",
      "55000 holds",
      "70000 waiting → reconnecting",
      "70100 attempt 1",
      "75300 attempt 2",
      "80600 attempt 3",
      "85600 reconnecting → readOnly",
      "85600 readOnly",
      "355000 readOnly → asking",
      "355000 ask: no quorum",
    ]);
    expect([UNHEARD_AFTER_MS, CHECK_EVERY_MS, NAMED_AFTER_MS, LADDER_TIMEOUT_MS]).toEqual([
      15_000, 10_000, 30_000, 300_000,
    ]);
  });

  test("waits no longer than 300 s before it asks, and does nothing by itself meanwhile [Q04]", () => {
    const kiosk = cutAt(new Kiosk(4), [1]).run(2_000_000);
    const asked = kiosk.done.filter(({ effect }) => effect.type === "askOperator");
    expect(asked.map(({ at }) => at - 55_000)).toEqual([300_000]);
    expect(kiosk.of("reconnect")).toHaveLength(3);
    expect(kiosk.of("order")).toEqual([]);
    // In each state it says where it stands, at every check.
    const said = kiosk.done.filter(({ at, effect }) => at > 400_000 && effect.type === "say");
    expect(said.length).toBe((2_000_000 - 400_000) / CHECK_EVERY_MS);
  });

  test("heals by itself while it waits, and goes on when it has caught up [Q04]", () => {
    const kiosk = cutAt(new Kiosk(4), [1]).run(60_000);
    expect(kiosk.state.step).toBe("waiting");
    kiosk.executed = 12;
    kiosk.cut([1, 2]).run(66_000);
    expect(kiosk.state.step).toBe("catchingUp");
    expect(kiosk.state.mode).toBe("holds");
    kiosk.tell({ type: "progress", standing: standing(11) });
    expect(kiosk.state.step).toBe("catchingUp");
    kiosk.tell({ type: "progress", standing: standing(12) });
    expect(kiosk.trace().slice(4)).toEqual([
      "55000 whole → waiting",
      "55000 holds",
      "65000 waiting → catchingUp",
      "66000 rejoined after 11000",
      "66000 catchingUp → whole",
      "66000 goesOn",
    ]);
    expect(kiosk.of("reconnect")).toEqual([]);
  });

  test("backs off 100 ms before the first attempt, 200 before the second, 300 before the third, and knows whom it looks for [Q05]", () => {
    const kiosk = cutAt(new Kiosk(7), [1]).run(100_000);
    const attempts = kiosk.done.filter(({ effect }) => effect.type === "reconnect");
    expect(attempts.map(({ effect }) => effect)).toEqual(
      [1, 2, 3].map((attempt) => ({ type: "reconnect", attempt, members: 0b1111100 })),
    );
    const starts = [70_000, ...attempts.slice(0, -1).map(({ at }) => at + RECONNECT_ANSWER_MS)];
    expect(attempts.map(({ at }, order) => at - starts[order])).toEqual([100, 200, 300]);
    expect([RECONNECT_BACK_OFF_MS, RECONNECT_ATTEMPTS_MAX]).toEqual([100, 3]);
  });

  test("counts a reconnection by what is signed, and no link as one [Q05]", () => {
    const kiosk = cutAt(new Kiosk(4), [1]).run(72_000);
    expect(kiosk.tell({ type: "linked", member: 2 })).toContainEqual({ type: "ignored", why: "a link is no answer" });
    expect(kiosk.state.step).toBe("reconnecting");
    // But an occasion to be heard.
    expect(kiosk.done.at(-1)).toMatchObject({ at: 72_000, effect: { type: "say", said: { step: "reconnecting" } } });
    kiosk.run(74_000);
    expect(kiosk.of("answered")).toEqual([]);
    expect(kiosk.tell({ type: "heard", from: 2 })[0]).toEqual({ type: "answered", attempt: 1, member: 2 });
    expect(kiosk.state.step).toBe("catchingUp");
    expect(kiosk.of("reconnect")).toHaveLength(1);
    // Heard again is no second answer, nor is anybody who comes when nobody is looked for any more.
    expect(kiosk.tell({ type: "heard", from: 2 })).toEqual([]);
    kiosk.tell({ type: "heard", from: 3 });
    expect(kiosk.of("answered")).toHaveLength(1);
  });

  test("goes on up the ladder where too few answer", () => {
    const kiosk = cutAt(new Kiosk(7), [1]).run(72_000);
    kiosk.cut([1, 2]).run(90_000);
    expect(kiosk.of("answered")).toEqual([{ type: "answered", attempt: 1, member: 2 }]);
    expect(kiosk.state.step).toBe("readOnly");
    expect(kiosk.of("reconnect").map(({ members }) => members)).toEqual([0b1111100, 0b1111000, 0b1111000]);
  });

  test("has no more attempts for coming and going, until it was whole in between", () => {
    const kiosk = cutAt(new Kiosk(4), [1]).run(90_000);
    kiosk.executed = 99;
    // Back, not caught up, and cut off again.
    kiosk.cut([1, 2]).run(100_000).cut([1]).run(200_000);
    expect(kiosk.of("reconnect")).toHaveLength(RECONNECT_ATTEMPTS_MAX);
    expect(kiosk.state.step).toBe("readOnly");
    kiosk.executed = 0;
    kiosk.cut([1, 2]).run(220_000);
    expect(kiosk.state.step).toBe("whole");
    kiosk.cut([1]).run(300_000);
    expect(kiosk.of("reconnect")).toHaveLength(2 * RECONNECT_ATTEMPTS_MAX);
  });

  test("does what people answer: tries again, or waits as long again; and nobody was asked before it asks", () => {
    const kiosk = new Kiosk(4).run(1_000);
    expect(kiosk.tell({ type: "operator", choice: "tryAgain" })).toEqual([
      { type: "ignored", why: "nothing was asked" },
    ]);
    cutAt(kiosk, [1]).run(360_000);
    expect(kiosk.state.step).toBe("asking");
    kiosk.tell({ type: "operator", choice: "wait" });
    expect(kiosk.state.step).toBe("readOnly");
    kiosk.run(360_000 + LADDER_TIMEOUT_MS);
    expect(kiosk.state.step).toBe("asking");
    kiosk.tell({ type: "operator", choice: "tryAgain" });
    expect(kiosk.state.step).toBe("reconnecting");
    kiosk.run(kiosk.now + 20_000);
    expect(kiosk.of("reconnect")).toHaveLength(6);
    expect(kiosk.state.step).toBe("readOnly");
  });

  test("that has its quorum back and cannot catch up asks as well, once", () => {
    const kiosk = cutAt(new Kiosk(4), [1]).run(60_000);
    kiosk.executed = 99;
    kiosk.cut([1, 2, 3]).run(500_000);
    expect(kiosk.trace().slice(-1)).toEqual(["355000 ask: cannot catch up"]);
    expect(kiosk.state.mode).toBe("holds");
  });
});

describe("a start", () => {
  test("holds until the others are heard and their place is known", () => {
    const kiosk = new Kiosk(4).cut([]);
    kiosk.run(20_000);
    expect([kiosk.state.step, kiosk.state.mode]).toEqual(["waiting", "holds"]);
    kiosk.tell({ type: "heard", from: 1 });
    kiosk.tell({ type: "heard", from: 2 });
    // A quorum is here, and nobody has said where the table is.
    expect(kiosk.state.step).toBe("catchingUp");
    const beat = (from: number) => kiosk.tell({ type: "heartbeat", from, said: heartbeat(kiosk.now, 0, []) });
    beat(1);
    expect(kiosk.state.step).toBe("catchingUp");
    beat(2);
    expect(kiosk.state.step).toBe("whole");
  });

  test("alone at a table of one is whole at once; who only follows never does more than look", () => {
    const one = new Kiosk(1).run(1);
    expect(one.state.mode).toBe("goesOn");
    const follower = new Kiosk(4);
    follower.tell({ type: "members", keys: keys(4, 100), tags: tags(4) });
    expect(follower.state.me).toBe(-1);
    follower.run(20_000);
    for (const from of [0, 1, 2]) follower.tell({ type: "heartbeat", from, said: heartbeat(0, 0, []) });
    expect([follower.state.step, follower.state.mode]).toEqual(["whole", "readOnly"]);
    expect(follower.of("say")).toEqual([]);
  });

  test("a kiosk that did not run for a minute does not hold its own silence against the others", () => {
    const kiosk = new Kiosk(4).run(42_000);
    kiosk.now = 102_000;
    kiosk.tell({ type: "tick" });
    expect(kiosk.state.mode).toBe("goesOn");
    // But what is silent from then on is.
    kiosk.now = 117_000;
    kiosk.tell({ type: "tick" });
    expect(kiosk.state.step).toBe("waiting");
  });
});

test("people are told each of it in words: who is here, how many are needed, what is safe [Q03]", () => {
  const kiosk = new Kiosk(4).run(40_000);
  const sentences = (): readonly string[] => describeRecovery(kiosk.state, NAMES).sentences;
  expect(sentences()).toEqual(["All kiosks are here."]);
  kiosk.cut([1, 2]).run(72_000);
  expect(sentences()).toEqual(["3 of 4 kiosks are here: the table goes on.", "Loft: cannot be reached by anybody."]);
  kiosk.cut([1]).run(92_000);
  expect(sentences()[0]).toBe("2 of 4 kiosks are here and 3 are needed: what you do waits for them.");
  kiosk.run(102_000);
  expect(sentences()[0]).toContain("looking for the others, 1 of 3 times so far");
  kiosk.run(140_000);
  expect(sentences()[0]).toBe(
    "2 of 4 kiosks are here and 3 are needed: nothing can be decided here. You can look and not play; what you have is safe.",
  );
  kiosk.run(500_000);
  expect(sentences()[0]).toContain("for 5 minutes now");
  kiosk.executed = 5;
  kiosk.cut([1, 2, 3]).run(505_000);
  expect(sentences()[0]).toBe("The others are back: catching up with what they agreed on.");
  kiosk.tell({ type: "convicted", member: 2 });
  expect(sentences()[1]).toBe("Hall: is proved to have broken the rules.");
  const page = describeRecovery(kiosk.state, NAMES);
  expect([page.mode, page.step, page.here, page.members, page.needed]).toEqual(["holds", "catchingUp", 4, 4, 3]);
});

test("it is always to be woken later than now, and at the latest at the next check", () => {
  const kiosk = cutAt(new Kiosk(5), [1]);
  for (let turn = 0; turn < 400; turn++) {
    kiosk.run(kiosk.now + 1_003);
    const next = nextDeadline(kiosk.state);
    expect(next).toBeGreaterThan(kiosk.now);
    expect(next).toBeLessThanOrEqual(kiosk.now + CHECK_EVERY_MS);
  }
});
