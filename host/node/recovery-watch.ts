/**
 * Recovery between its pure machine and the loop: what the mesh and the replica know goes in, and what follows for this kiosk comes
 * out. Agreement asks nothing of it; it says what people may do here, and stops the table where two certificates contradict each
 * other.
 */
import { unreachable } from "../../protocol/core/assert.ts";
import type { Millis } from "../../protocol/core/units.ts";
import type { Table } from "../../protocol/envelope/open.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import type { Replica, World } from "../engine/consensus/state.ts";
import type { Certified, RecoveryEffect, RecoveryEvent } from "../engine/recovery/events.ts";
import { UNHEARD_AFTER_MS } from "../engine/recovery/limits.ts";
import { nextDeadline, step } from "../engine/recovery/recovery.ts";
import { type Recovery, recovery } from "../engine/recovery/state.ts";
import { describeRecovery, type RecoveryPage } from "../engine/recovery/words.ts";
import { type Letter, nameOfKey } from "../mesh/judge.ts";
import { peerTag } from "../mesh/peer-name.ts";
import { linkedNeighbour, type Mesh } from "../mesh/state.ts";
import { HEARD_AGAIN_MS } from "./limits.ts";
import { contradictionOf, ownProof } from "./recovery-histories.ts";
import { isSameStanding, standingOf } from "./recovery-standing.ts";

export interface RecoveryWatch {
  readonly of: Recovery;
  /** What people were asked, and have not answered. */
  asked: "no quorum" | "cannot catch up" | undefined;
  /** How long the last return to a quorum took, until everything was caught up with. */
  rejoinedAfterMs: number | undefined;
  /** As the machine was told last. */
  epoch: number;
  decided: unknown;
  accused: number;
  linked: number;
  wasDiverged: boolean;
}

/** What the loop has to do about it; all else is done here. */
export type RecoveryTask =
  | { readonly type: "say"; readonly message: Message }
  /** By the kiosk itself. */
  | { readonly type: "order"; readonly operation: Uint8Array }
  /** Durable, and then nothing is agreed on here any more. */
  | { readonly type: "stop"; readonly first: Certified; readonly second: Certified };

/** What a screen shows of it. */
export interface StandingPage extends RecoveryPage {
  readonly asked: RecoveryWatch["asked"];
  readonly rejoinedAfterMs: number | undefined;
}

export interface RecoveryPorts {
  readonly replica: Replica<unknown>;
  readonly mesh: Mesh;
  readonly world: Pick<World<unknown>, "ports">;
  /** Sees all that the machine says: logs, screens, whoever measures. */
  readonly on: ((effect: RecoveryEffect) => void) | undefined;
}

export function recoveryWatch(
  { replica }: Pick<RecoveryPorts, "replica">,
  at: Millis,
  { wasStopped }: { readonly wasStopped: boolean },
): RecoveryWatch {
  const { key, members: keys } = replica;
  return {
    of: recovery({ at, key, keys, tags: keys.map(tagOf), standing: standingOf(replica), wasStopped }),
    ...{ asked: undefined, rejoinedAfterMs: undefined, epoch: replica.epoch, decided: undefined },
    ...{ accused: replica.accused, linked: 0, wasDiverged: false },
  };
}

export const isStopped = ({ of }: RecoveryWatch): boolean => of.step === "stopped";

/** Whether people may want something here now. */
export const mayWish = ({ of }: RecoveryWatch): boolean => of.mode === "goesOn" || of.mode === "holds";

export const recoveryDue = ({ of }: RecoveryWatch): Millis => nextDeadline(of);

/** Before the engine has it, so that nothing more is done by a history that is contradicted. `place` is the sender's now. */
export function watchLetter(
  watch: RecoveryWatch,
  letter: Letter,
  { place, at }: { readonly place: number | undefined; readonly at: Millis },
  ports: RecoveryPorts,
): RecoveryTask[] {
  const tasks: RecoveryTask[] = [];
  if ("said" in letter) {
    const { said, table } = letter;
    if (said.type === "certificate" && isOfNow(ports.replica, table)) {
      watchHistory(watch, contradictionOf(ports.replica, said.certificate, ports.world), at, tasks, ports);
    }
  } else if (place !== undefined && letter.message.type === "heartbeat") {
    feed(watch, { type: "heartbeat", at, from: place, said: letter.message }, tasks, ports);
  } else if (place !== undefined && letter.message.type === "partitionRecovery") {
    feed(watch, { type: "said", at, from: place, said: letter.message }, tasks, ports);
  }
  return tasks;
}

function watchHistory(
  watch: RecoveryWatch,
  contradiction: readonly [Certified, Certified] | undefined,
  at: Millis,
  tasks: RecoveryTask[],
  ports: RecoveryPorts,
): void {
  for (const certified of contradiction ?? []) feed(watch, { type: "certified", at, ...certified }, tasks, ports);
}

