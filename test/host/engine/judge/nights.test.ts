import { expect, test } from "vitest";
import { CONTESTED_MAX } from "../../../../host/engine/profiles/limits.ts";
import { accusationsIn, KIOSKS, life, nights, ROLLS } from "./nights.ts";
import { accusesNobody, agreedNights } from "./nights-agreed.ts";

test("twenty nights of eight honest kiosks on an air that loses a tenth accuse nobody, and find whoever has a plan [E07] [N02] [N03]", () => {
  const honest = nights(20, 1);
  expect(honest).toMatchObject({
    timedAlike: 0,
    votedAlike: 0,
    mechanical: 0,
    suspicious: 0,
    byzantine: 0,
    aborts: 0,
    dice: 0,
  });
  expect(accusationsIn(honest)).toBe(0);
  // Enough was contested for something to be said.
  expect(honest.contested).toBeGreaterThan(400);
  expect(honest.worstScore).toBeLessThan(0.3);
  // Slowness that is told to operators: less than one answer in a hundred, bursts and all.
  expect(honest.slow / (20 * ROLLS * (KIOSKS - 1))).toBeLessThan(0.01);
  // Both ways around the ring: five is compared with two and three, which one neighbour brings.
  const plotted = nights(4, 1, [2, 3, 5]);
  expect(plotted.timedAlike).toBeGreaterThan(30);
  expect(plotted.votedAlike).toBeGreaterThan(30);
  expect(plotted.suspicious).toBeGreaterThan(20);
});

test("what is kept of honest kiosks from night to night does not add up to an accusation", () => {
  const found = life(15, 3);
  expect(accusationsIn(found)).toBe(0);
  // More than what is kept of votes at a time.
  expect(found.contested).toBeGreaterThan(CONTESTED_MAX);
  expect(found.worstScore).toBeLessThan(0.3);
});

test("a short night of whole kiosks that agree on each of their rolls on such an air: nobody is accused, and nobody pays", () => {
  const sums = agreedNights(1, 12, 1);
  expect(sums).toMatchObject({ slashes: 0, offences: 0, forged: 0, voids: 0 });
  expect([accusationsIn(sums.found), accusesNobody(sums)]).toEqual([0, true]);
  // It was a night: rolls were thrown, views changed hands, and somebody had something to lose.
  expect([sums.rolls > 8, sums.views > 2, sums.stakers > 0, sums.decided > 80]).toEqual([true, true, true, true]);
}, 60_000);

test("the same night finds a kiosk whose partials are forged", () => {
  expect(() => agreedNights(1, 12, 1, 3)).toThrow("evidence names the faulty");
}, 60_000);
