import { expect, test } from "vitest";
import { RADIO_SILENT_MAX_MS, TURN_MAX_MS } from "../../../host/service/limits.ts";
import { mayFeed, type Watched } from "../../../host/service/watchdog.ts";
import { millis } from "../../../protocol/core/units.ts";

const well: Watched = {
  ...{ startedAt: millis(1000), radioCount: 2, turningSince: undefined },
  radioAnsweredAt: millis(500_000),
};

const isFed = (over: Partial<Watched>, now: number): boolean => mayFeed({ ...well, ...over }, millis(now)).ok;

test("the watchdog is fed while a radio answers, and no longer when all have been silent too long", () => {
  expect(isFed({}, 500_000)).toBe(true);
  expect(isFed({}, 500_000 + RADIO_SILENT_MAX_MS)).toBe(true);
  expect(mayFeed(well, millis(500_001 + RADIO_SILENT_MAX_MS))).toEqual({
    ...{ ok: false, why: `none of 2 radios has answered for ${RADIO_SILENT_MAX_MS / 1000} s` },
  });
});

test("a radio that has never answered has as long from the start, and then the kiosk is started again", () => {
  expect(isFed({ radioAnsweredAt: undefined }, 1000 + RADIO_SILENT_MAX_MS)).toBe(true);
  expect(isFed({ radioAnsweredAt: undefined }, 1001 + RADIO_SILENT_MAX_MS)).toBe(false);
});

test("a loop that is stuck in one turn is not fed, whatever its radios answer; one that waits for something to do is", () => {
  expect(isFed({ turningSince: millis(500_000) }, 500_000 + TURN_MAX_MS)).toBe(true);
  const stuck = { turningSince: millis(500_000), radioAnsweredAt: millis(500_001 + TURN_MAX_MS) };
  expect(isFed(stuck, 500_001 + TURN_MAX_MS)).toBe(false);
  expect(isFed({ ...stuck, radioCount: 0 }, 500_001 + TURN_MAX_MS)).toBe(false);
});

test("a kiosk without radios is alive by its loop alone", () => {
  expect(isFed({ radioCount: 0, radioAnsweredAt: undefined }, 90_000_000)).toBe(true);
});
