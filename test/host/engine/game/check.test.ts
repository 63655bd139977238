import { describe, expect, test } from "vitest";
import { domainDigest } from "../../../../host/crypto/domain-digest.ts";
import { checkGame, reportLines } from "../../../../host/engine/game/check.ts";
import { craps } from "../../../../host/engine/games/craps/craps.ts";
import { faulty, urn } from "./urn.ts";

type Urn = typeof urn;
const options = { operations: 1600 };
const bad = (game: Urn): string[] =>
  checkGame(game, domainDigest, options)
    .rows.filter(({ ok }) => !ok)
    .map(({ check, text }) => `${check}: ${text}`);

describe("the check of a game", () => {
  test("finds nothing wrong with one that is right, and prints its edges", () => {
    const report = checkGame(urn, domainDigest, options);
    expect(report.ok).toBe(true);
    expect(report.edges).toEqual([{ bet: "heads", edge: "1/8", percent: "12.5000%", wins: "7/8", chances: "7/4" }]);
    expect(reportLines(report).at(-1)).toBe("edge heads   12.5000%  1/8");
  });

  test("says the same every time", () => {
    expect(checkGame(urn, domainDigest, options)).toEqual(checkGame(urn, domainDigest, options));
  });

  test("passes craps as it is usually played", () => {
    const report = checkGame(craps, domainDigest, { operations: 1600 });
    expect(reportLines(report).filter((line) => line.startsWith("BAD"))).toEqual([]);
    expect(report.edges.length).toBeGreaterThan(100);
  });

  test("passes craps with everything on the layout", () => {
    const config = { ...craps.config.usual, bets: "everything", rounding: "down", fee: "withStake" } as const;
    const report = checkGame({ ...craps, wagers: (c) => craps.wagers(c).slice(0, 3) }, domainDigest, {
      ...{ config, operations: 1600, seed: 3 },
    });
    expect(reportLines(report).filter((line) => line.startsWith("BAD"))).toEqual([]);
  });
});

describe("the check finds a game", () => {
  const cases: readonly (readonly [name: string, game: () => Urn, says: RegExp])[] = [
    [
      "that makes chips",
      () =>
        faulty({
          settle: ({ seats, events }) => ({
            events,
            seats: seats.map((chips) => ({ ...chips, returned: chips.returned * 2 })),
          }),
        }),
      /put .* on the table, and/,
    ],
    [
      "that pays otherwise than it says",
      () =>
        faulty({
          settle: ({ seats, events }) => ({
            events,
            seats: seats.map((chips) => (chips.returned > 0 ? { ...chips, won: chips.won + 1 } : chips)),
          }),
        }),
      /is told .*, and gets/,
    ],
    [
      "that keeps a bet whose time is over",
      () =>
        faulty({
          settle: (settlement, state) => {
            if (settlement.events.some(({ type }) => type === "lost")) state.stakes[0] = 1;
            return settlement;
          },
        }),
      /put .* on the table, and|outcome/,
    ],
    [
      "that pays more than it reserves",
      () =>
        faulty({
          rules: { reserve: () => 0 },
          settle: ({ seats, events }) => ({
            events,
            seats: seats.map((chips) => ({ ...chips, won: chips.returned * 3000 })),
          }),
        }),
      /the bank may lose|the bank has/,
    ],
    [
      "that changes when it refuses",
      () =>
        faulty({
          rules: {
            moves: {
              ...urn.moves,
              bet: (config, state, seat, action, purse) => {
                if (!Number.isSafeInteger(action.chips)) state.tails = (state.tails + 1) % 3;
                return urn.moves.bet(config, state, seat, action, purse);
              },
            },
          },
        }),
      /refused .* and yet changed/,
    ],
    [
      "that throws at a wrong move",
      () =>
        faulty({
          rules: {
            moves: {
              ...urn.moves,
              bet: (config, state, seat, action, purse) => {
                if (action.chips < 0) throw new Error("negative");
                return urn.moves.bet(config, state, seat, action, purse);
              },
            },
          },
        }),
      /threw negative/,
    ],
    [
      "that refuses without a sentence",
      () =>
        faulty({
          rules: { moves: { ...urn.moves, bet: () => ({ ok: false, why: "because" }) } },
        }),
      /because/,
    ],
    [
      "that remembers what its state does not say",
      () => {
        const hidden = { count: 0 };
        return faulty({
          settle: (settlement, state) => {
            hidden.count += 1;
            if (hidden.count % 7 === 0) state.tails = 0;
            return settlement;
          },
        });
      },
      /another state|in its start/,
    ],
    [
      "that leaves chips on a table that nobody rolls for",
      () => faulty({ rules: { overdue: () => undefined } }),
      /waits for nobody|goes on|nobody lets chance speak/,
    ],
    [
      "whose scenario does not hold",
      () => faulty({ rules: { golden: [{ name: "wrong", lines: [{ type: "net", seat: 0, is: 1 }] }] } }),
      /scenario: wrong: line 1: net 0 and not 1/,
    ],
    [
      "that pays the player",
      () =>
        faulty({
          settle: ({ seats, events }) => ({
            events: events.map((event) => (event.type === "won" ? { ...event, net: event.stake } : event)),
            seats: seats.map((chips) => ({ ...chips, won: chips.returned })),
          }),
        }),
      /heads pays the player: -75/,
    ],
    [
      "whose view is no data",
      () => faulty({ rules: { view: () => ({ when: () => 1 }) } }),
      /a view holds what is no data/,
    ],
    [
      "that is changed by looking",
      () =>
        faulty({
          rules: {
            view: (_config, state) => {
              state.tails = 2;
              return {};
            },
          },
        }),
      /to look at the table changes it/,
    ],
  ];
  test.each(cases)("%s", (_name, game, says) => {
    expect(bad(game()).join("\n")).toMatch(says);
  });
});

describe("a game that does not say all it must is none", () => {
  const broken = (rules: Partial<Urn>) => () => faulty({ rules });
  test("its author is told", () => {
    expect(broken({ name: "The Urn" })).toThrow("kebab-case");
    expect(broken({ seats: { min: 1, max: 9 } })).toThrow("seats for a table");
    expect(broken({ version: 0 })).toThrow("a version");
    expect(broken({ phases: { bets: { moves: ["jump"] } } })).toThrow("moves that exist");
    expect(broken({ strings: { de: {} } })).toThrow();
    expect(broken({ strings: { en: { title: "" } } })).toThrow("words for its title");
    expect(broken({ strings: { ...urn.strings, de: { title: "" } } })).toThrow("every language says the same");
  });
});
