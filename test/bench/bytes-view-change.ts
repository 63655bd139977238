/** What it costs that a primary falls silent under load: everything that is said from then on until something is decided in a
 * later view, and the longest wish for one. */
import { assert } from "../../protocol/core/assert.ts";
import { draw } from "../../protocol/core/chance.ts";
import { load, runSequences, TUNED } from "./consensus-load.ts";
import { mesh, run, wake } from "./consensus-mesh.ts";
import { tare, total, type Weight } from "./consensus-scale.ts";

export interface ViewChangeCost extends Weight {
  readonly ms: number;
  /** Sequences that were proposed and not executed at the member that is furthest behind. */
  readonly openSlots: number;
  readonly bodySizeMax: number;
  readonly kinds: ReadonlyMap<string, Weight>;
}

export interface ViewChangeCase {
  readonly memberCount: number;
  readonly underWay: number;
  readonly signedSize: number;
  readonly delayMs: number;
  readonly jitterMs: number;
  /** After so many sequences, and so many milliseconds after the last of them. */
  readonly sequences: number;
  readonly laterMs: number;
}

export function viewChangeCost(of: ViewChangeCase): ViewChangeCost {
  const { memberCount, delayMs, jitterMs } = of;
  const options = { ...TUNED, batchLengthMax: 1 };
  const table = mesh({ memberCount, options, delayMs, jitterMs });
  const self = load(table, of.signedSize, of.underWay);
  runSequences(table, self, of.sequences);
  run(table, table.now + of.laterMs);
  const answer = table.onEffect;
  let bodySizeMax = 0;
  let isDecided = false;
  table.onEffect = (seat, effect) => {
    answer(seat, effect);
    if (effect.type === "persist" && effect.record.type === "changing") {
      bodySizeMax = Math.max(bodySizeMax, effect.record.body.length);
    }
    isDecided ||= effect.type === "executed" && table.seats[seat]!.replica.view > 0;
  };
  const primary = table.seats[0]!;
  assert(primary.replica.view === 0, "nobody was suspected before");
  const openSlots = Math.max(...table.seats.map(({ replica }) => replica.known - replica.executed));
  primary.isSilent = true;
  tare(table.scale);
  const since = table.now;
  run(table, since + STUCK_MS, () => isDecided);
  assert(isDecided, "a later view decides");
  return { ...total(table.scale), ms: table.now - since, openSlots, bodySizeMax, kinds: new Map(table.scale.kinds) };
}

/**
 * The longest wish where a view ends in the middle of a bad air: slots that a quorum has prepared and nobody has decided, votes
 * that reach further than others know, one primary after the other silent.
 */
export function bodySizeMaxOf(of: Omit<ViewChangeCase, "sequences" | "laterMs">, airs = BAD_AIRS): number {
  let sizeMax = 0;
  for (let seed = 1; seed <= airs; seed++) sizeMax = Math.max(sizeMax, inBadAir(of, seed));
  return sizeMax;
}

const BAD_AIRS = 6;

function inBadAir(of: Omit<ViewChangeCase, "sequences" | "laterMs">, seed: number): number {
  const { memberCount, delayMs, jitterMs } = of;
  const options = { ...TUNED, batchLengthMax: 1, fastPath: seed % 2 === 0 };
  const table = mesh({ memberCount, options, delayMs, jitterMs, seed });
  const self = load(table, of.signedSize, of.underWay);
  const answer = table.onEffect;
  let sizeMax = 0;
  table.onEffect = (seat, effect) => {
    answer(seat, effect);
    if (effect.type !== "persist" || effect.record.type !== "changing") return;
    sizeMax = Math.max(sizeMax, effect.record.body.length);
  };
  runSequences(table, self, options.checkpointEvery + seed * 7);
  const loss = 0.1 + 0.05 * seed;
  table.isLost = () => draw(table.random) < loss;
  for (let view = 0; view < VIEWS; view++) {
    const led = Math.max(...table.seats.map(({ replica }) => replica.view)) % memberCount;
    for (const [seat, seated] of table.seats.entries()) {
      if (seat === led) seated.isSilent = true;
      else if (seated.isSilent) wake(table, seat);
    }
    run(table, table.now + BAD_MS);
  }
  return sizeMax;
}

const VIEWS = 5;
const BAD_MS = 1_500;

const STUCK_MS = 600_000;
