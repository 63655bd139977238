/**
 * Which actions of a kiosk must be agreed on, and which are its own business. It follows from what an action changes: what all
 * members must see alike is never decided by one of them, however long agreement takes; and what only pleases the eye never
 * waits for it.
 */
import { unreachable } from "../../protocol/core/assert.ts";

/** What is different afterwards: the first four in the state that all agree on, "nothing" on screens at most. */
export type Changes = "chips" | "members" | "rules" | "game" | "nothing";

export type Route = "agreement" | "local";

const CHANGES = {
  placeBet: "chips",
  takeBetDown: "chips",
  settle: "chips",
  transfer: "chips",
  buyIn: "chips",
  cashOut: "chips",
  stake: "chips",
  unstake: "chips",
  claimReward: "chips",
  accuse: "chips",

  join: "members",
  leave: "members",
  exclude: "members",
  takeSeat: "members",
  leaveSeat: "members",
  // A new key speaks for a member from then on.
  changeKey: "members",

  changeRules: "rules",
  changeLimits: "rules",

  startGame: "game",
  endGame: "game",
  lockBets: "game",
  // Whoever's randomness counts is fixed before anybody can know what comes of it.
  commitRandomness: "game",
  revealRandomness: "game",
  roll: "game",
  passDice: "game",
  timeOut: "game",
  openDispute: "game",
  voteOnDispute: "game",

  moveCursor: "nothing",
  hoverBet: "nothing",
  chat: "nothing",
  emote: "nothing",
  animate: "nothing",
  playSound: "nothing",
  changeLanguage: "nothing",
  heartbeat: "nothing",
  viewStatus: "nothing",
  viewHistory: "nothing",
  viewMap: "nothing",
  // It points to evidence; what follows from that is `accuse`.
  warn: "nothing",
} as const satisfies { readonly [kind: string]: Changes };

export type ActionKind = keyof typeof CHANGES;

export const actionKinds: readonly ActionKind[] = Object.freeze(Object.keys(CHANGES).sort() as ActionKind[]);

export const changesOf = (kind: ActionKind): Changes => CHANGES[kind];

export function route(kind: ActionKind): Route {
  const changes = changesOf(kind);
  switch (changes) {
    case "chips":
    case "members":
    case "rules":
    case "game":
      return "agreement";
    case "nothing":
      return "local";
    default:
      return unreachable(changes);
  }
}
