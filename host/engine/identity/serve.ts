/** Who of those that wait is verified next, and who has waited too long. */
import { assert } from "../../../protocol/core/assert.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";
import { pay, readyAt, storedAt } from "./allowance.ts";
import type { IdentityEffect, IdentityRefusal } from "./events.ts";
import { VERDICT_TIMEOUT_MS, WAIT_MAX_MS } from "./limits.ts";
import { PROFILES, verificationCost } from "./profiles.ts";
import type { Source, Waiting } from "./sources.ts";
import type { Identities } from "./state.ts";

export function serve(of: Identities, effects: IdentityEffect[]): void {
  while (of.underWay.length < of.settings.verifierCount) {
    const next = nextOf(of);
    // To pass over a dear one would let cheap ones starve it.
    if (next === undefined || storedAt(of.allowance, of.now) < costOf(next)) return;
    pay(next.allowance, costOf(next), of.now);
    pay(of.allowance, costOf(next), of.now);
    const one = next.waiting.shift();
    assert(one !== undefined, "something waits");
    const ticket = of.nextTicket;
    of.nextTicket += 1;
    of.underWay.push({ ...one, ticket, deadline: millis(of.now + VERDICT_TIMEOUT_MS) });
    effects.push({ type: "verify", ticket, identity: one.identity, beacon: one.beacon });
  }
}

export function giveUp(of: Identities, effects: IdentityEffect[]): void {
  const refuse = ({ source }: Waiting, why: IdentityRefusal): void => {
    effects.push({ type: "refused", source, why, isFault: false, requiredWork: undefined });
  };
  while (of.underWay.length > 0 && of.now >= of.underWay[0].deadline) refuse(takeFirst(of.underWay), "no verdict");
  for (const { waiting } of of.sources) {
    while (waiting.length > 0 && of.now >= waiting[0].since + WAIT_MAX_MS) {
      refuse(takeFirst(waiting), "waited too long");
    }
  }
}

/** When a tick is wanted; never, where nothing waits. */
export function deadlineOf(of: Identities): Millis {
  let least = of.underWay.length > 0 ? of.underWay[0].deadline : Number.POSITIVE_INFINITY;
  for (const { waiting } of of.sources) {
    if (waiting.length > 0) least = Math.min(least, waiting[0].since + WAIT_MAX_MS);
  }
  if (of.underWay.length === of.settings.verifierCount) return millis(least);
  const next = nextOf(of);
  if (next !== undefined) return millis(Math.min(least, readyAt(of.allowance, costOf(next))));
  for (const source of of.sources) {
    if (source.waiting.length > 0) least = Math.min(least, readyAt(source.allowance, costOf(source)));
  }
  return millis(least);
}

/** Of those whose own allowance pays, the one that has most of it left: it cost least of late. Among equals the cheapest. */
function nextOf({ sources, now }: Identities): Source | undefined {
  let next: Source | undefined;
  let most = 0;
  for (const source of sources) {
    if (source.waiting.length === 0) continue;
    const stored = storedAt(source.allowance, now);
    if (stored < costOf(source)) continue;
    const isCheaper = next !== undefined && stored === most && costOf(source) < costOf(next);
    if (next !== undefined && stored <= most && !isCheaper) continue;
    next = source;
    most = stored;
  }
  return next;
}

const costOf = ({ waiting }: Source): number => verificationCost(PROFILES[waiting[0].identity.claim.profile]);

function takeFirst<T>(items: T[]): T {
  const [one] = items.splice(0, 1);
  return one;
}
