/**
 * What is wrong, by what can be seen from here. A cut and a crash look alike from outside: what tells them apart is whether those
 * who are missing heard each other to the end. The word informs people; nothing is decided by it, and only evidence ever costs
 * anybody anything.
 */
import { quorum } from "../consensus/quorum.ts";
import type { Diagnosis, Failure } from "./diagnosis.ts";
import { NAMED_AFTER_MS, STALLED_AFTER_MS, UNHEARD_AFTER_MS } from "./limits.ts";
import { allOf, countOf, has, hearsUs, isHeard, isHeardByOthers, sideOf } from "./side.ts";
import type { Recovery } from "./state.ts";

const ORDER: readonly Failure[] = Object.freeze(["byzantine", "partition", "crash", "messageLoss", "timeout"]);

/** At most one a kind; nothing where all is well. */
export function diagnose(of: Recovery): Diagnosis[] {
  const sets = { byzantine: 0, messageLoss: 0, timeout: 0, crash: 0, partition: 0 };
  let gone = 0;
  for (let each = 0; each < of.members.length; each++) {
    const failure = failureOf(of, each);
    if (failure === "gone") gone |= 1 << each;
    else if (failure !== undefined) sets[failure] |= 1 << each;
  }
  sets[isCut(of, gone) ? "partition" : "crash"] = gone;
  const diagnoses = ORDER.filter((failure) => sets[failure] !== 0).map(
    (failure): Diagnosis => ({ failure, members: sets[failure] }),
  );
  if (sets.timeout === 0 && isStalled(of)) diagnoses.push({ failure: "timeout", members: 0 });
  return diagnoses;
}

function failureOf(of: Recovery, each: number): Failure | "gone" | undefined {
  const member = of.members[each];
  if (member.isConvicted) return "byzantine";
  if (each === of.me) return undefined;
  if (isHeard(of, each)) return hearsUs(of, each) ? undefined : "messageLoss";
  // Who was never heard may still be starting, as we are.
  const silentSince = Math.max(member.heardAt, of.startedAt);
  if (of.now < silentSince + UNHEARD_AFTER_MS) return undefined;
  if (isHeardByOthers(of, each)) return "messageLoss";
  return of.now < silentSince + NAMED_AFTER_MS ? "timeout" : "gone";
}

function isCut(of: Recovery, gone: number): boolean {
  const count = countOf(gone);
  // Alone among several it is we who are cut off, more likely than that all the others failed.
  if (count >= 2 && (gone | (of.me < 0 ? 0 : 1 << of.me)) === allOf(of)) return true;
  return of.members.some(
    ({ heardAt, seenAt }, each) =>
      has(gone, each) &&
      seenAt.some((seen, other) => other !== each && has(gone, other) && seen > heardAt - UNHEARD_AFTER_MS),
  );
}

export function isStalled(of: Recovery): boolean {
  const { waitingSince } = of.standing;
  if (waitingSince === undefined || countOf(sideOf(of)) < quorum(of.members.length)) return false;
  return of.now >= waitingSince + STALLED_AFTER_MS;
}
