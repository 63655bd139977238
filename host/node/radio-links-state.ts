/** What is known of a kiosk's radios and their links, and what happens to those. */
import type { LinkGeneration, Millis } from "../../protocol/core/units.ts";
import { nameOfKey } from "../mesh/judge.ts";
import type { PeerName } from "../mesh/peer-name.ts";
import { type Dialler, dialler } from "../mesh/topology/dial-state.ts";
import type { Part } from "../mesh/topology/part.ts";
import type { Role } from "../mesh/topology/radios.ts";
import type { Order, SessionEffect } from "../radio/events.ts";
import type { AdvertTag } from "../secure/advert-tag.ts";
import type { RadioAddress } from "../secure/binding.ts";
import type { Rotation } from "../secure/rotation.ts";
import type { LinkEnds } from "./bare-transport.ts";
import { radioName, type TableNames } from "./radio-names.ts";
import type { LinkName } from "./transport.ts";

export interface RadioLinks {
  readonly names: TableNames;
  readonly radios: readonly Radio[];
  readonly dialler: Dialler;
  /** As adverts call it; undefined while it has no name that others know. */
  part: number | undefined;
  nextName: LinkName;
  /** People are bringing this kiosk and another together. */
  isPairing: boolean;
}

export interface Radio {
  readonly role: Role;
  /** What one that can be found is called. */
  readonly name: Rotation | undefined;
  /** As it advertises it now. */
  tag: AdvertTag | undefined;
  /** As it says itself. */
  address: RadioAddress | undefined;
  linksMax: number;
  /** As it was ordered last; undefined where a connection may have changed that. */
  isScanning: boolean | undefined;
  /** Whose key must be where it was ordered to, and since when. */
  dialling:
    | {
        readonly expected: Uint8Array | undefined;
        readonly since: Millis;
        isCancelled: boolean;
        readonly isForPairing?: boolean;
      }
    | undefined;
  readonly links: RadioLink[];
}

export interface RadioLink extends LinkEnds {
  readonly name: LinkName;
  readonly radio: number;
  readonly generation: LinkGeneration;
  /** Of the neighbour, once a session has proved it. */
  peer: PeerName | undefined;
}

export type RadioLinksEvent =
  | { readonly type: "told"; readonly radio: number; readonly said: SessionEffect }
  /** There is nobody of ours at its other end, or one link is enough. */
  | { readonly type: "drop"; readonly link: LinkName }
  /** A session says who is there. */
  | { readonly type: "proved"; readonly link: LinkName; readonly key: Uint8Array }
  /** What the map says now; `planned`: whom to open links to, where there is a plan. */
  | { readonly type: "view"; readonly part: Part; readonly planned: readonly PeerName[] | undefined }
  | { readonly type: "pairing"; readonly isOn: boolean }
  | { readonly type: "tick" };

export type RadioLinksEffect =
  | { readonly type: "order"; readonly radio: number; readonly order: Order }
  | { readonly type: "up" | "down"; readonly link: RadioLink };

/** What only runs, and the date as the host knows it: names change by it, everywhere at once. */
export interface BothTimes {
  readonly at: Millis;
  readonly wallMs: number;
}

export const radioLinks = (
  names: TableNames,
  roles: readonly Role[],
  { at, wallMs }: BothTimes,
  seed: number,
): RadioLinks => ({
  names,
  radios: roles.map((role, radio) => ({
    role,
    name: role === "client" ? undefined : radioName(names, radio, wallMs),
    ...{ tag: undefined, address: undefined, linksMax: 0, isScanning: undefined, dialling: undefined, links: [] },
  })),
  dialler: dialler(nameOfKey(names.identities[names.me]), at, seed),
  part: undefined,
  nextName: 1,
  isPairing: false,
});

export const findLink = (of: RadioLinks, name: LinkName): RadioLink | undefined =>
  of.radios.flatMap(({ links }) => links).find((link) => link.name === name);
