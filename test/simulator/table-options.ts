/** How large a table is, and how it agrees. */
import type { Options } from "../../host/engine/consensus/options.ts";
import { BLE, LAN, type Profile } from "../../host/engine/timing/profiles.ts";
import { assert } from "../../protocol/core/assert.ts";
import { type Chance, draw, drawBelow } from "../../protocol/core/chance.ts";

/** Of eighty tables so many have so many members. Four mostly: the smallest table that bears a traitor is the one that most people
 * have, and at a table of ten each schedule takes as long as at six of four. */
const SIZES: readonly (readonly [members: number, tables: number])[] = [
  [4, 62],
  [5, 5],
  [6, 4],
  [7, 4],
  [8, 2],
  [9, 1],
  [10, 2],
];
const TABLES_COUNT = 80;

export function sizeOf(from: Chance, wanted: number | undefined): number {
  let left = drawBelow(from, TABLES_COUNT);
  const drawn = SIZES.find(([, tables]) => {
    left -= tables;
    return left < 0;
  });
  assert(drawn !== undefined, "eighty tables have their sizes");
  return wanted ?? drawn[0];
}

export function optionsOf(from: Chance): { readonly options: Options; readonly calm: boolean } {
  const base = draw(from) < 0.7 ? LAN : BLE;
  const scale = 0.5 + 1.5 * draw(from);
  const rotates = draw(from) < 0.4;
  const rotateMs = rotates ? Math.ceil((4 + 60 * draw(from)) * base.roundTripMs * scale) : base.rotateMs;
  const options: Options = {
    checkpointEvery: 4 + drawBelow(from, 13),
    window: 1 + drawBelow(from, 8),
    batchLengthMax: draw(from) < 0.2 ? 50 : 1 + drawBelow(from, 3),
    fastPath: draw(from) < 0.85,
    bundles: draw(from) < 0.85,
    lazy: draw(from) < 0.8,
    rules: [1],
    profile: scaled(base, scale, rotateMs),
  };
  // One in ten shows what the table does when nothing is wrong.
  return { options, calm: draw(from) < 0.1 };
}

function scaled(base: Profile, scale: number, rotateMs: number): Profile {
  const times = (ms: number): number => Math.ceil(ms * scale);
  return {
    ...base,
    batchMs: times(base.batchMs),
    proposeMs: times(base.proposeMs),
    prepareMs: times(base.prepareMs),
    commitMs: times(base.commitMs),
    checkpointMs: times(base.checkpointMs),
    viewChangeMs: times(base.viewChangeMs),
    fastPathMs: times(base.fastPathMs),
    statusMs: times(base.statusMs),
    roundTripMs: times(base.roundTripMs),
    timeoutMaxMs: times(base.timeoutMaxMs),
    rotateMs,
  };
}
