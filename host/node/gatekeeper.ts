/**
 * Who may have a link to this kiosk, and who has been wrong too often.
 *
 * Whoever comes unasked is a stranger until a session has proved who it is, and is admitted as one: few at a time, and few a
 * minute. Whom this kiosk calls, and whose radio brought a member before, may come and go as often as the air makes it. A
 * member pays for what is wrong as everybody does.
 */
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import type { Millis } from "../../protocol/core/units.ts";
import { type Admission, admission, type Refusal, step, type Verdict } from "../mesh/admission.ts";
import type { RadioAddress } from "../secure/binding.ts";
import type { LinkEnds } from "./bare-transport.ts";
import { RADIOS_KNOWN_MAX } from "./limits.ts";

export interface Gatekeeper {
  readonly admission: Admission;
  /** Radios that brought a member, the latest last. */
  readonly known: RadioAddress[];
  nextVisit: number;
}

/** One link from its beginning to its end. */
export interface Visit {
  readonly name: string;
  /** Who pays: the address, and the key once it is proved. */
  peer: string;
  isStranger: boolean;
  readonly address: RadioAddress;
}

export const gatekeeper = (at: Millis): Gatekeeper => ({ admission: admission(at), known: [], nextVisit: 1 });

export type Entry = { readonly ok: true; readonly visit: Visit } | { readonly ok: false; readonly why: Refusal };

export function enter(of: Gatekeeper, { role, other }: LinkEnds, at: Millis): Entry {
  const isStranger = role === "server" && !of.known.some((each) => isSame(each, other));
  const visit: Visit = { name: `${of.nextVisit}`, peer: nameOf(other), isStranger, address: other };
  of.nextVisit += 1;
  if (isBanned(of, visit.peer, at)) return { ok: false, why: "banned" };
  if (!isStranger) return { ok: true, visit };
  const { name: link, peer } = visit;
  const verdict = step(of.admission, { type: "connecting", at, link, peer, isStranger });
  return verdict.admitted ? { ok: true, visit } : { ok: false, why: verdict.why };
}

/** Undefined where the packet may be looked into. Who is no stranger is paced by what it has to say. */
export function bring(
  of: Gatekeeper,
  { name: link, isStranger }: Visit,
  size: number,
  at: Millis,
): Refusal | undefined {
  return isStranger ? refusal(step(of.admission, { type: "received", at, link, size })) : undefined;
}

/** A session has proved that this member is there. */
export function prove(of: Gatekeeper, visit: Visit, key: Uint8Array, at: Millis): Refusal | undefined {
  leave(of, visit, at);
  visit.peer = hex(key);
  visit.isStranger = false;
  const place = of.known.findIndex((each) => isSame(each, visit.address));
  if (place >= 0) of.known.splice(place, 1);
  else if (of.known.length === RADIOS_KNOWN_MAX) of.known.shift();
  of.known.push(visit.address);
  return isBanned(of, visit.peer, at) ? "banned" : undefined;
}

/** It was wrong: a reason where its link must go. */
export function charge(of: Gatekeeper, { name: link, peer, isStranger }: Visit, at: Millis): Refusal | undefined {
  if (!of.admission.links.has(link)) {
    const why = refusal(step(of.admission, { type: "connecting", at, link, peer, isStranger }));
    if (why !== undefined) return why;
  }
  return refusal(step(of.admission, { type: "violation", at, link }));
}

export function leave(of: Gatekeeper, { name: link }: Visit, at: Millis): void {
  step(of.admission, { type: "closed", at, link });
}

const isBanned = ({ admission: { peers } }: Gatekeeper, peer: string, at: Millis): boolean =>
  at < (peers.get(peer)?.bannedUntil ?? Number.NEGATIVE_INFINITY);

const refusal = (verdict: Verdict): Refusal | undefined => (verdict.admitted ? undefined : verdict.why);

const isSame = (left: RadioAddress, right: RadioAddress): boolean =>
  left.kind === right.kind && bytesEqual(left.address, right.address);

const nameOf = ({ kind, address }: RadioAddress): string => `${kind} ${hex(address)}`;

const hex = (of: Uint8Array): string => Buffer.from(of).toString("hex");
