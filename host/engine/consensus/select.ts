/**
 * §7.4 what a new view starts from, by the view changes that it names. A pure function of them: everyone computes the same.
 *
 * A slot takes the digest with at least q − f claims from views above the highest certificate's (claims of different views
 * add up per digest): had everyone prepared it, a quorum of view changes holds that many honest claims. Else the
 * certificate's; else nothing.
 */
import type { ViewChangeBody } from "../../../protocol/agreement/certificate.ts";
import { sequence } from "../../../protocol/core/units.ts";
import type { ObjectName, Place } from "../../../protocol/message/fields.ts";
import type { Ports } from "../ports.ts";
import { nextHistory, nullName, sameName } from "./log.ts";

export interface Selection {
  /** Committed. */
  readonly start: Place;
  /** From the sequence after it; gaps are null. */
  readonly names: readonly ObjectName[];
}

export function select(bodies: readonly ViewChangeBody[], quorum: number, faults: number): Selection {
  let start = bodies[0].prefix;
  for (const { prefix } of bodies) if (prefix.sequence > start.sequence) start = prefix;
  let end = start.sequence as number;
  for (const body of bodies) {
    for (const { sequence } of body.certificates) end = Math.max(end, sequence);
    for (const { sequence } of body.claims) end = Math.max(end, sequence);
  }
  const names: ObjectName[] = [];
  let last = 0;
  for (let at = start.sequence + 1; at <= end; at++) {
    const chosen = choose(bodies, at, quorum - faults);
    names.push(chosen ?? nullName());
    if (chosen !== undefined) last = names.length;
  }
  // Above the highest that may be committed nothing need be proposed again.
  return { start, names: names.slice(0, last) };
}

function choose(bodies: readonly ViewChangeBody[], at: number, claimsNeeded: number): ObjectName | undefined {
  let certified: ObjectName | undefined;
  let certifiedView = -1;
  for (const body of bodies) {
    for (const { view, sequence, base, names } of body.certificates) {
      if (view <= certifiedView || at > sequence || at <= base.sequence) continue;
      certified = names[at - base.sequence - 1];
      certifiedView = view;
    }
  }
  const counted: { readonly name: ObjectName; count: number }[] = [];
  for (const body of bodies) {
    const claim = body.claims.find((each) => each.sequence === at);
    if (claim === undefined || claim.view <= certifiedView) continue;
    const same = counted.find((each) => sameName(each.name, claim.name));
    if (same === undefined) counted.push({ name: claim.name, count: 1 });
    else same.count += 1;
  }
  return counted.find((each) => each.count >= claimsNeeded)?.name ?? certified;
}

/** The last slot proposed again, and the history there. */
export function resultOf(ports: Ports, selection: Selection): Place {
  let history = selection.start.digest;
  let at: number = selection.start.sequence;
  for (const name of selection.names) {
    at += 1;
    history = nextHistory(ports, history, at, name);
  }
  return { sequence: sequence(at), digest: history };
}
