/** Whoever lies: an honest kiosk that runs underneath, its own key, and what it hears. */

import type { Ballot } from "../../protocol/agreement/ballot.ts";
import type { Chance } from "../../protocol/core/chance.ts";
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import type { Effect } from "../engine/consensus/events.ts";
import type { Replica } from "../engine/consensus/state.ts";
import { whole } from "../engine/consensus/statements.ts";
import type { Ports } from "../engine/ports.ts";
import type { CrapsRules, CrapsTable } from "../node/craps-table.ts";
import type { RunningNode } from "../node/node.ts";
import type { Lie } from "./lies.ts";

export interface LiarHand {
  /** Undefined while it is honest. */
  lie: Lie | undefined;
  readonly chance: Chance;
  /** With its own key. */
  readonly ports: Ports;
  readonly rules: CrapsRules;
  /** Undefined while it does not run. */
  readonly node: () => Pick<RunningNode<CrapsTable>, "replica"> | undefined;
  /** To every neighbour, past its own mesh; while it has links. */
  say: ((packetClass: PacketClass, packet: Uint8Array) => void) | undefined;
  /** Its own ballots with every history, by their signature. */
  readonly voted: Map<string, Ballot>;
  /** It has lied once more. */
  readonly onAct: () => void;
  readonly after: (ms: number, run: () => void) => void;
}

/** Of its own ballots it remembers so many. */
const VOTED_MAX = 512;
const NAME_SIZE = 16;

/** A member's; undefined of whoever is none. */
export function replicaOf({ node }: LiarHand): Replica<CrapsTable> | undefined {
  const replica = node()?.replica;
  return replica !== undefined && replica.me >= 0 ? replica : undefined;
}

/** What the honest kiosk underneath has voted is said later in fewer words than a lie wants. */
export function remember({ voted }: LiarHand, effect: Effect): void {
  if (effect.type !== "persist" || effect.record.type !== "voted") return;
  const { ballot } = effect.record;
  const full = whole(ballot, () => undefined);
  if (full === undefined) return;
  voted.set(nameOf(ballot.signature), full);
  if (voted.size > VOTED_MAX) voted.delete(voted.keys().next().value as string);
}

export const nameOf = (signature: Uint8Array): string => String.fromCharCode(...signature.subarray(0, NAME_SIZE));
