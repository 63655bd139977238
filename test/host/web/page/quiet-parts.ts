/** What a page is told beside the game, where nothing is the matter. */
import type { Wait } from "../../../../host/web/contract/state-part.ts";
import type { KioskView } from "../../../../host/web/contract/view.ts";

export interface NamedMember {
  readonly name: string;
  readonly key: string;
  readonly isAway: boolean;
}

export function quietParts(
  members: readonly NamedMember[],
  waits: readonly Wait[],
): Omit<KioskView, "craps" | "own" | "rolls"> {
  const isPartitioned = members.filter(({ isAway }) => isAway).length > 1;
  return {
    kiosk: {
      ...{ name: members[0]!.name, version: "0.1.0", key: members[0]!.key, member: 0, startedAt: 0 },
      ...{ isPlayMoney: true, isVirtual: true, pausedUntil: null },
    },
    table: { id: "07".repeat(16), epoch: 0, game: "craps", seatsMax: 4, faultsMax: 1 },
    members: members.map(({ name, key, isAway }, member) => ({
      ...{ member, name, key, isMe: member === 0, isPrimary: member === 0, heardAt: null, trust: 1 },
      link: member === 0 ? "self" : isAway ? "none" : "near",
      ...{ reputation: null, oddities: [], isQuarantined: false },
    })),
    consensus: {
      ...{ view: 0, sequence: 40, primary: 0, isChanging: false, viewChanges: 0, operations: 40, fast: 38, slow: 2 },
      ...{ waiting: 0, latenciesMs: [38, 42, 40], muted: null },
    },
    ledger: {
      ...{ minted: 210_000, bank: 200_000, reserved: 0, pool: 0, burned: 0, free: 10_000, locked: 0, staked: 0 },
      ...{ accounts: 4, isBalanced: true, fault: null, difference: 0, auditedAt: 0 },
    },
    radios: [],
    mesh: {
      ...{
        links: [],
        parts: [[0, 1, 2, 3]],
        isPartitioned,
        connectivity: 2,
        sent: 0,
        dropped: 0,
        unknown: 0,
        overtaken: 0,
      },
      refused: {},
    },
    recovery: {
      ...{ state: isPartitioned ? "partitioned" : "playing", words: "", waits: [...waits] },
      journal: { records: 0, verdict: "whole", sequence: 0 },
      behind: null,
    },
    trust: { evidence: [], upheld: 0, dismissed: 0 },
    alerts: [],
    operator: null,
  };
}
