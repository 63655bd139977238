/** What a kiosk tells a house of itself: few values, flat, so that a lamp can follow one of them. */
import type { Health } from "../server/health.ts";
import type { KioskNow } from "../server/kiosk-port.ts";

export interface StateMessage {
  readonly state: string;
  readonly isPlaying: boolean;
  readonly hasProblem: boolean;
  readonly isPartitioned: boolean;
  readonly isPaused: boolean;
  /** "bets", "dice", or "none" without a table. */
  readonly phase: string;
  /** 0 while the puck is off. */
  readonly point: number;
  readonly players: number;
  /** In bets that stand. */
  readonly chipsOnTable: number;
  readonly lastRoll: number;
  /** Of the last roll that fell: both dice and their sum; null before the first. */
  readonly first: number | null;
  readonly second: number | null;
  readonly total: number | null;
  readonly membersReached: number;
  readonly radiosUp: number;
  readonly sequence: number;
  readonly view: number;
}

export function stateMessage({ view }: KioskNow, health: Health): StateMessage {
  const { recovery, mesh, kiosk, craps, ledger, rolls, members, radios, consensus } = view;
  const last = rolls.flatMap(({ fell }) => (fell === null ? [] : [fell])).at(-1) ?? null;
  return {
    state: recovery.state,
    isPlaying: recovery.state === "playing",
    hasProblem: health.state !== "ok" || ledger?.isBalanced === false,
    isPartitioned: mesh.isPartitioned,
    isPaused: kiosk.pausedUntil !== null,
    phase: craps === null ? "none" : craps.state.rolling ? "dice" : "bets",
    point: craps?.state.point ?? 0,
    players: craps?.players.filter((player) => player !== null).length ?? 0,
    chipsOnTable: ledger?.locked ?? 0,
    lastRoll: craps?.lastRoll ?? 0,
    first: last?.first ?? null,
    second: last?.second ?? null,
    total: last === null ? null : last.first + last.second,
    membersReached: members.filter(({ link }) => link === "near" || link === "far").length,
    radiosUp: radios.filter(({ isUp }) => isUp).length,
    ...{ sequence: consensus.sequence, view: consensus.view },
  };
}
