/** Records for the machine of identities, of keys that sign by a stand-in; and the machine, with all that it did. */
import { createHash } from "node:crypto";
import type { IdentityEffect, IdentityEvent, Judgement } from "../../../../host/engine/identity/events.ts";
import { step } from "../../../../host/engine/identity/identities.ts";
import { PROFILES } from "../../../../host/engine/identity/profiles.ts";
import {
  type IdentityClaim,
  type IdentityScope,
  saltOf,
  writeIdentity,
} from "../../../../host/engine/identity/record.ts";
import { type Identities, type IdentitySettings, identities } from "../../../../host/engine/identity/state.ts";
import { millis } from "../../../../protocol/core/units.ts";

export const WALL_MS = 1_790_000_000_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export const SCOPE: IdentityScope = { network: new Uint8Array(16).fill(7), beacon: new Uint8Array(32).fill(8) };

export const keyOf = (number: number): Uint8Array => new Uint8Array(createHash("sha256").update(`${number}`).digest());

export const ports = {
  digest: (domain: string, bytes: Uint8Array): Uint8Array =>
    new Uint8Array(createHash("sha256").update(domain).update(bytes).digest()),
  sign: (signed: Uint8Array): Uint8Array => new Uint8Array(createHash("sha512").update(signed).digest()),
};

export const claimOf = (number: number, changes: Partial<IdentityClaim> = {}): IdentityClaim => ({
  ...{ profile: "bleLight", key: keyOf(number), salt: saltOf(number), difficultyBits: 16, timestamp: WALL_MS },
  ...changes,
});

export const recordOf = (number: number, changes: Partial<IdentityClaim> = {}): Uint8Array =>
  writeIdentity(claimOf(number, changes), SCOPE, ports);

export const SETTINGS: IdentitySettings = {
  profiles: [{ name: "bleLight" }],
  networkSize: 10,
  beacon: { fromMs: 0, value: SCOPE.beacon },
  verifierCount: 1,
};

export interface Rig {
  readonly of: Identities;
  at: number;
  wallMs: number;
  /** Of the last step. */
  effects: IdentityEffect[];
}

export const rig = (settings: Partial<IdentitySettings> = {}): Rig => ({
  of: identities({ ...SETTINGS, ...settings }, millis(0)),
  at: 0,
  wallMs: WALL_MS,
  effects: [],
});

type Given<T> = T extends unknown ? Omit<T, "at" | "wallMs"> : never;

export function feed(rig: Rig, event: Given<IdentityEvent>): IdentityEffect[] {
  rig.effects = [];
  step(rig.of, { wallMs: rig.wallMs, ...event, at: millis(rig.at) } as IdentityEvent, rig.effects, ports);
  return rig.effects;
}

export function pass(rig: Rig, ms: number): IdentityEffect[] {
  rig.at += ms;
  rig.wallMs += ms;
  return feed(rig, { type: "tick" });
}

export const show = (rig: Rig, record: Uint8Array, source = "near"): IdentityEffect[] =>
  feed(rig, { type: "arrived", source, record });

export const proved = (work: number, number = 1): Judgement => ({ type: "proved", work, address: keyOf(-number) });

/** The answer for what was asked last. */
export function judge(rig: Rig, judgement: Judgement): IdentityEffect[] {
  const ticket = rig.of.underWay.at(-1)?.ticket ?? 0;
  return feed(rig, { type: "judged", ticket, judgement });
}

/** Shown and verified at once. */
export function showProved(rig: Rig, record: Uint8Array, work: number, source?: string): IdentityEffect[] {
  const effects = show(rig, record, source);
  return effects.some(({ type }) => type === "verify") ? judge(rig, proved(work)) : effects;
}

/** What came of it, in a word. */
export const words = (effects: readonly IdentityEffect[]): string[] =>
  effects.map((effect) => (effect.type === "refused" ? effect.why : effect.type));

/** What the light profile asks at the least. */
export const BASE = 2 ** PROFILES.bleLight.baseBits;
