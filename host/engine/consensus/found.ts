/** A replica as it is before anything has happened. In one literal: what is spread together keeps its fields outside of itself, and
 * every access pays for that (measured: a fifth of the simulator's time). */

import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { SLOTS_MAX } from "../../../protocol/core/limits.ts";
import type { Millis } from "../../../protocol/core/units.ts";
import { objects } from "../objects/objects.ts";
import { BLE, requestMs } from "../timing/profiles.ts";
import { genesis } from "./genesis.ts";
import { leadership } from "./leadership.ts";
import type { Options } from "./options.ts";
import { faultsMax, quorum } from "./quorum.ts";
import { emptyPool, emptyVotes, type Replica, type World } from "./state.ts";
import { timing } from "./timing-state.ts";

export interface Founding {
  readonly options: Options;
  readonly table: Uint8Array;
  /** In the order of their keys. */
  readonly members: readonly Uint8Array[];
  /** Own; that of no member is a spectator's. */
  readonly key: Uint8Array;
  readonly at: Millis;
  readonly wallMs: number;
}

export function found<S>(founding: Founding, world: World<S>): Replica<S> {
  const { options, table, members, key, at } = founding;
  assert(options.window >= 1 && options.window <= SLOTS_MAX, "a window keeps its bound");
  assert(options.checkpointEvery >= 1, "there are checkpoints");
  const n = members.length;
  const me = members.findIndex((each) => bytesEqual(each, key));
  const first = genesis(table, members, options.rules[0], world);
  const start = { sequence: first.header.sequence, digest: first.header.history };
  const own = { proposed: 0, prepared: 0, committed: 0, checkpoint: undefined };
  return {
    now: at,
    options,
    table,
    key,
    epoch: 0,
    members,
    quorum: quorum(n),
    faults: faultsMax(n),
    epochStart: start,
    me,
    view: 0,
    phase: "normal",
    wanted: 0,
    start,
    newView: undefined,
    repeated: 0,
    newViewBodies: [],
    stable: { header: first.header, proof: undefined, state: first.bytes },
    slots: [],
    executed: 0,
    decided: 0,
    known: 0,
    held: 0,
    barrier: undefined,
    archive: [],
    votes: emptyVotes(n, 0),
    own,
    said: { ...own },
    claimed: 0,
    ownBallot: undefined,
    unsaid: false,
    certificates: [],
    decision: undefined,
    viewChanges: blank(n),
    pendingNewView: undefined,
    checkpoints: [],
    checkpointVotes: lines(n),
    lineage: [],
    seen: lines(n),
    seenCommit: blank(n),
    accused: 0,
    viewOver: false,
    pools: members.map(() => emptyPool()),
    lastNumber: 0,
    unsigned: [],
    replies: blank(n),
    answered: [],
    state: first.state,
    machineDue: world.machine.deadline(first.state.machine),
    timing: timing(options.profile, n, 0, founding.wallMs, at),
    objects: objects(at, n, me, Math.min(1, requestMs(options.profile) / requestMs(BLE))),
    wanting: [],
    arrived: [],
    snapshot: undefined,
    leadership: leadership(n),
    probing: n === 1 || me < 0 ? undefined : { forgot: undefined },
    told: blank(n),
    mutedUntil: undefined,
    outdated: false,
    diverged: false,
  };
}

const blank = (count: number): undefined[] => new Array(count).fill(undefined);
const lines = <T>(count: number): T[][] => blank(count).map(() => []);
