/** One seed decides everything: how many sit there with which boards, how bad the air is, what fails when, and who lies. */
import type { Board } from "../../../hardware/boards/board.ts";
import { boards } from "../../../hardware/boards/boards.ts";
import type { BurstRules } from "../../../hardware/virtual/air/bursts.ts";
import type { Options } from "../../../host/engine/consensus/options.ts";
import { faultsMax } from "../../../host/engine/consensus/quorum.ts";
import { BLE } from "../../../host/engine/timing/profiles.ts";
import type { Lie } from "../../../host/liars/lies.ts";
import { type Chance, draw, drawBelow } from "../../../protocol/core/chance.ts";
import { TABLE_ATTACKS, type TableAttack, type TableFault } from "./kinds.ts";
import { streamOf } from "./table.ts";

export interface TableWish {
  readonly n?: number | undefined;
  /** Kinds of faults and attacks that are left out. */
  readonly without?: readonly string[] | undefined;
  readonly isReal?: boolean | undefined;
  /** Of the part in which things fail. */
  readonly playMs?: number | undefined;
  /** These, and nobody whom the seed draws. */
  readonly liars?: readonly Liar[] | undefined;
  /** These, and nothing that the seed draws. */
  readonly mishaps?: readonly TableMishap[] | undefined;
}

export interface TableMishap {
  readonly kind: TableFault;
  readonly at: number;
  readonly kiosk: number;
  readonly lastsMs: number;
  /** For whatever else it needs: which board, how far. */
  readonly drawn: number;
}

export interface Liar {
  readonly kiosk: number;
  readonly kind: TableAttack | Lie;
}

export interface TablePlan {
  readonly seed: number;
  readonly n: number;
  readonly boards: readonly (readonly Board[])[];
  readonly consensus: Options;
  readonly isReal: boolean;
  readonly syncMs: readonly number[];
  readonly bursts: BurstRules | undefined;
  readonly errorRate: number;
  /** Between two looks of a player whether there is anything to do: a large table has one pace with a small one. */
  readonly askEveryMs: number;
  /** Then everything that failed is mended. */
  readonly playMs: number;
  readonly liars: readonly Liar[];
  readonly mishaps: readonly TableMishap[];
}

const REAL_EVERY = 50;
const PLAY_MS = 600_000;
/** What fails first is that which nobody has yet seen work. */
const FIRST_MS = 20_000;

/** Of eighty tables so many have so many kiosks: one of ten costs as much as fifteen of four. */
const SIZES: readonly (readonly [kiosks: number, tables: number])[] = [
  [4, 56],
  [2, 4],
  [3, 8],
  [5, 6],
  [6, 3],
  [7, 2],
  [10, 1],
];

const HOST_FAULTS: readonly TableFault[] = [
  ...["kill", "kill", "killAtDisk", "killAtDisk", "slowDisk", "failingDisk", "clockJump", "bootIn1970"],
  ...["oldImage", "powerCut", "cable", "brownOut", "brownOut", "wireNoise", "partition", "partition"],
  "newSoftware",
] as TableFault[];

export function tablePlan(seed: number, wish: TableWish = {}): TablePlan {
  const from = streamOf(seed, STREAMS.table);
  const n = wish.n ?? sizeOf(from);
  const isWithout = (kind: string): boolean => wish.without?.includes(kind) === true;
  const playMs = wish.playMs ?? PLAY_MS;
  const isCalm = draw(from) < 0.1;
  const isBad = draw(from) < 0.5 && !isCalm;
  const drawn = isCalm ? [] : liarsOf(streamOf(seed, STREAMS.liars), n);
  const liars = wish.liars ?? drawn.filter(({ kind }) => !isWithout(kind));
  const befalling = isCalm ? [] : mishapsOf(streamOf(seed, STREAMS.mishaps), n, playMs, liars);
  const befalls = isCalm ? [] : withNewcomer(befalling, streamOf(seed, STREAMS.joining), n, playMs, liars);
  return {
    ...{ seed, n, isReal: wish.isReal ?? seed % REAL_EVERY === REAL_EVERY - 1 },
    boards: boardsOf(from, n),
    consensus: {
      ...{ checkpointEvery: 10 + drawBelow(from, 41), window: 8, batchLengthMax: 50 },
      ...{ fastPath: draw(from) < 0.85, bundles: true, lazy: draw(from) < 0.85, rules: [1], profile: BLE },
    },
    syncMs: Array.from({ length: n }, () => 1 + 25 * draw(from) ** 2),
    bursts: isBad && !isWithout("burstyAir") ? burstsOf(from) : undefined,
    errorRate: draw(from) < 0.3 && !isCalm && !isWithout("wireNoise") ? 1e-5 * (1 + 9 * draw(from)) : 0,
    askEveryMs: paceOf(from) * Math.max(1, n / 4),
    ...{ playMs, liars, mishaps: wish.mishaps ?? befalls.filter(({ kind }) => !isWithout(kind)) },
  };
}

