/** A kiosk that sits at a table, as its process sees it: what it counts of the engine's effects, and what it tells whoever started
 * it. */
import { sha256 } from "../../crypto/sha256.ts";
import type { Effect } from "../../engine/consensus/events.ts";
import { primaryOf } from "../../engine/consensus/quorums.ts";
import { audit } from "../../engine/ledger/audit.ts";
import { worthOf } from "../../engine/ledger/ledger.ts";
import { accountOf, ownerOf } from "../../engine/table/players.ts";
import { nameOfKey } from "../../mesh/judge.ts";
import type { PeerName } from "../../mesh/peer-name.ts";
import { linkedNeighbour } from "../../mesh/state.ts";
import { BOT_SEAT, type Bot, onAnswered, onNumbered, onRefused } from "../../node/bot.ts";
import type { CrapsRules, CrapsTable } from "../../node/craps-table.ts";
import type { RunningNode } from "../../node/node.ts";
import { rollFile } from "../../node/roll-file.ts";
import type { SeenRoll } from "../../node/roll-watch.ts";
import type { RunningKiosk } from "../../node/start-kiosk.ts";
import type { Report, RollSaid } from "./kiosk-report.ts";

export interface Seated {
  readonly kiosk: number;
  readonly running: RunningKiosk;
  readonly rules: CrapsRules;
  readonly bot: Bot;
  readonly tally: Tally;
  readonly lies: () => number;
  readonly recovered: Report["recovered"];
}

export interface Tally {
  fast: number;
  slow: number;
  decided: number;
  muted: string | undefined;
}

export const newTally = (): Tally => ({ fast: 0, slow: 0, decided: 0, muted: undefined });

export function note(effect: Effect, player: Bot, tally: Tally, now: number): void {
  if (effect.type === "answered") onAnswered(player, effect.number, now);
  else if (effect.type === "refused" && effect.seat === BOT_SEAT) onRefused(player);
  else if (effect.type === "muted") tally.muted = effect.why;
  else if (effect.type === "unmuted") tally.muted = undefined;
  else if (effect.type === "persist" && effect.record.type === "request") {
    const { number, operation } = effect.record.signed.request;
    onNumbered(player, number, operation);
  } else if (effect.type === "persist" && effect.record.type === "decided") {
    const { sequence, phase } = effect.record.certificate;
    tally[phase === "unanimous" ? "fast" : "slow"] += Math.max(0, sequence - tally.decided);
    tally.decided = Math.max(tally.decided, sequence);
  }
}

export function rollSaid({ kiosk, running: { node } }: Seated, { fell, ...roll }: SeenRoll): RollSaid {
  const { state, view } = node.replica;
  return {
    ...{ type: "rolled", kiosk, sequence: state.sequence, view, primary: primaryOf(node.replica, view), ...roll },
    fell:
      fell === undefined
        ? undefined
        : { first: fell.first, second: fell.second, file: rollFile(fell.keys, fell.proof) },
  };
}

export function reportOf({ kiosk, running, rules, bot, tally, lies, recovered }: Seated): Report {
  const { node, machine, radios, secured } = running;
  const { replica } = node;
  const { state } = replica;
  const { ledger, dice } = state.machine;
  const chipsOf = (key: Uint8Array): number | null => {
    const account = accountOf(state.machine, ownerOf(rules, key, BOT_SEAT));
    return account === undefined ? null : worthOf(ledger.accounts[account]);
  };
  return {
    ...{ type: "report", kiosk, member: replica.me, sequence: replica.executed, view: replica.view },
    ...{ isChanging: replica.phase === "changing", isPaused: node.isPaused() },
    primary: primaryOf(replica, replica.view),
    operations: state.table.clients.reduce((sum, { executed }) => sum + executed, 0),
    ...{ fast: tally.fast, slow: tally.slow, latencies: bot.latencies.splice(0).map(Math.round) },
    waiting: replica.pools.reduce((sum, { waiting }) => sum + waiting.length, 0),
    ...{ rolls: dice.lastRoll, isRolling: dice.roll !== undefined, chips: dice.members.map(({ key }) => chipsOf(key)) },
    isBalanced: audit(ledger).ok,
    digest: hex(sha256(state.history, machine.snapshot(state.machine))),
    ...{ recovered, muted: tally.muted, lies: lies(), ...linksOf(node), flushes: node.tally.flushes },
    ...{ radios: radios.reports(), packets: radios.tally, secured, refused: node.refused },
  };
}

function linksOf({ mesh, replica }: RunningNode<CrapsTable>): Pick<Report, "neighbours" | "suspected"> {
  const names = replica.members.map(nameOfKey);
  const places = (is: (name: PeerName) => boolean): number[] => [...names.keys()].filter((at) => is(names[at]));
  return {
    neighbours: places((name) => linkedNeighbour(mesh, name) !== undefined),
    suspected: places((name) => mesh.peers.get(name)?.isSuspected === true),
  };
}

const hex = (of: Uint8Array): string => Buffer.from(of).toString("hex");
