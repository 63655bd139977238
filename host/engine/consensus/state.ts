/** All that a replica knows, as plain data. Sequences, views and members are counted in plain numbers inside. */
import type { BallotSaid, SignedBallot } from "../../../protocol/agreement/ballot.ts";
import type {
  Certificate,
  CheckpointHeader,
  CheckpointProof,
  SignedNewView,
  SignedViewChange,
  ViewChangeBody,
} from "../../../protocol/agreement/certificate.ts";
import type { Batch, SignedRequest } from "../../../protocol/agreement/request.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";
import type { ObjectName, Place } from "../../../protocol/message/fields.ts";
import type { Machine } from "../machine.ts";
import type { Subject } from "../objects/message-size.ts";
import type { Objects } from "../objects/objects.ts";
import type { Ports } from "../ports.ts";
import type { Leadership } from "./leadership.ts";
import type { Options } from "./options.ts";
import type { Table } from "./table.ts";
import type { Timing } from "./timing-state.ts";

/** What the engine is given beside its state: functions that are the same in every step. */
export interface World<S> {
  readonly ports: Ports;
  readonly machine: Machine<S>;
}

export interface Replica<S> {
  now: Millis;
  readonly options: Options;
  readonly table: Uint8Array;
  /** This kiosk's own key: its place among the members is looked up by it. */
  readonly key: Uint8Array;

  // --- who agrees: changes at a barrier alone ---
  epoch: number;
  members: readonly Uint8Array[];
  /** Votes that decide, and members that may be faulty. */
  quorum: number;
  faults: number;
  /** The checkpoint by which the epoch began: all of its members know it. */
  epochStart: Place;
  /** Own place, or −1 of a spectator. */
  me: number;

  // --- the view ---
  view: number;
  /** In `changing`, the view that is wanted; no vote is said in any below. */
  phase: "normal" | "changing";
  wanted: number;
  /** The committed place that the view starts from. */
  start: Place;
  newView: SignedNewView | undefined;
  /** Up to where it proposes again what was proposed before. */
  repeated: number;
  /** What it rests on, for those who come later; and what one that is not entered yet rests on, as far as it came. */
  newViewBodies: readonly NamedBody[];

  // --- the log, from the sequence after the stable checkpoint ---
  stable: Stable;
  slots: Slot[];
  /** What was decided and executed, and what is decided alone. */
  executed: number;
  decided: number;
  /** Up to where names are known in this view, in order from its start; and batches held. */
  known: number;
  held: number;
  /** Where a barrier holds everything up: nothing above it is voted on before its checkpoint is stable. */
  barrier: number | undefined;
  /** Newest last. */
  archive: Slot[];

  // --- votes of this view ---
  readonly votes: Votes;
  /** What this kiosk itself has signed in this view. */
  own: Own;
  /** The same as far as it was said, which is as far as it counts. */
  said: Own;
  /** Up to where the log holds own claims of this view. */
  claimed: number;
  /** The last that was signed, whole. */
  ownBallot: SignedBallot | undefined;
  /** Something is to be said without waiting for more. */
  unsaid: boolean;

  // --- what outlives a view ---
  certificates: Certificate[];
  /** For the last that is decided. */
  decision: { readonly certificate: Certificate; readonly place: Place } | undefined;
  viewChanges: (HeldViewChange | undefined)[];
  pendingNewView: SignedNewView | undefined;

  /** Taken and not stable yet; newest last. */
  checkpoints: OwnCheckpoint[];
  checkpointVotes: SignedBallot[][];
  lineage: CheckpointProof[];

  // --- what members said, to be held against what they say later ---
  seen: SignedBallot[][];
  seenCommit: (SignedBallot | undefined)[];
  /** One bit each member that was accused in this epoch. */
  accused: number;
  /** History here and in this view part: nothing is voted on before the next view. */
  viewOver: boolean;

  // --- operations ---
  pools: Pool[];
  /** What others answered to requests of this kiosk, by member; and the numbers that were answered so. */
  replies: (HeardReply | undefined)[];
  answered: number[];
  /** Own requests that were signed in an epoch that is over, until they are signed again. */
  unsigned: SignedRequest[];
  /** Numbers that are used up, of this kiosk's own requests. */
  lastNumber: number;
  state: Application<S>;
  /** When the application wants the time to be agreed upon again. */
  machineDue: number | undefined;

