import { expect, test } from "vitest";
import {
  STRANGER_SEEN_MAX,
  STRANGER_SEEN_PER_KEY_MAX,
  STRANGER_TIME_TOLERANCE_MS,
} from "../../../protocol/core/limits.ts";
import { counter, type Millis, millis } from "../../../protocol/core/units.ts";
import { open } from "../../../protocol/envelope/open.ts";
import {
  lookForStranger,
  markStranger,
  type StrangerReplay,
  strangerReplay,
} from "../../../protocol/envelope/stranger-replay.ts";
import { examples } from "../message/examples.ts";
import { context, NOW, sealBy, stranger, verifying } from "./people.ts";

const keyOf = (number: number): Uint8Array => {
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(0, number);
  return key;
};
const saying = (number: number, count: number, time: number) => ({
  key: keyOf(number),
  counter: counter(count),
  time: millis(time),
});
/** Says it once; answers as `open` would. */
function say(replay: StrangerReplay, what: ReturnType<typeof saying>, now: Millis): string {
  const answer = lookForStranger(replay, what, now);
  if (answer === "fresh") markStranger(replay, what);
  return answer;
}

test("a stranger's envelope opens once within thirty seconds of our clock, and never outside [H07]", () => {
  const bytes = sealBy(examples.joinRequest, stranger(7));
  for (const offset of [-STRANGER_TIME_TOLERANCE_MS, 0, STRANGER_TIME_TOLERANCE_MS]) {
    const opener = context(undefined, millis(NOW + offset));
    expect(open(bytes, opener, verifying())).toMatchObject({ ok: true });
    expect(open(bytes, opener, verifying())).toMatchObject({ ok: false, verdict: "ignore", why: "repeated" });
  }
  const late = context(undefined, millis(NOW + STRANGER_TIME_TOLERANCE_MS + 1));
  expect(open(bytes, late, verifying())).toMatchObject({ ok: false, why: "time too far back" });
  const early = context(undefined, millis(NOW - STRANGER_TIME_TOLERANCE_MS - 1));
  expect(open(bytes, early, verifying())).toMatchObject({ ok: false, why: "time too far ahead" });
});

test("a flood fills the memory and cannot make it forget: what was opened stays closed until its time is over [H07]", () => {
  const replay = strangerReplay();
  const victim = saying(1, 1, NOW + STRANGER_TIME_TOLERANCE_MS);
  expect(say(replay, victim, NOW)).toBe("fresh");
  const answers = new Map<string, number>();
  for (let number = 0; number < 2 * STRANGER_SEEN_MAX; number++) {
    const answer = say(replay, saying(2 + number, 1, NOW), NOW);
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  expect(answers).toEqual(
    new Map([
      ["fresh", STRANGER_SEEN_MAX - 1],
      ["busy", STRANGER_SEEN_MAX + 1],
    ]),
  );
  expect(replay.count).toBe(STRANGER_SEEN_MAX);
  // At every moment until its time is over it is known, and after that it is too old: the flood's entries go, it stays.
  for (let passed = 0; passed <= 3 * STRANGER_TIME_TOLERANCE_MS; passed += 500) {
    const now = millis(NOW + passed);
    say(replay, saying(100_000 + passed, 1, now), now);
    const answer = lookForStranger(replay, victim, now);
    expect(answer).toBe(passed <= 2 * STRANGER_TIME_TOLERANCE_MS ? "repeated" : "time too far back");
  }
});

test("the door opens again when the flood's time is over [H07]", () => {
  const replay = strangerReplay();
  for (let number = 0; number < STRANGER_SEEN_MAX; number++) say(replay, saying(number, 1, NOW), NOW);
  const during = millis(NOW + STRANGER_TIME_TOLERANCE_MS);
  expect(say(replay, saying(99_999, 1, during), during)).toBe("busy");
  const after = millis(NOW + STRANGER_TIME_TOLERANCE_MS + 1001);
  expect(say(replay, saying(99_999, 1, after), after)).toBe("fresh");
  expect(replay.count).toBe(1);
  expect(replay.seen.size).toBe(1);
});

test("one stranger shuts the door only for itself", () => {
  const replay = strangerReplay();
  for (let count = 0; count < STRANGER_SEEN_PER_KEY_MAX; count++) {
    expect(say(replay, saying(1, count, NOW), NOW)).toBe("fresh");
  }
  expect(say(replay, saying(1, STRANGER_SEEN_PER_KEY_MAX, NOW), NOW)).toBe("busy");
  expect(say(replay, saying(2, 0, NOW), NOW)).toBe("fresh");
});

test("a clock that steps back reopens nothing [H07]", () => {
  const replay = strangerReplay();
  const what = saying(1, 1, NOW);
  expect(say(replay, what, NOW)).toBe("fresh");
  expect(lookForStranger(replay, what, millis(NOW + 2 * STRANGER_TIME_TOLERANCE_MS))).toBe("time too far back");
  expect(lookForStranger(replay, what, NOW)).toBe("time too far back");
});
