/** Whether a request may be looked at, and whether what was found good still fits: the cheap reasons first, each with its name.
 * Kiosks that were not answered yet count with what they asked for, so that nobody is promised what another is being given. */

import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { hasFeature } from "../../../protocol/core/version.ts";
import type { JoinRequest } from "../../../protocol/message/join.ts";
import { IDENTIFYING_MAX, SPECTATORS_MAX } from "./limits.ts";
import { type Applicant, isAmong, type Reception } from "./reception-state.ts";
import type { Refusal } from "./refusal.ts";
import { compatible } from "./versions.ts";

/** Of somebody who is no member. */
export function whyNot(of: Reception, from: Uint8Array, request: JoinRequest): Refusal | undefined {
  const { agreed } = of;
  if (isAmong(agreed.excluded, from)) return "excluded for what is proved";
  const fit = compatible(of.needed, request.version);
  if (!fit.ok) return fit.why;
  if (!of.isOpen) return "the table is closing";
  const others = of.applicants.filter(({ key }) => !bytesEqual(key, from));
  if (request.role === "spectator") {
    if (!hasFeature(request.version, "spectators")) return "unknown features";
    if (request.seats > 0) return "a spectator has no seat";
    return others.filter(looksOn).length >= SPECTATORS_MAX ? "no room for another spectator" : undefined;
  }
  const comers = others.filter(({ request: { role }, stage }) => role === "member" && stage.type !== "answered");
  if (agreed.members.length + comers.length >= MEMBERS_MAX) return "ten kiosks are at the table";
  if (request.seats > seatsFree(of, from)) return "no seat is free";
  const identifying = comers.filter(({ stage }) => stage.type === "identifying").length;
  return identifying >= IDENTIFYING_MAX ? "too many ask" : undefined;
}

/** Beside those that are asked for by who is being looked at. */
export function seatsFree(of: Reception, but: Uint8Array): number {
  let free = of.agreed.seatsFree;
  for (const { key, request, stage } of of.applicants) {
    if (stage.type !== "answered" && !bytesEqual(key, but)) free -= request.seats;
  }
  return Math.max(0, free);
}

const looksOn = ({ request: { role }, stage }: Applicant): boolean =>
  role === "spectator" && (stage.type !== "answered" || stage.answer.type === "accept");
