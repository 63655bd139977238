/** A kiosk dies, and is there again after a while with what its disk kept. */
import { drawBelow } from "../../protocol/core/chance.ts";
import { damage, lose, rollBack } from "./disk.ts";
import { schedule } from "./heap.ts";
import { checkReplay } from "./invariants/replay.ts";
import { count, isHonest, type Kiosk, type Sim } from "./sim.ts";
import { tell } from "./story.ts";

/** Between steps: what the journal holds is all that was promised. */
export function crash(sim: Sim, of: Kiosk, downMs: number): void {
  if (of.replica === undefined) return;
  if (isHonest(of) && of.outbox.length === 0 && of.flushing === undefined) checkReplay(sim, of);
  die(sim, of, downMs);
}

/** At any moment, in the middle of a step too. */
export function die(sim: Sim, of: Kiosk, downMs: number): void {
  if (of.replica === undefined) return;
  of.replica = undefined;
  of.outbox = [];
  of.flushing = undefined;
  of.dyingAfter = undefined;
  of.wakesAt = Number.POSITIVE_INFINITY;
  const lost = lose(of.disk, sim.chances.disk);
  if (lost > 0) count(sim, "tornTail");
  tell(sim, () => `${name(of)} loses power, and ${lost} records with it`);
  restartAfter(sim, of, downMs);
}

/** The disk of an earlier day, or one that cannot be read to the end. */
export function spoil(sim: Sim, of: Kiosk, kind: "rolledBackDisk" | "damagedDisk"): void {
  const lost = kind === "rolledBackDisk" ? rollBack(of.disk, sim.chances.disk) : damage(of.disk, sim.chances.disk);
  if (kind === "damagedDisk") of.damage = "a record cannot be read";
  tell(sim, () => `${name(of)}: ${kind}, ${lost} records are gone`);
}

function restartAfter(sim: Sim, of: Kiosk, downMs: number): void {
  of.boot += 1;
  sim.order += 1;
  const at = sim.now + downMs + drawBelow(sim.chances.disk, 3);
  schedule(sim.heap, {
    at,
    order: sim.order,
    kind: "restarts",
    kiosk: of.id,
    boot: of.boot,
    packet: undefined,
    what: undefined,
  });
}

export const name = (of: Kiosk): string => (of.id === of.place ? `kiosk ${of.place}` : `kiosk ${of.place}'s twin`);
