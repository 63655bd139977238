/** Which neighbour is at which link: whose key the link's session has proved, and where there is none, whoever was last heard
 * there in an envelope that it sealed. That is a matter of routing; what is said is signed. */
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import type { LinkName } from "./transport.ts";

export interface Links {
  /** The one that was heard last comes last. */
  up: Neighbour[];
}

export interface Neighbour {
  readonly link: LinkName;
  /** Its public key; undefined until it is proved or was heard. */
  readonly key: Uint8Array | undefined;
}

export const links = (): Links => ({ up: [] });

export function linkUp(of: Links, link: LinkName, key?: Uint8Array): void {
  linkDown(of, link);
  of.up = [{ link, key }, ...of.up];
}

export function linkDown(of: Links, link: LinkName): void {
  of.up = of.up.filter((each) => each.link !== link);
}

/** What comes late, over a link that is gone, tells nothing. */
export function heardFrom(of: Links, link: LinkName, key: Uint8Array): void {
  if (of.up.some((each) => each.link === link)) {
    of.up = [...of.up.filter((each) => each.link !== link), { link, key }];
  }
}

/** Where that member is, by the link over which it was heard last. */
export const linkTo = (of: Links, key: Uint8Array): LinkName | undefined =>
  of.up.filter((each) => each.key !== undefined && bytesEqual(each.key, key)).at(-1)?.link;

/** To everyone: over every link, also where nobody has spoken yet, for somebody must be the first. */
export const allLinks = (of: Links): readonly LinkName[] => of.up.map((each) => each.link);