  // --- time, help, health ---
  readonly timing: Timing;
  readonly objects: Objects;
  /** To be fetched when the step is over. */
  readonly wanting: {
    readonly subject: Subject;
    readonly name: ObjectName;
    readonly holders: readonly number[] | undefined;
  }[];
  /** What came, whole and by its name. */
  readonly arrived: { readonly name: ObjectName; readonly bytes: Uint8Array }[];
  /** A proved checkpoint whose state is on its way. */
  snapshot: CheckpointProof | undefined;
  readonly leadership: Leadership;
  /** After a start: what others heard signed by this kiosk is awaited before it signs anything. */
  probing: Probing | undefined;
  /** Stable checkpoints as others told them at the start, by member. */
  told: (number | undefined)[];
  /** Signs nothing before a checkpoint at or above this is stable. */
  mutedUntil: number | undefined;
  /** The table plays by rules that this software does not know: it follows no further. */
  outdated: boolean;
  /** The state here is not the agreed one: it is replaced by a snapshot. */
  diverged: boolean;
}

export interface Probing {
  /** The journal was damaged, or lies behind what others heard. */
  forgot: string | undefined;
}

export interface Stable {
  readonly header: CheckpointHeader;
  /** None of the first, which everyone knows. */
  readonly proof: CheckpointProof | undefined;
  readonly state: Uint8Array;
}

export interface Slot {
  readonly sequence: number;
  name: ObjectName | undefined;
  /** Of the prefix up to here. */
  history: Uint8Array | undefined;
  batch: Batch | undefined;
  /** Batches that this slot was to hold in other views, newest last: a view may want one of them again. */
  kept: { readonly name: ObjectName; readonly batch: Batch }[];
  /** What this kiosk last prepared here, and in which view. */
  claim: { readonly view: number; readonly name: ObjectName } | undefined;
  /** Was proposed in an earlier view: its time is not checked again. */
  again: boolean;
}

/** By member. All positions count from the view's start. */
export interface Votes {
  prepared: number[];
  committed: number[];
  /** The ballots that say so, whole. */
  prepareBallots: (SignedBallot | undefined)[];
  commitBallots: (SignedBallot | undefined)[];
  waiting: BallotSaid[][];
}

export interface Own {
  proposed: number;
  prepared: number;
  committed: number;
  checkpoint: Place | undefined;
}

export interface NamedBody {
  readonly name: ObjectName;
  readonly body: ViewChangeBody;
}

export interface HeldViewChange {
  readonly change: SignedViewChange;
  /** Verified where it is there. */
  body: ViewChangeBody | undefined;
}

export interface OwnCheckpoint {
  readonly header: CheckpointHeader;
  readonly digest: Uint8Array;
  readonly state: Uint8Array;
}

/** The requests of one member that are not executed yet, by number from the first not executed. */
export interface Pool {
  readonly waiting: (Pending | undefined)[];
  /** Numbers below were proposed in this view. */
  proposed: number;
  /** When the last of them was executed. */
  movedAt: Millis;
}

export interface HeardReply {
  readonly number: number;
  readonly digest: Uint8Array;
  readonly result: Uint8Array;
}

export interface Pending {
  readonly signed: SignedRequest;
  readonly since: Millis;
  /** Of others' requests: the last view in which this kiosk told the others of it. */
  passedOn: number;
  /** Of its own: when it said it last, and how often again. */
  saidAt: Millis;
  saidAgain: number;
}

/** All that operations change: what a checkpoint covers. */
export interface Application<S> {
  sequence: number;
  history: Uint8Array;
  time: number;
  machine: S;
  readonly table: Table;
}

export const emptyPool = (): Pool => ({ waiting: [], proposed: 0, movedAt: millis(0) });

export const emptyVotes = (members: number, start: number): Votes => ({
  prepared: new Array(members).fill(start),
  committed: new Array(members).fill(start),
  prepareBallots: new Array(members).fill(undefined),
  commitBallots: new Array(members).fill(undefined),
  waiting: new Array(members).fill(undefined).map(() => []),
});
