import { describe, expect, it } from "vitest";
import { wire } from "../../../hardware/virtual/wire.ts";
import { DEAD_AFTER_MS, HEARTBEAT_MS, LOG_TEXT_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { millis } from "../../../protocol/core/units.ts";
import type { LinkEffect } from "../../../protocol/link/events.ts";
import { advancePair, config, type End, end, feed, openBoth, type Pair } from "./pair.ts";

describe("logs", () => {
  const opened = (boardSpace = 128): Pair & { heard: LinkEffect[][] } => {
    const heard: LinkEffect[][] = [[], []];
    const ends = [4096, boardSpace].map((space, who) =>
      end(config({ space }), wire(921_600, 0), (effect) => {
        if (effect.type !== "transmit") heard[who].push(effect);
      }),
    ) as [End, End];
    const pair = { now: millis(0), ends, heard } as const;
    openBoth(pair);
    while (advancePair(pair, millis(50)));
    return pair;
  };

  it("alone keep a link open, for they never take the place of a heartbeat", () => {
    const pair = opened(1024);
    for (let at = 100; at < 4 * DEAD_AFTER_MS; at += HEARTBEAT_MS / 2) {
      feed(pair, pair.ends[1], { type: "log", at: pair.now, level: 2, text: "still here" });
      while (advancePair(pair, millis(at)));
    }
    expect(pair.heard.flat().filter((effect) => effect.type === "closed")).toEqual([]);
  });

  it("in a storm do not hold up an acknowledgement", () => {
    const pair = opened();
    const [host, board] = pair.ends;
    for (let token = 0; token < 20; token++) {
      feed(pair, host, { type: "submit", at: pair.now, class: 2, bytes: new Uint8Array(200), token });
    }
    for (const until = pair.now + 1000; pair.now < until; ) {
      while (board.link.logs.length < 8) {
        feed(pair, board, { type: "log", at: pair.now, level: 2, text: "storm ".repeat(20) });
      }
      if (!advancePair(pair, millis(until))) break;
    }
    expect(pair.heard[0].filter((effect) => effect.type === "acknowledged")).toHaveLength(20);
    expect(host.link.counters.timeouts).toBe(0);
  });

  it("that are too long lose whole characters at their end", () => {
    const pair = opened();
    for (const text of ["ž".repeat(200), `a${"ž".repeat(200)}`, "😀".repeat(100), "\ud800".repeat(100)]) {
      feed(pair, pair.ends[1], { type: "log", at: pair.now, level: 1, text });
      while (advancePair(pair, millis(pair.now + 50)));
      const line = pair.heard[0].at(-1) as LinkEffect & { type: "logged" };
      expect(text.replaceAll("\ud800", "\ufffd").startsWith(line.text) || text.startsWith(line.text)).toBe(true);
      expect(line.text.length).toBeGreaterThan(LOG_TEXT_SIZE_MAX / 4 - 2);
    }
  });
});
