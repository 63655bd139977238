import { describe, expect, expectTypeOf, test } from "vitest";
import {
  type ActionKind,
  actionKinds,
  type Changes,
  changesOf,
  type Route,
  route,
} from "../../../host/engine/routing.ts";

/** Written down a second time, by what a player would say of each. */
const AGREED: readonly ActionKind[] = [
  ...([
    "placeBet",
    "takeBetDown",
    "settle",
    "transfer",
    "buyIn",
    "cashOut",
    "stake",
    "unstake",
    "claimReward",
  ] as const),
  ...([
    "accuse",
    "join",
    "leave",
    "exclude",
    "takeSeat",
    "leaveSeat",
    "changeKey",
    "changeRules",
    "changeLimits",
  ] as const),
  ...(["startGame", "endGame", "lockBets", "commitRandomness", "revealRandomness", "roll", "passDice"] as const),
  ...(["timeOut", "openDispute", "voteOnDispute"] as const),
];
const OWN: readonly ActionKind[] = [
  ...(["moveCursor", "hoverBet", "chat", "emote", "animate", "playSound", "changeLanguage", "heartbeat"] as const),
  ...(["viewStatus", "viewHistory", "viewMap", "warn"] as const),
];

describe("routing", () => {
  test("bets, rolls, transfers, members, rules and settlements are agreed on, all else is a kiosk's own [B18]", () => {
    for (const kind of AGREED) expect([kind, route(kind)]).toEqual([kind, "agreement"]);
    for (const kind of OWN) expect([kind, route(kind)]).toEqual([kind, "local"]);
    expect([...AGREED, ...OWN].sort()).toEqual(actionKinds);
  });

  test("nothing that changes chips, members, rules or the game is local, and nothing else waits for agreement [B18]", () => {
    for (const kind of actionKinds) {
      expect([kind, route(kind) === "local"]).toEqual([kind, changesOf(kind) === "nothing"]);
    }
    const shared: readonly Changes[] = ["chips", "members", "rules", "game"];
    for (const changes of shared) expect(actionKinds.some((kind) => changesOf(kind) === changes)).toBe(true);
  });

  test("a kind that is not in the table does not compile, and has no way round agreement", () => {
    expectTypeOf<"steal">().not.toExtend<ActionKind>();
    expectTypeOf(route).returns.toEqualTypeOf<Route>();
    for (const name of ["steal", "", "constructor", "toString"]) {
      expect(() => route(name as ActionKind)).toThrow("no such case");
    }
  });
});
