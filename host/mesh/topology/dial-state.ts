/** What the dialler knows, hears and orders: `dial.ts` steps it. */
import { type Chance, chance } from "../../../protocol/core/chance.ts";
import type { Millis } from "../../../protocol/core/units.ts";
import type { LinkName } from "../events.ts";
import type { PeerName } from "../peer-name.ts";
import type { Part } from "./part.ts";
import type { Role } from "./radios.ts";

export interface Dialler {
  now: Millis;
  readonly me: PeerName;
  readonly chance: Chance;
  readonly radios: Map<number, DialRadio>;
  part: Part;
  /** Whom to open links to; undefined where there is no plan. */
  planned: readonly PeerName[] | undefined;
  /** Kiosks of the table whose adverts were heard: since when, and when last. */
  readonly heard: Map<PeerName, { since: Millis; last: Millis }>;
  readonly again: Map<PeerName, Millis>;
  /** The last link that went down: whether its other end is gone, the map knows later. */
  lost: { readonly peer: PeerName; readonly at: Millis } | undefined;
  /** Since when the part is a ring that should be open. */
  ringSince: Millis | undefined;
  /** When a link that stands in the way of the plan gives way, if one still does then. */
  giveWayAt: Millis | undefined;
}

export interface DialRadio {
  readonly role: Role;
  readonly linksMax: number;
  dialling: PeerName | undefined;
  readonly links: DialLink[];
}

export interface DialLink {
  readonly name: LinkName;
  readonly since: Millis;
  readonly peer: PeerName;
  readonly isOpener: boolean;
}

export type DialEvent<A> =
  | {
      readonly type: "started";
      readonly at: Millis;
      readonly radio: number;
      readonly role: Role;
      readonly linksMax: number;
    }
  | { readonly type: "stopped"; readonly at: Millis; readonly radio: number }
  /** `kiosk`: whom the advert's changing tag means, where it is one of the table. */
  | {
      readonly type: "advert";
      readonly at: Millis;
      readonly radio: number;
      readonly address: A;
      readonly kiosk: PeerName | undefined;
      readonly part: PeerName;
    }
  | {
      readonly type: "linkUp";
      readonly at: Millis;
      readonly radio: number;
      readonly link: LinkName;
      readonly peer: PeerName;
      readonly isOpener: boolean;
    }
  | { readonly type: "linkDown"; readonly at: Millis; readonly link: LinkName }
  | { readonly type: "notConnected"; readonly at: Millis; readonly radio: number }
  /** What the map says now, and the plan. */
  | {
      readonly type: "view";
      readonly at: Millis;
      readonly part: Part;
      readonly planned: readonly PeerName[] | undefined;
    };

export type DialEffect<A> =
  | { readonly type: "connect"; readonly radio: number; readonly address: A }
  | { readonly type: "close"; readonly link: LinkName; readonly why: "double" | "ring too soon" | "in the way" };

/** Why an advert is not answered. */
export type DialRefusal =
  | "own radio"
  | "not of our table"
  | "not a client"
  | "no link free"
  | "linked already"
  | "failed lately"
  | "they dial us"
  | "the plan first"
  | "one is enough"
  | "not planned"
  | "not before the table is whole";

export const dialler = (me: PeerName, at: Millis, seed: number): Dialler => ({
  ...{ now: at, me, chance: chance(seed), radios: new Map() },
  part: { name: me, isWhole: false, opens: undefined, isFragile: false, loose: [] },
  ...{ planned: undefined, heard: new Map(), again: new Map(), lost: undefined },
  ...{ ringSince: undefined, giveWayAt: undefined },
});
