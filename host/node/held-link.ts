/** A link as the secured transport holds it, from its connection to its end. */
import type { SecureLink } from "../secure/link-state.ts";
import type { LinkEnds } from "./bare-transport.ts";
import type { Visit } from "./gatekeeper.ts";
import { LINK_OPENS_WITHIN_MS } from "./limits.ts";
import type { LinkName } from "./transport.ts";

export interface HeldLink {
  readonly name: LinkName;
  readonly ends: LinkEnds;
  readonly visit: Visit;
  readonly link: SecureLink;
  /** Who is there, as the last session has proved; undefined before the first. */
  peer: Uint8Array | undefined;
  /** Its session knows no secret: it carries a pairing and nothing else. */
  isPairing: boolean;
  /** By then there is a session where one is wanted; infinite where there is, or none is. */
  opensBy: number;
}

export function opensBy(of: HeldLink, at: number): number {
  const { current, isResting } = of.link;
  if (current !== undefined || isResting) of.opensBy = Number.POSITIVE_INFINITY;
  else of.opensBy = Math.min(of.opensBy, at + LINK_OPENS_WITHIN_MS);
  return of.opensBy;
}