/** Streams that do not disturb each other: what is left out of one does not move another. */
export const STREAMS = { table: 1, liars: 2, mishaps: 3, happen: 4, attack: 5, morning: 6, joining: 7 };

function sizeOf(from: Chance): number {
  let left = drawBelow(
    from,
    SIZES.reduce((sum, [, tables]) => sum + tables, 0),
  );
  for (const [kiosks, tables] of SIZES) {
    left -= tables;
    if (left < 0) return kiosks;
  }
  return 4;
}

/** Some twenty-five throws in the minutes of a seed; at one table of sixteen people hurry. */
function paceOf(from: Chance): number {
  const drawn = draw(from);
  return drawn < 1 / 16 ? 2_500 : 12_000 + 6_000 * drawn;
}

/** Of one kind at a kiosk, two or three: that is what people buy. */
function boardsOf(from: Chance, n: number): (readonly Board[])[] {
  const kinds = [boards.esp32, boards.esp32, boards.esp32c3, boards.nrf52];
  return Array.from({ length: n }, () => {
    const board = kinds[drawBelow(from, kinds.length)];
    return n < 6 && draw(from) < 0.8 ? [board, board] : [board, board, board];
  });
}

/** Up to a tenth of all packets are lost, in bursts shorter than what ends a link mostly. */
function burstsOf(from: Chance): BurstRules {
  const badMs = 30 + 400 * draw(from);
  const share = 0.1 * draw(from);
  return { goodMs: (badMs * (1 - share)) / Math.max(share, 0.005), badMs, lossGood: 0.01 * draw(from), lossBad: 0.9 };
}

function liarsOf(from: Chance, n: number): Liar[] {
  const liars: Liar[] = [];
  for (let place = 0; place < faultsMax(n); place++) {
    const isOne = draw(from) < 0.4;
    const kiosk = drawBelow(from, n);
    const kind = TABLE_ATTACKS[drawBelow(from, TABLE_ATTACKS.length)];
    if (isOne && !liars.some((each) => each.kiosk === kiosk)) liars.push({ kiosk, kind });
  }
  return liars;
}

function mishapsOf(from: Chance, n: number, playMs: number, liars: readonly Liar[]): TableMishap[] {
  const count = 3 + drawBelow(from, 6);
  let images = 0;
  return Array.from({ length: count }, (): TableMishap => {
    const kind = HOST_FAULTS[drawBelow(from, HOST_FAULTS.length)];
    return {
      ...{ kind, at: FIRST_MS + draw(from) * (0.85 * playMs - FIRST_MS), kiosk: drawBelow(from, n) },
      ...{ lastsMs: 2_000 + 38_000 * draw(from) ** 2, drawn: draw(from) },
    };
  })
    .filter(({ kind, kiosk }) => {
      if (kind !== "oldImage") return true;
      images += 1;
      // Whose card is old counts among those that the table bears.
      return images === 1 && liars.length < faultsMax(n) && !liars.some((liar) => liar.kiosk === kiosk);
    })
    .sort((left, right) => left.at - right.at);
}

/** Clocks that somebody set, or that were never set: nobody sets them right, and who asks for a place has to be of the same day. */
const OFF_CLOCK: readonly TableFault[] = ["clockJump", "bootIn1970"];

/** The table is founded by one less, who bear no more than they can; the last comes later. */
function withNewcomer(
  mishaps: readonly TableMishap[],
  from: Chance,
  n: number,
  playMs: number,
  liars: readonly Liar[],
): readonly TableMishap[] {
  const isOne = draw(from) < 0.25;
  const kiosk = drawBelow(from, n);
  const at = FIRST_MS + 0.5 * playMs * draw(from);
  const images = mishaps.filter(({ kind }) => kind === "oldImage").length;
  const isLiar = liars.some((liar) => liar.kiosk === kiosk);
  if (!isOne || n < 3 || isLiar || liars.length + images > faultsMax(n - 1)) return mishaps;
  const others = mishaps.filter((each) => !OFF_CLOCK.includes(each.kind));
  const joining: TableMishap = { kind: "joining", at, kiosk, lastsMs: 0, drawn: draw(from) };
  return [...others, joining].sort((left, right) => left.at - right.at);
}
