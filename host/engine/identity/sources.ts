/**
 * Where identities come from, and what each place may still cost. Over a radio nobody has an address that means something, so
 * a source is whatever the driver can tell apart; everything that it cannot, or that comes when the table is full, is one
 * source together.
 */
import { assert } from "../../../protocol/core/assert.ts";
import type { Millis } from "../../../protocol/core/units.ts";
import { type Allowance, allowance, storedAt } from "./allowance.ts";
import {
  SOURCE_MEBIBYTE_PASSES_BURST_MAX,
  SOURCE_MEBIBYTE_PASSES_PER_SECOND,
  SOURCE_STEPS_MAX,
  SOURCE_WINDOW_MS,
  SOURCES_MAX,
} from "./limits.ts";
import type { Identity } from "./record.ts";

export interface Source {
  readonly name: string;
  /** Accepted within the window, the latest last. */
  readonly identities: { readonly key: string; readonly at: Millis }[];
  readonly waiting: Waiting[];
  readonly allowance: Allowance;
}

export interface Waiting {
  /** As it was named, and under whose account. */
  readonly source: string;
  readonly account: string;
  /** Of the whole record. */
  readonly digest: string;
  readonly identity: Identity;
  readonly beacon: Uint8Array;
  readonly since: Millis;
}

/** Those for whom there is no account. */
export const EVERYONE_ELSE = "";

export function accountOf(sources: Source[], name: string, at: Millis): Source {
  const known = sources.find((each) => each.name === name);
  if (known !== undefined) return known;
  if (name !== EVERYONE_ELSE && sources.length >= SOURCES_MAX - 1) {
    forgetIdle(sources, at);
    if (sources.length >= SOURCES_MAX - 1) return accountOf(sources, EVERYONE_ELSE, at);
  }
  const source: Source = {
    ...{ name, identities: [], waiting: [] },
    allowance: allowance(SOURCE_MEBIBYTE_PASSES_PER_SECOND, SOURCE_MEBIBYTE_PASSES_BURST_MAX, at),
  };
  sources.push(source);
  assert(sources.length <= SOURCES_MAX, "sources beyond the bound share an account");
  return source;
}

/** Identities of others than this key, within the window. */
export function identitiesBefore(source: Source, key: string, at: Millis): number {
  dropOld(source, at);
  return source.identities.filter((each) => each.key !== key).length;
}

export function countIdentity(source: Source, key: string, at: Millis): void {
  dropOld(source, at);
  const index = source.identities.findIndex((each) => each.key === key);
  // A renewal is no second identity, but it is a late one.
  if (index >= 0) source.identities.splice(index, 1);
  source.identities.push({ key, at });
  // More of them cost no more, so the oldest need not be remembered.
  if (source.identities.length > SOURCE_STEPS_MAX + 1) source.identities.shift();
}

function dropOld({ identities }: Source, at: Millis): void {
  while (identities.length > 0 && at >= identities[0].at + SOURCE_WINDOW_MS) identities.shift();
}

/** To forget these changes nothing: a new account would look the same. */
function forgetIdle(sources: Source[], at: Millis): void {
  for (let index = sources.length - 1; index >= 0; index--) {
    const source = sources[index];
    dropOld(source, at);
    const isFull = storedAt(source.allowance, at) === source.allowance.storedMax;
    if (isFull && source.waiting.length === 0 && source.identities.length === 0) sources.splice(index, 1);
  }
}
