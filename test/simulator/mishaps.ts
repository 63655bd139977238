/** What goes wrong at a moment: when, to whom, and for how long. */

import { faultsMax } from "../../host/engine/consensus/quorum.ts";
import { type Chance, draw, drawBelow } from "../../protocol/core/chance.ts";
import type { Attack, BadDisk } from "./kinds.ts";

export type PartitionKind = "symmetricPartition" | "oneWayPartition" | "bridgePartition" | "flappingPartition";

export type Mishap = { readonly at: number } & (
  | {
      readonly kind: "crash" | "crashWithinStep";
      readonly kiosk: number;
      readonly downMs: number;
      readonly effects: number;
    }
  | { readonly kind: "powerCut"; readonly downMs: readonly number[] }
  | { readonly kind: "pause"; readonly kiosk: number; readonly ms: number }
  | { readonly kind: "clogging"; readonly kiosk: number; readonly other: number; readonly ms: number }
  | { readonly kind: PartitionKind; readonly mask: number; readonly bridge: number; readonly ms: number }
  /** `offsetMs` from the true time, from then on. */
  | {
      readonly kind: "clockSkew" | "clockJump";
      readonly kiosk: number;
      readonly offsetMs: number;
      readonly rate: number;
    }
  | { readonly kind: "bootIn1970"; readonly kiosk: number }
  | { readonly kind: "sleep"; readonly kiosk: number; readonly ms: number }
  | { readonly kind: "join"; readonly kiosk: number }
  | { readonly kind: "leave"; readonly kiosk: number }
  | { readonly kind: "newRules"; readonly version: number }
  | { readonly kind: BadDisk; readonly kiosk: number; readonly downMs: number }
);

export interface Scene {
  readonly n: number;
  readonly founders: readonly number[];
  readonly joiners: readonly number[];
  readonly faulty: readonly { readonly kiosk: number; readonly kind: Attack | BadDisk }[];
  readonly durationMs: number;
  readonly calm: boolean;
}

export function mishaps(from: Chance, scene: Scene): Mishap[] {
  const { founders, durationMs } = scene;
  const some = scene.calm ? 0 : 1;
  const all: Mishap[] = [];
  const when = (): number => durationMs * draw(from);
  const who = (): number => founders[drawBelow(from, founders.length)];
  const long = (share: number): number => durationMs * share * draw(from) ** 2;
  const often = (chance: number, most: number): number => {
    const happens = draw(from) < chance;
    const times = 1 + drawBelow(from, most);
    return happens ? times * some : 0;
  };

  for (let i = often(0.3, 4); i > 0; i--) {
    all.push({ kind: "crash", at: when(), kiosk: who(), downMs: long(0.5), effects: 0 });
  }
  for (let i = often(0.3, 6); i > 0; i--) {
    const effects = drawBelow(from, 6);
    all.push({ kind: "crashWithinStep", at: when(), kiosk: who(), downMs: long(0.3), effects });
  }
  for (let i = often(0.15, 2); i > 0; i--) {
    all.push({ kind: "powerCut", at: when(), downMs: founders.map(() => long(0.2)) });
  }
  for (let i = often(0.2, 3); i > 0; i--) all.push({ kind: "pause", at: when(), kiosk: who(), ms: long(0.4) });
  for (let i = often(0.2, 4); i > 0; i--) {
    all.push({ kind: "clogging", at: when(), kiosk: who(), other: who(), ms: long(0.4) });
  }
  for (const kind of ["symmetricPartition", "oneWayPartition", "bridgePartition", "flappingPartition"] as const) {
    for (let i = often(0.12, 2); i > 0; i--) {
      const mask = 1 + drawBelow(from, 2 ** founders.length - 2);
      all.push({ kind, at: when(), mask, bridge: who(), ms: long(0.6) });
    }
  }
  clocks(from, scene, all, some);
  for (let i = often(0.1, 2); i > 0; i--) all.push({ kind: "sleep", at: when(), kiosk: who(), ms: long(0.8) });
  members(from, scene, all, some);
  for (const { kiosk, kind } of scene.faulty) {
    if (kind !== "lyingDisk" && kind !== "rolledBackDisk" && kind !== "damagedDisk") continue;
    for (let i = 1 + drawBelow(from, 2); i > 0; i--) all.push({ kind, at: when(), kiosk, downMs: long(0.3) });
  }
  return all.sort((left, right) => left.at - right.at);
}

/** A little wrong are all of them; far from the truth no more than may be faulty, or nobody could say what time it is. */
function clocks(from: Chance, scene: Scene, all: Mishap[], some: number): void {
  const { founders, durationMs } = scene;
  const skewed = draw(from) < 0.4;
  for (const kiosk of founders) {
    const offsetMs = (draw(from) - 0.5) * 8_000;
    const rate = 1 + (draw(from) - 0.5) * 0.02;
    if (skewed && some > 0) all.push({ kind: "clockSkew", at: 0, kiosk, offsetMs, rate });
  }
  let left = faultsMax(scene.n);
  for (const kiosk of founders) {
    const at = draw(from) * durationMs;
    const fate = draw(from);
    const offsetMs = (draw(from) - 0.5) * 2 * 3_600_000;
    if (left === 0 || some === 0 || fate > 0.12) continue;
    left -= 1;
    if (fate < 0.05) all.push({ kind: "bootIn1970", at: 0, kiosk });
    else all.push({ kind: "clockJump", at, kiosk, offsetMs, rate: 1 });
  }
}

function members(from: Chance, scene: Scene, all: Mishap[], some: number): void {
  const { founders, durationMs } = scene;
  for (const kiosk of scene.joiners) all.push({ kind: "join", at: durationMs * 0.8 * draw(from), kiosk });
  const leaves = draw(from) < 0.08;
  const at = durationMs * draw(from);
  const kiosk = founders[drawBelow(from, founders.length)];
  // Who is left must still bear those who are faulty.
  const bears = faultsMax(scene.n - 1) >= scene.faulty.filter((each) => each.kiosk !== kiosk).length;
  if (leaves && bears && some > 0) all.push({ kind: "leave", at, kiosk });
  if (draw(from) < 0.06 && some > 0) all.push({ kind: "newRules", at: durationMs * draw(from), version: 2 });
}
