import { expect, test } from "vitest";
import {
  chipsLine,
  ending,
  fastShare,
  line,
  markOf,
  medianLatency,
  operations,
  summary,
} from "../../../host/cli/commands/start-lines.ts";
import type { Report } from "../../../host/cli/kiosk/kiosk-report.ts";
import { radioHealth } from "../../../host/node/radio-health.ts";

const report = (kiosk: number, over: Partial<Report> = {}): Report => ({
  ...{ type: "report", kiosk, member: kiosk, sequence: 20, view: 1, isChanging: false, isPaused: false, primary: 1 },
  ...{
    operations: 50,
    fast: 10,
    slow: 5,
    latencies: [],
    waiting: 0,
    digest: "aa",
    neighbours: [1],
    suspected: [],
    flushes: 9,
  },
  ...{ rolls: 3, isRolling: false, chips: [], isBalanced: true },
  recovered: { records: 0, verdict: "new", sequence: 0 },
  ...{ muted: undefined, lies: 0, radios: [], refused: {} },
  packets: { sent: 0, dropped: 0, unknown: 0 },
  secured: { opened: 1, renewed: 0, unsent: 0, failed: 0, dropped: 0, refused: {} },
  ...over,
});

const words = (now: (Report | undefined)[], before: (Report | undefined)[] = now): string =>
  line(7, { now, before, links: 1 });

test("a second is told by who is furthest: where it stands, who leads, what was agreed on, and who is up", () => {
  const before = [report(0), report(1)];
  const now = [
    report(0, { sequence: 25, operations: 62, fast: 13, slow: 6, latencies: [80, 120, 100] }),
    report(1, { sequence: 24, operations: 60, fast: 12, slow: 6, latencies: [90] }),
  ];
  expect(words(now, before)).toBe(
    "   7 s  sequence 25 · view 1, kiosk 1 leads · 12 operations/s · 71 % fast · 100 ms · up: 0 1",
  );
});

test("a kiosk that is down or paused is not up, and one that signs nothing says why", () => {
  expect(words([report(0), undefined])).toMatch(/kiosk that is down leads .* up: 0$/);
  expect(words([report(0, { isPaused: true }), report(1)])).toMatch(/ up: 1$/);
  expect(words([report(0, { muted: "it forgot" }), report(1)])).toMatch(/ · kiosk 0 signs nothing: it forgot$/);
  expect(words([report(0, { view: 2, isChanging: true }), report(1)])).toMatch(/view 2 \(changing\)/);
});

test("a line is worth saying at once when the view changes, or who is up, or who is silent; figures can wait", () => {
  const mark = (...now: (Report | undefined)[]): string => markOf(7, { now, before: now, links: 1 });
  const usual = mark(report(0), report(1));
  expect(mark(report(0, { sequence: 99, operations: 99, latencies: [5] }), report(1))).toBe(usual);
  const others = [
    mark(report(0, { view: 2 }), report(1)),
    mark(report(0, { isChanging: true }), report(1)),
    mark(report(0), undefined),
    mark(report(0, { muted: "it forgot" }), report(1)),
  ];
  expect(new Set([usual, ...others]).size).toBe(5);
  const nothing = { operations: 0, sequence: 0 };
  expect(mark(report(0, { ...nothing, neighbours: [] }))).not.toBe(mark(report(0, nothing), report(1, nothing)));
  expect(markOf(8, { now: [], before: [], links: 1 })).toBe(markOf(7, { now: [], before: [], links: 1 }));
});

test("the end tells the rolls and what everyone has, by whoever stands furthest", () => {
  const last = ending([report(0), report(1)], []);
  expect(summary(last, 2, { rolled: 12, voided: 0 })).toMatch(
    /^\n12 rolls, every proof verified\n50 operations .* all 2 kiosks/,
  );
  expect(summary(last, 2, { rolled: 12, voided: 1 })).toMatch(/; 1 gave all bets back\n/);
  const now = [report(0, { chips: [7, 8] }), report(1, { sequence: 21, chips: [1003, null, 990] })];
  const kioskOf = (member: number): string => `kiosk ${2 - member}`;
  expect(chipsLine(now, kioskOf)).toBe("chips: kiosk 0 990 · kiosk 2 1003");
  expect(chipsLine([report(0, { isBalanced: false })], kioskOf)).toMatch(/nobody sat down; THE SUM IS NOT/);
});

test("before anything was agreed on, the first thing that is awaited is said", () => {
  const nothing = { operations: 0, sequence: 0 };
  expect(words([undefined, undefined])).toBe("   7 s  the kiosks start");
  const radio = { device: { type: "unix", path: "radio-1" }, role: "client", linkCount: 0, links: [] } as const;
  const radios = [{ ...radioHealth(), ...radio, words: "radio-1: testing the wire" }];
  expect(words([report(0, { ...nothing, radios })])).toBe("   7 s  radio-1: testing the wire");
  expect(words([report(0, { ...nothing, neighbours: [] })])).toBe("   7 s  all radios are up; 0 of 1 links");
  expect(words([report(0, nothing), report(1, nothing)])).toMatch(/all are linked/);
});

test("a process that has begun anew counts anew: nothing is negative and nothing is counted twice", () => {
  const before = [report(0, { fast: 100, slow: 100 }), report(1, { operations: 70 })];
  const now = [report(0, { fast: 3, slow: 1 }), report(1, { operations: 60 })];
  expect(fastShare({ now, before, links: 1 })).toBe(3 / 4);
  expect(operations({ now, before, links: 1 })).toBe(0);
  expect(medianLatency(now)).toBe(undefined);
});

test("all have come to the same where sequence and state are alike at everyone", () => {
  expect(ending([report(0), report(1)], [report(0, { operations: 10 })])).toMatchObject({
    isSame: true,
    operations: 40,
  });
  expect(ending([report(0), report(1, { digest: "bb" })], [])).toMatchObject({ isSame: false });
  expect(ending([report(0), report(1, { sequence: 19 })], [])).toMatchObject({ isSame: false });
  expect(ending([report(0), undefined], [])).toMatchObject({ isSame: false });
});
