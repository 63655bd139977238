import { describe, expect, test } from "vitest";
import type { RecoveryEffect } from "../../../../host/engine/recovery/events.ts";
import { STALLED_AFTER_MS } from "../../../../host/engine/recovery/limits.ts";
import { heartbeat, Kiosk, standing } from "./rig.ts";

const diagnoses = (kiosk: Kiosk): string[] =>
  kiosk.state.diagnoses.map(({ failure, members }) => `${failure} ${members.toString(2).padStart(4, "0")}`);

/** When it was first called so, after the last beat. */
const namedAfter = (kiosk: Kiosk, failure: string, lastBeat: number): number => {
  const named = ({ effect }: { effect: RecoveryEffect }) =>
    effect.type === "diagnosed" && effect.diagnoses.some((each) => each.failure === failure);
  return kiosk.done.find(named)!.at - lastBeat;
};

describe("what is wrong", () => {
  test("is a partition where several are missing who heard each other, named 30 s after the last of them [Q01] [Q02]", () => {
    const kiosk = new Kiosk(7).run(40_000).cut([1, 2, 3, 4]);
    kiosk.run(54_999);
    expect(diagnoses(kiosk)).toEqual([]);
    kiosk.run(55_000);
    expect(diagnoses(kiosk)).toEqual(["timeout 1100000"]);
    kiosk.run(69_999);
    expect(diagnoses(kiosk)).toEqual(["timeout 1100000"]);
    kiosk.run(70_000);
    expect(diagnoses(kiosk)).toEqual(["partition 1100000"]);
    expect(namedAfter(kiosk, "partition", 40_000)).toBe(30_000);
  });

  test("is a partition where everyone else is gone: we are cut off [Q01]", () => {
    const kiosk = new Kiosk(4).run(40_000).cut([]).run(70_000);
    expect(diagnoses(kiosk)).toEqual(["partition 1110"]);
  });

  test("is a crash where one is missing and nobody hears it [Q01]", () => {
    const kiosk = new Kiosk(4).run(40_000).cut([1, 2]).run(80_000);
    expect(diagnoses(kiosk)).toEqual(["crash 1000"]);
    expect(namedAfter(kiosk, "timeout", 40_000)).toBe(15_000);
    expect(namedAfter(kiosk, "crash", 40_000)).toBe(30_000);
    expect(kiosk.state.mode).toBe("goesOn");
  });

  test("is lost messages where others hear it and we do not, or it does not hear us [Q01]", () => {
    const kiosk = new Kiosk(4).run(40_000).cut([]);
    const beats = (to: number, say: (at: number) => void): void => {
      while (kiosk.now < to) {
        kiosk.run(kiosk.now + 5_000);
        say(kiosk.now);
      }
    };
    // 1 and 2 hear 3; we do not.
    beats(80_000, (at) => {
      for (const from of [1, 2]) {
        const seen = [0, 3 - from, 3].map((member) => ({ member, age: 0 }));
        kiosk.tell({ type: "heartbeat", from, said: heartbeat(at, 0, seen) });
      }
    });
    expect(diagnoses(kiosk)).toEqual(["messageLoss 1000"]);
    // Now 3 is heard, and never names us: it is off our side after 45 s, and no sooner.
    const since = kiosk.now;
    beats(since + 40_000, (at) => {
      for (const from of [1, 2, 3]) {
        const seen = [...(from === 3 ? [] : [0]), 1, 2]
          .filter((each) => each !== from)
          .map((member) => ({ member, age: 0 }));
        kiosk.tell({ type: "heartbeat", from, said: heartbeat(at, 0, seen) });
      }
    });
    expect(diagnoses(kiosk)).toEqual([]);
    beats(since + 55_000, (at) => {
      for (const from of [1, 2, 3]) {
        const seen = from === 3 ? [] : [{ member: 0, age: 0 }];
        kiosk.tell({ type: "heartbeat", from, said: heartbeat(at, 0, seen) });
      }
    });
    expect(diagnoses(kiosk)).toEqual(["messageLoss 1000"]);
    expect(kiosk.of("say").length).toBeGreaterThan(0);
  });

  test("is a time-out where all are here and nothing is decided, after 30 s [Q01]", () => {
    const kiosk = new Kiosk(4).run(40_000);
    kiosk.tell({ type: "progress", standing: standing(3, 0, 40_000) });
    kiosk.run(40_000 + STALLED_AFTER_MS - 1);
    expect(diagnoses(kiosk)).toEqual([]);
    kiosk.run(40_000 + STALLED_AFTER_MS);
    expect(diagnoses(kiosk)).toEqual(["timeout 0000"]);
    kiosk.tell({ type: "progress", standing: standing(4) });
    expect(diagnoses(kiosk)).toEqual([]);
  });

  test("is dishonesty only where something is proved, and then whatever else is the case [Q01]", () => {
    const kiosk = new Kiosk(4).run(40_000).cut([1, 2]).run(80_000);
    kiosk.tell({ type: "convicted", member: 3 });
    expect(diagnoses(kiosk)).toEqual(["byzantine 1000"]);
    expect(kiosk.tell({ type: "convicted", member: 9 })).toEqual([{ type: "ignored", why: "no such member" }]);
  });
});

