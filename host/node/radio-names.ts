/**
 * What a kiosk's radios are called in the air, and whom of the table it hears there.
 *
 * All boards have one name, which anybody who connects can read; the advert says, to those who have the table's key, which kiosk
 * this is and in which part of the mesh.
 */
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { assert } from "../../protocol/core/assert.ts";
import { millis } from "../../protocol/core/units.ts";
import { nameOfKey } from "../mesh/judge.ts";
import type { PeerName } from "../mesh/peer-name.ts";
import { type AdvertTag, memberTag, readAdvertTag } from "../secure/advert-tag.ts";
import { ROTATION_MS } from "../secure/limits.ts";
import type { NoisePorts } from "../secure/ports.ts";
import { nextDeadline, type Rotation, type RotationEffect, rotation, step } from "../secure/rotation.ts";
import { IDENTITIES_MAX } from "./limits.ts";

/** Of every board: at most twelve bytes. */
export const BOARDS_NAME = "hardway";

export interface TableNames {
  readonly me: number;
  /** By kiosk. Who comes later is added; nobody's place changes. */
  readonly identities: Uint8Array[];
  readonly tags: Uint8Array[];
  /** The table's key for adverts. */
  readonly key: Uint8Array;
  /** 32 bytes that this process drew and nobody else has. */
  readonly own: Uint8Array;
  readonly ports: NoisePorts;
}

export function tableNames({
  identities,
  ...of
}: Omit<TableNames, "tags" | "identities"> & { readonly identities: readonly Uint8Array[] }): TableNames {
  assert(identities[of.me] !== undefined, "a kiosk is one of its table's");
  const tags = identities.map((identity) => memberTag(of.key, identity, of.ports));
  return { ...of, identities: [...identities], tags };
}

/** Somebody who may be met from now on. Those who left are still known by name, and are spoken to by nobody. */
export function meet(of: TableNames, identity: Uint8Array): void {
  if (of.identities.length >= IDENTITIES_MAX || of.identities.some((each) => bytesEqual(each, identity))) return;
  of.identities.push(identity.slice());
  of.tags.push(memberTag(of.key, identity, of.ports));
}

/** A process that begins was heard by nobody: it speaks at once, and falls silent with all others at their next change. */
export function radioName(of: TableNames, radio: number, wallMs: number): Rotation {
  const { key, own } = of;
  const name = rotation({ key, identity: of.identities[of.me], own, radio }, millis(wallMs), numberOf(of.tags[of.me]));
  name.index = Math.floor(wallMs / ROTATION_MS);
  return name;
}

/** What the radio is to advertise now: undefined for nothing. No answer where it goes on as it does. */
export function rename(
  of: TableNames,
  name: Rotation,
  wallMs: number,
  { on = true, part = name.part } = {},
): { readonly tag: AdvertTag | undefined } | undefined {
  const effects: RotationEffect[] = [];
  const at = millis(wallMs);
  if (part !== name.part) step(name, { type: "part", at, part }, effects, of.ports);
  step(name, on === name.isOn ? { type: "tick", at } : { type: "advertise", at, on }, effects, of.ports);
  const last = effects[effects.length - 1];
  return last === undefined ? undefined : { tag: last.type === "advertise" ? last.tag : undefined };
}

/** When it wants to be renamed. */
export const renamesAt = (name: Rotation): number => nextDeadline(name) ?? Number.POSITIVE_INFINITY;

/** Who of the table advertises so, and which part of the mesh it is in: by their places, the part's where its name is known. */
export function calledBy(
  of: TableNames,
  advert: AdvertTag,
): { readonly kiosk: number; readonly part: number | undefined } | undefined {
  const called = readAdvertTag(advert, of.key, of.tags, of.ports);
  if (called === undefined) return undefined;
  const part = of.tags.findIndex((tag) => numberOf(tag) === called.part);
  return { kiosk: called.member, part: part < 0 ? undefined : part };
}

/** What adverts call a part of the mesh: the tag of its first kiosk. */
export function partNumber({ tags, identities }: TableNames, part: PeerName): number | undefined {
  const at = identities.findIndex((identity) => nameOfKey(identity) === part);
  return at < 0 ? undefined : numberOf(tags[at]);
}

/** Whose key must be at the other end. Of two whose short names are the same, either may be. */
export function expectedOf({ tags, identities, me }: TableNames, kiosk: number): Uint8Array | undefined {
  const isAlone = tags.every((tag, each) => each === kiosk || each === me || !bytesEqual(tag, tags[kiosk]));
  return isAlone ? identities[kiosk] : undefined;
}

const numberOf = ([high, low]: Uint8Array): number => high * 0x100 + low;
