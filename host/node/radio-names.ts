/**
 * What a kiosk's radios are called in the air, and whom of the table it hears there.
 *
 * All boards have one name, which anybody who connects can read; the advert says, to those who have the table's key, which kiosk
 * this is and for which other this one of its radios waits. That other is said in place of a part of the mesh: where every pair
 * has a link of its own there is but one part.
 */
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { assert } from "../../protocol/core/assert.ts";
import { millis } from "../../protocol/core/units.ts";
import { type AdvertTag, memberTag, readAdvertTag } from "../secure/advert-tag.ts";
import { ROTATION_MS } from "../secure/limits.ts";
import type { NoisePorts } from "../secure/ports.ts";
import { nextDeadline, type Rotation, type RotationEffect, rotation, step } from "../secure/rotation.ts";

/** Of every board: at most twelve bytes. */
export const BOARDS_NAME = "hardway";

export interface TableNames {
  readonly me: number;
  /** By kiosk. */
  readonly identities: readonly Uint8Array[];
  readonly tags: readonly Uint8Array[];
  /** The table's key for adverts. */
  readonly key: Uint8Array;
  /** 32 bytes that this process drew and nobody else has. */
  readonly own: Uint8Array;
  readonly ports: NoisePorts;
}

export function tableNames(of: Omit<TableNames, "tags">): TableNames {
  assert(of.identities[of.me] !== undefined, "a kiosk is one of its table's");
  return { ...of, tags: of.identities.map((identity) => memberTag(of.key, identity, of.ports)) };
}

/** A process that begins was heard by nobody: it speaks at once, and falls silent with all others at their next change. */
export function radioName(of: TableNames, radio: number, awaits: number, wallMs: number): Rotation {
  const { key, own } = of;
  const name = rotation({ key, identity: of.identities[of.me], own, radio }, millis(wallMs), awaits);
  name.index = Math.floor(wallMs / ROTATION_MS);
  return name;
}

/** What the radio is to advertise now: undefined for nothing. No answer where it goes on as it does. */
export function rename(
  of: TableNames,
  name: Rotation,
  wallMs: number,
  on = true,
): { readonly tag: AdvertTag | undefined } | undefined {
  const effects: RotationEffect[] = [];
  const at = millis(wallMs);
  step(name, on === name.isOn ? { type: "tick", at } : { type: "advertise", at, on }, effects, of.ports);
  const last = effects[effects.length - 1];
  return last === undefined ? undefined : { tag: last.type === "advertise" ? last.tag : undefined };
}

/** When it wants to be renamed. */
export const renamesAt = (name: Rotation): number => nextDeadline(name) ?? Number.POSITIVE_INFINITY;

/** Of those who are looked for, the one whose radio waits here for this kiosk. */
export function callerOf(of: TableNames, advert: AdvertTag, wanted: readonly number[]): number | undefined {
  const tags = wanted.map((kiosk) => of.tags[kiosk]);
  const called = readAdvertTag(advert, of.key, tags, of.ports);
  return called === undefined || called.part !== of.me ? undefined : wanted[called.member];
}

/** Whose key must be at the other end. Of two whose short names are the same, either may be. */
export function expectedOf({ tags, identities, me }: TableNames, kiosk: number): Uint8Array | undefined {
  const isAlone = tags.every((tag, each) => each === kiosk || each === me || !bytesEqual(tag, tags[kiosk]));
  return isAlone ? identities[kiosk] : undefined;
}
