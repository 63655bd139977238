/** When faults are over, a key comes to serve, whatever roll is open comes to its end, and one more is thrown. */

import { servingKey } from "../../../host/engine/dice/key-generation.ts";
import {
  COMMIT_MS,
  DEAL_PATIENCE_MS,
  ORDER_REPEAT_MS,
  REVEAL_MS,
  SETTLE_MS,
  SETTLE_STAGGER_MS,
} from "../../../host/engine/dice/limits.ts";
import { CrapsAction } from "../../../host/engine/games/craps/moves.ts";
import { findAccount } from "../../../host/engine/ledger/accounts.ts";
import { MOVES_MS } from "../../../host/engine/table/limits.ts";
import { TableOperation } from "../../../host/engine/table/operation.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { RunUntil } from "../app.ts";
import { broken } from "../invariants/violation.ts";
import { submit } from "../load.ts";
import type { Kiosk, Sim } from "../sim.ts";
import { type CrapsTable, type State, stateAt } from "./table.ts";

const FIELD = 8;
/** Each dealer that is excluded takes a key with it, and a roll that was made with it. */
const ATTEMPTS_MAX = 4;
/** Clocks may go a hundredth too slow, and the agreed one is pushed and waited for. */
const SLACK = 1.1;

export function throwOnce(sim: Sim, of: CrapsTable, core: readonly Kiosk[], boundMs: number, runUntil: RunUntil): void {
  const openMs = SLACK * (COMMIT_MS + 2 * REVEAL_MS + SETTLE_MS + 2 * ORDER_REPEAT_MS) + 4 * boundMs;
  const keyMs = core.length * (DEAL_PATIENCE_MS + ORDER_REPEAT_MS + boundMs);
  const rollMs = SLACK * (MOVES_MS + core.length * SETTLE_STAGGER_MS) + openMs;
  const wait = (ms: number, what: string, done: () => boolean): void => {
    runUntil(sim.now + ms, done);
    if (!done()) broken("liveness of dice", `${what}: ${core.map((each) => where(each)).join("; ")}`, sim);
  };
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    wait(openMs + keyMs, "a key serves, and no roll is open", () =>
      membersIn(core).every((each) => isReady(stateAt(each))),
    );
    const next = lastRoll(membersIn(core)) + 1;
    let bets = 0;
    wait(rollMs + boundMs, `roll ${next} ends`, () => {
      // Somebody sits and bets, and after a while the table rolls by itself.
      if (bets++ % 256 === 0 && lastRoll(membersIn(core)) < next) bet(sim, of, membersIn(core));
      return membersIn(core).every((each) => isOver(stateAt(each), next));
    });
    if (of.ends.get(next)?.type === "rolled") return;
  }
  broken("liveness of dice", `${ATTEMPTS_MAX} rolls in line are void`, sim);
}

/** Where no key is wanted, none is dealt. */
const isReady = (state: State | undefined): boolean =>
  state !== undefined &&
  state.dice.roll === undefined &&
  (state.dice.deal === undefined || servingKey(state.dice) !== undefined);

/** Who has left may be behind for ever. */
function membersIn(core: readonly Kiosk[]): Kiosk[] {
  let latest: State | undefined;
  for (const each of core) {
    const state = stateAt(each);
    if (state !== undefined && (latest === undefined || state.dice.epoch > latest.dice.epoch)) latest = state;
  }
  return core.filter(({ identity }) => latest?.dice.members.some(({ key }) => bytesEqual(key, identity.key)));
}

const isOver = (state: State | undefined, roll: number): boolean =>
  state !== undefined && state.dice.lastRoll >= roll && state.dice.roll === undefined;

const lastRoll = (core: readonly Kiosk[]): number => Math.max(...core.map((each) => stateAt(each)?.dice.lastRoll ?? 0));

/** One of the core's players has a chip to bet, or takes a place for it. */
function bet(sim: Sim, of: CrapsTable, core: readonly Kiosk[]): void {
  for (const { place, seat, owner } of of.players) {
    const kiosk = core.find((each) => each.place === place);
    const state = kiosk === undefined ? undefined : stateAt(kiosk);
    if (kiosk === undefined || state === undefined) continue;
    const account = findAccount(state.ledger, owner);
    if (account === undefined || !state.places.includes(account)) {
      if (state.places.includes(undefined)) submit(sim, kiosk, seat, encode(TableOperation, { type: "sit" }));
      continue;
    }
    const { free, nextCounter } = state.ledger.accounts[account];
    const action = encode(CrapsAction, { type: "bet", code: FIELD, chips: 1 });
    const spent = { counter: nextCounter };
    if (free > 0) submit(sim, kiosk, seat, encode(TableOperation, { type: "act", ...spent, action }));
    else submit(sim, kiosk, seat, encode(TableOperation, { type: "rebuy", ...spent }));
    if (free > 0) return;
  }
}

function where(kiosk: Kiosk): string {
  const state = stateAt(kiosk);
  if (state === undefined) return `${kiosk.place} is down`;
  const { roll, deal, key, lastRoll } = state.dice;
  const open = roll === undefined ? "" : `, roll ${roll.lock.roll} ${roll.phase}${roll.late ? " late" : ""}`;
  const dealt =
    deal === undefined ? "" : `, key ${deal.number} of ${deal.dealings.length} dealings, confirmed ${deal.confirmed}`;
  return `${kiosk.place}: last roll ${lastRoll}${open}, key ${key?.key.number}${dealt}`;
}