describe("at a start", () => {
  test("nobody is missing before it could have been heard, and who never was is not said to be with others [Q01]", () => {
    const kiosk = new Kiosk(4).cut([1]);
    kiosk.run(14_999);
    kiosk.tell({
      type: "heartbeat",
      from: 1,
      said: heartbeat(
        kiosk.now,
        0,
        [0, 2].map((member) => ({ member, age: 0 })),
      ),
    });
    expect(diagnoses(kiosk)).toEqual([]);
    kiosk.run(29_000);
    expect(diagnoses(kiosk)).toEqual(["messageLoss 0100", "timeout 1000"]);
    kiosk.run(32_000);
    expect(diagnoses(kiosk)).toEqual(["crash 1100"]);
  });

  test("where nobody at all was heard it is we who are cut off [Q01]", () => {
    expect(diagnoses(new Kiosk(4).cut([]).run(30_000))).toEqual(["partition 1110"]);
    // Of two nobody can tell.
    expect(diagnoses(new Kiosk(2).cut([]).run(30_000))).toEqual(["crash 0010"]);
  });
});

test("whom a member has on its side it heard within fifteen seconds, and not just now [Q02]", () => {
  const kiosk = new Kiosk(4).run(40_000).cut([1, 2]);
  // 3 does not name us in any heartbeat; at 60 s it says once that we are on its side.
  for (let at = 45_000; at <= 95_000; at += 5_000) {
    kiosk.run(at);
    kiosk.tell({ type: "heartbeat", from: 3, said: heartbeat(at, 0, []) });
    kiosk.tell({ type: "said", from: 3, said: { ...say(kiosk), step: "whole", reachable: 0b1110 } });
    if (at === 60_000) kiosk.tell({ type: "said", from: 3, said: { ...say(kiosk), step: "whole", reachable: 0b1111 } });
    expect([at, diagnoses(kiosk)]).toEqual([at, at < 90_000 ? [] : ["messageLoss 1000"]]);
  }
});

test("what one says of others' silence is checked against what is heard here: a liar alone cuts nobody off [Q02]", () => {
  const kiosk = new Kiosk(4).run(40_000);
  // 3 says that it hears nobody.
  for (let turn = 0; turn < 12; turn++) {
    kiosk.run(kiosk.now + 5_000);
    kiosk.tell({ type: "heartbeat", from: 3, said: heartbeat(kiosk.now, 0, []) });
    kiosk.tell({ type: "said", from: 3, said: { ...say(kiosk), reachable: 0 } });
  }
  expect(kiosk.state.mode).toBe("goesOn");
  expect(diagnoses(kiosk)).toEqual([]);
});

const say = (kiosk: Kiosk) => kiosk.of("say")[0].said;
