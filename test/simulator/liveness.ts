/** The last phase: faults stop, a random core of honest members hears each other again, and all that they want must happen
 * within the time that the theory grants. */
import { quorum } from "../../host/engine/consensus/quorum.ts";
import { encodeTable } from "../../host/engine/consensus/table.ts";
import { patienceMs } from "../../host/engine/consensus/timing.ts";
import { backedOffMs } from "../../host/engine/timing/back-off.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { drawBelow } from "../../protocol/core/chance.ts";
import { setClock } from "./happenings.ts";
import { checkMemory } from "./invariants/memory.ts";
import { checkReplay } from "./invariants/replay.ts";
import { broken } from "./invariants/violation.ts";
import { start } from "./kiosk.ts";
import { operation, submit } from "./load.ts";
import { calm } from "./network.ts";
import { STREAMS, stream } from "./plan.ts";
import { name } from "./power.ts";
import { isHonest, type Kiosk, type Sim } from "./sim.ts";
import { tell } from "./story.ts";

/** Answers the time it took as a share of the time it may take. */
export function finish(sim: Sim, runUntil: (untilMs: number, done: () => boolean) => void): number {
  const core = chooseCore(sim);
  tell(sim, () => `faults stop; from here on ${core.map((of) => of.place).join(" ")} must agree`);
  heal(sim, core);
  const boundMs = boundOf(sim, core);
  const healedAt = sim.now;
  for (const of of core) submit(sim, of, 0, sim.app?.operation(sim, of, 0) ?? operation(sim.chances.load));
  const becomeWhole = (): void => {
    const since = sim.now;
    let checks = 0;
    runUntil(since + PATIENCE_TIMES * boundMs, () => (checks++ & 7) === 0 && isWhole(core));
    if (!isWhole(core))
      broken("liveness", `not whole after ${Math.round(sim.now - since)} ms: ${core.map(describe).join("; ")}`, sim);
  };
  becomeWhole();
  const wholeAt = sim.now;
  if (sim.app !== undefined) {
    sim.app.finish(sim, core, PATIENCE_TIMES * boundMs, runUntil);
    becomeWhole();
  }
  sameStates(sim, core);
  for (const of of core) checkMemory(sim, of);
  // One stands for all: a replay takes as long as everything that it replays.
  checkReplay(sim, core[drawBelow(sim.chances.load, core.length)]);
  return (wholeAt - healedAt) / boundMs;
}

/** The theory speaks of votes alone; a restart asks first, and chunks have their own pace. */
const PATIENCE_TIMES = 4;

function chooseCore(sim: Sim): Kiosk[] {
  const latest = sim.checker.epochs.at(-1);
  const members = latest?.members ?? sim.plan.founders;
  const chance = stream(sim.plan.seed, STREAMS.heal);
  const honest = members.map((place) => sim.kiosks[place]).filter((of) => isHonest(of));
  const needed = quorum(members.length);
  // Where members come and go, all who are honest are needed: who leaves, until it has left, and who joins, from then on.
  if (sim.plan.mishaps.some(({ kind }) => kind === "join" || kind === "leave")) {
    return sim.kiosks.filter((of) => isHonest(of) && !of.absent);
  }
  const core = [...honest];
  for (let gone = drawBelow(chance, honest.length - needed + 1); gone > 0; gone--) {
    core.splice(drawBelow(chance, core.length), 1);
  }
  return core;
}

function heal(sim: Sim, core: readonly Kiosk[]): void {
  const { plan } = sim;
  sim.healed = true;
  calm(sim.network);
  for (const of of sim.kiosks) {
    of.pausedUntil = 0;
    of.dyingAfter = undefined;
    if (core.includes(of)) {
      if (of.replica === undefined) {
        tell(sim, () => `${name(of)} starts`);
        start(sim, of);
      }
      of.offsetMs = 0;
      setClock(sim, of);
    } else if (of.attacker === undefined || !plan.attackersStay) {
      // Who is not of the core is gone: it must not be needed.
      of.absent = true;
      of.replica = undefined;
      of.boot += 1;
    }
  }
}

/** Σ T·2^i over those who may fail to lead, and some journeys. */
function boundOf(sim: Sim, core: readonly Kiosk[]): number {
  const { profile } = sim.plan.options;
  const { delayMs, jitterMs } = sim.plan.air;
  const n = core[0].replica?.members.length ?? sim.plan.n;
  let sum = 0;
  let patience = 0;
  for (const { replica } of core) if (replica !== undefined) patience = Math.max(patience, patienceMs(replica));
  for (let i = 0; i <= n - quorum(n); i++) sum += backedOffMs(patience + profile.viewChangeMs, i);
  return sum + 8 * (delayMs + jitterMs) + 16 * profile.statusMs;
}

/** Who has come furthest, and with it who is a member by now. */
function furthest(core: readonly Kiosk[]): Kiosk["replica"] {
  let top: Kiosk["replica"];
  for (const { replica } of core) {
    if (replica !== undefined && (top === undefined || replica.executed > top.executed)) top = replica;
  }
  return top;
}

const isMember = (of: Kiosk, top: Kiosk["replica"]): boolean =>
  top?.members.some((key) => bytesEqual(key, of.identity.key)) === true;

/** Nobody that is a member lacks anything. */
function isWhole(core: readonly Kiosk[]): boolean {
  const top = furthest(core);
  for (const of of core) {
    const { replica } = of;
    if (replica === undefined || top === undefined) return false;
    if (!isMember(of, top)) continue;
    if (replica.me < 0 || replica.executed !== top.executed || replica.epoch !== top.epoch) return false;
    if (replica.pools[replica.me].waiting.length > 0) return false;
  }
  return true;
}

function sameStates(sim: Sim, core: readonly Kiosk[]): void {
  let first: Uint8Array | undefined;
  const top = furthest(core);
  for (const of of core) {
    const { replica, world, place } = of;
    if (replica === undefined || !isMember(of, top)) continue;
    const state = encodeTable(replica.state.table, world.machine.snapshot(replica.state.machine));
    first ??= state;
    if (!bytesEqual(state, first)) broken("states are equal", `at kiosk ${place}`, sim);
  }
}

function describe(of: Kiosk): string {
  const { replica } = of;
  if (replica === undefined) return `${of.place} is down`;
  const waiting = replica.me < 0 ? "no member" : `${replica.pools[replica.me].waiting.length} wait`;
  const muted = replica.mutedUntil === undefined ? "" : ` muted until ${replica.mutedUntil}`;
  const probing = replica.probing === undefined ? "" : " probing";
  const where = `epoch ${replica.epoch} view ${replica.view} ${replica.phase === "changing" ? `wants ${replica.wanted}` : ""}`;
  return `${of.place}: ${where} executed ${replica.executed} of ${replica.decided}, known ${replica.known}, ${waiting}${muted}${probing}`;
}
