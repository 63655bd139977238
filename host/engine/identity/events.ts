/** What happens to the machine of identities, and everything that it can do to the world. */
import type { Millis } from "../../../protocol/core/units.ts";
import type { Beacon } from "./beacons.ts";
import type { Identity } from "./record.ts";

export type IdentityEvent =
  /** Somebody shows a record. `source` is where it came from, as the driver tells sources apart: the relay of the first hop,
   * the radio, or an address where there is one. `wallMs` is the time as the table has it: milliseconds since 1970. */
  | {
      readonly type: "arrived";
      readonly at: Millis;
      readonly wallMs: number;
      readonly source: string;
      readonly record: Uint8Array;
    }
  /** A worker's answer. */
  | {
      readonly type: "judged";
      readonly at: Millis;
      readonly wallMs: number;
      readonly ticket: number;
      readonly judgement: Judgement;
    }
  /** Kiosks that the network is believed to have. */
  | { readonly type: "counted"; readonly at: Millis; readonly networkSize: number }
  | { readonly type: "beacon"; readonly at: Millis; readonly beacon: Beacon }
  | { readonly type: "tick"; readonly at: Millis };

/** What a worker finds, the cheapest question first. */
export type Judgement =
  /** The most work that the hash is worth, and where in the space of addresses its owner lives. */
  | { readonly type: "proved"; readonly work: number; readonly address: Uint8Array }
  /** A key of small order or with a second encoding: nobody's. */
  | { readonly type: "unfit key" }
  | { readonly type: "forged" }
  /** The worker is gone. */
  | { readonly type: "lost" };

export type IdentityEffect =
  /** For a worker; its answer carries the ticket. */
  | {
      readonly type: "verify";
      readonly ticket: number;
      readonly identity: Identity;
      readonly beacon: Uint8Array;
    }
  | {
      readonly type: "accepted";
      readonly source: string;
      readonly key: Uint8Array;
      readonly address: Uint8Array;
      readonly work: number;
      /** False where it was known before. */
      readonly isNew: boolean;
      /** Until then it need not be shown again. */
      readonly untilMs: number;
    }
  | {
      readonly type: "refused";
      readonly source: string;
      readonly why: IdentityRefusal;
      /** True where no honest kiosk hands over such a thing: the link pays. */
      readonly isFault: boolean;
      /** What would have been enough, where that is known. */
      readonly requiredWork: number | undefined;
    };

export type IdentityRefusal =
  | "malformed"
  | "another profile"
  | "from the future"
  | "stale"
  | "under way"
  | "refused before"
  | "too little work"
  | "too many from a source"
  | "queue full"
  | "waited too long"
  | "unfit key"
  | "forged"
  | "no verdict";