/** After what a turn of the loop has brought. */
export function watchTurn(watch: RecoveryWatch, at: Millis, ports: RecoveryPorts): RecoveryTask[] {
  const tasks: RecoveryTask[] = [];
  const { replica, mesh } = ports;
  if (replica.epoch !== watch.epoch) {
    watch.epoch = replica.epoch;
    watch.accused = 0;
    watch.linked = 0;
    feed(watch, { type: "members", at, keys: replica.members, tags: replica.members.map(tagOf) }, tasks, ports);
  }
  for (const [place, key] of replica.members.entries()) {
    if (place === replica.me) continue;
    watchMember(watch, place, key, mesh, at, tasks, ports);
    const bit = 1 << place;
    if ((replica.accused & bit) === 0 || (watch.accused & bit) !== 0) continue;
    watch.accused |= bit;
    feed(watch, { type: "convicted", at, member: place }, tasks, ports);
  }
  if (replica.diverged !== watch.wasDiverged) {
    watch.wasDiverged = replica.diverged;
    if (replica.diverged) feed(watch, { type: "damaged", at, damage: "state" }, tasks, ports);
  }
  const standing = standingOf(replica);
  if (!isSameStanding(standing, watch.of.standing)) feed(watch, { type: "progress", at, standing }, tasks, ports);
  if (replica.decision !== undefined && replica.decision !== watch.decided) {
    watch.decided = replica.decision;
    feed(watch, { type: "certified", at, place: replica.decision.place, proof: ownProof(replica) }, tasks, ports);
  }
  if (at >= nextDeadline(watch.of)) feed(watch, { type: "tick", at }, tasks, ports);
  return tasks;
}

/** Something that was read from this kiosk's own disk does not hold. */
export const watchDamage = (watch: RecoveryWatch, at: Millis, ports: RecoveryPorts): RecoveryTask[] =>
  fed(watch, { type: "damaged", at, damage: "journal" }, ports);

/** What people want of it. */
export const watchPeople = (
  watch: RecoveryWatch,
  event: Extract<RecoveryEvent, { type: "operator" | "rollBack" | "exclude" }>,
  ports: RecoveryPorts,
): RecoveryTask[] => fed(watch, event, ports);

function fed(watch: RecoveryWatch, event: RecoveryEvent, ports: RecoveryPorts): RecoveryTask[] {
  const tasks: RecoveryTask[] = [];
  feed(watch, event, tasks, ports);
  return tasks;
}

export const standingPage = (watch: RecoveryWatch, names: readonly string[]): StandingPage => ({
  ...describeRecovery(watch.of, names),
  ...{ asked: watch.asked, rejoinedAfterMs: watch.rejoinedAfterMs },
});

/** Whatever it signed counts, by whatever way it came; one that is heard every moment is noted now and then. */
function watchMember(
  watch: RecoveryWatch,
  place: number,
  key: Uint8Array,
  mesh: Mesh,
  at: Millis,
  tasks: RecoveryTask[],
  ports: RecoveryPorts,
): void {
  const name = nameOfKey(key);
  const peer = mesh.peers.get(name);
  const { heardAt } = watch.of.members[place]!;
  if (
    peer?.wasHeard &&
    peer.heardAt > heardAt &&
    at >= heardAt + HEARD_AGAIN_MS &&
    at - peer.heardAt < HEARD_AGAIN_MS
  ) {
    feed(watch, { type: "heard", at, from: place }, tasks, ports);
  }
  const bit = 1 << place;
  if (linkedNeighbour(mesh, name) === undefined) watch.linked &= ~bit;
  else if ((watch.linked & bit) === 0) {
    watch.linked |= bit;
    feed(watch, { type: "linked", at, member: place }, tasks, ports);
  }
}

function feed(watch: RecoveryWatch, event: RecoveryEvent, tasks: RecoveryTask[], ports: RecoveryPorts): void {
  const effects: RecoveryEffect[] = [];
  step(watch.of, event, effects);
  for (const effect of effects) {
    follow(watch, effect, tasks);
    ports.on?.(effect);
  }
}

function follow(watch: RecoveryWatch, effect: RecoveryEffect, tasks: RecoveryTask[]): void {
  switch (effect.type) {
    case "say":
      if (!isStarting(watch)) tasks.push({ type: "say", message: { type: "partitionRecovery", ...effect.said } });
      break;
    case "order":
      tasks.push({ type: "order", operation: effect.operation });
      break;
    case "stop":
      tasks.push({ type: "stop", first: effect.first, second: effect.second });
      break;
    case "askOperator":
      watch.asked = effect.why;
      break;
    case "moved":
      if (effect.from === "asking") watch.asked = undefined;
      break;
    case "rejoined":
      watch.asked = undefined;
      watch.rejoinedAfterMs = effect.afterMs;
      break;
    // The radios look for whoever is missing without being told, the engine takes the state that was agreed where the own one is
    // not, and the rest is for those who look.
    case "reconnect":
    case "fallBack":
    case "answered":
    case "mode":
    case "diagnosed":
    case "refused":
    case "ignored":
      break;
    default:
      unreachable(effect);
  }
}

/** A kiosk that looks for the others for the first time says so by its heartbeats: all of a table start together, and have more to
 * say then than the air carries. */
const isStarting = ({ of: { now, startedAt, lostAt } }: RecoveryWatch): boolean =>
  lostAt === startedAt && now < startedAt + UNHEARD_AFTER_MS;

const isOfNow = (of: Replica<unknown>, table: Table): boolean => table.epoch === of.epoch;

const tagOf = (key: Uint8Array): Uint8Array => peerTag(nameOfKey(key));
