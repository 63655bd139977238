/** What a journal says of one sequence: in the order in which its kiosk wrote it down, which is the order in which it happened to
 * that kiosk. A journal holds no clock: times are the table's own. */
import type { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import type { Batch } from "../../../protocol/agreement/request.ts";
import { assert } from "../../../protocol/core/assert.ts";
import type { ObjectName } from "../../../protocol/message/fields.ts";
import { isNull, sameName } from "../../engine/consensus/log.ts";
import type { Record } from "../../engine/consensus/records.ts";
import type { KioskJournal } from "./kiosk-journal.ts";

export interface Trail {
  /** What was decided; undefined where a checkpoint alone tells of it. */
  readonly name: ObjectName | undefined;
  readonly batch: Batch | undefined;
  readonly view: number | undefined;
  readonly steps: readonly Step[];
}

export type Step =
  /** The kiosk's own request in it was written down. */
  | { readonly type: "asked"; readonly record: number; readonly number: number }
  /** What the place may hold: this, or something else that was not decided. */
  | { readonly type: "kept"; readonly record: number; readonly isThis: boolean; readonly requests: number }
  /** The kiosk's own vote, before it was said. */
  | {
      readonly type: "voted";
      readonly record: number;
      readonly member: number;
      readonly view: number;
      readonly vote: Vote;
    }
  /** Enough others have prepared it, so that nothing else can have been. */
  | { readonly type: "prepared"; readonly record: number; readonly view: number; readonly members: readonly number[] }
  | {
      readonly type: "decided";
      readonly record: number;
      readonly view: number;
      readonly way: "unanimous" | "committed";
      /** Whose votes prove it: none where the journal was made short, and keeps what it once checked. */
      readonly members: readonly number[];
      /** Up to where it decides. */
      readonly sequence: number;
    }
  /** A quorum signed the state after it, or after a later one. */
  | {
      readonly type: "stable";
      readonly record: number;
      readonly sequence: number;
      readonly members: readonly number[];
    };

export type Vote = "propose" | "prepare" | "commit";

export function trailOf(journal: KioskJournal, sequence: number): Trail {
  const found = decisionIn(journal, sequence);
  const batch = found === undefined ? undefined : batchIn(journal, sequence, found.name);
  const steps: Step[] = [];
  const add = (step: Step | undefined): void => {
    if (step !== undefined && !steps.some((each) => isSame(each, step))) steps.push(step);
  };
  let at = 0;
  for (const record of journal.records()) {
    at += 1;
    for (const step of stepsOf(record, at, sequence, found?.name, batch)) add(step);
  }
  return { name: found?.name, batch, view: found?.view, steps };
}

/** The first that says so is the one by which it was known. */
function isSame(left: Step, right: Step): boolean {
  if (left.type !== right.type) return false;
  if (left.type === "voted" && right.type === "voted") return left.vote === right.vote && left.view === right.view;
  if (left.type === "asked" && right.type === "asked") return left.number === right.number;
  if (left.type === "kept" && right.type === "kept") return left.isThis === right.isThis;
  return true;
}

function decisionIn(journal: KioskJournal, sequence: number) {
  for (const record of journal.records()) {
    if (record.type !== "decided") continue;
    const { base, names, view } = record.certificate;
    const name = names[sequence - base.sequence - 1];
    if (base.sequence < sequence && sequence <= record.certificate.sequence && name !== undefined)
      return { name, view };
  }
  return undefined;
}

function batchIn(journal: KioskJournal, sequence: number, name: ObjectName): Batch | undefined {
  if (isNull(name)) return undefined;
  for (const record of journal.records()) {
    if (record.type === "batch" && record.sequence === sequence && sameName(record.name, name)) return record.batch;
  }
  return undefined;
}

function stepsOf(
  record: Record,
  at: number,
  sequence: number,
  name: ObjectName | undefined,
  batch: Batch | undefined,
): (Step | undefined)[] {
  switch (record.type) {
    case "request": {
      const { sender, request } = record.signed;
      const isIn = batch?.requests.some((each) => each.sender === sender && each.request.number === request.number);
      return isIn ? [{ type: "asked", record: at, number: request.number }] : [];
    }
    case "batch": {
      if (record.sequence !== sequence) return [];
      const isThis = name !== undefined && sameName(name, record.name);
      return [{ type: "kept", record: at, isThis, requests: record.batch.requests.length }];
    }
    case "voted": {
      const own = record.names[sequence - record.base.sequence - 1];
      if (own === undefined || name === undefined || !sameName(own, name)) return [];
      const { view, sender } = record.ballot;
      return votesFor(record.ballot, sequence).map((vote) => ({
        type: "voted",
        record: at,
        member: sender,
        view,
        vote,
      }));
    }
    case "certificate":
    case "decided":
      return [certified(record, at, sequence)];
    case "stable": {
      const { header, ballots } = record.proof;
      if (header.sequence < sequence) return [];
      return [{ type: "stable", record: at, sequence: header.sequence, members: ballots.map(({ sender }) => sender) }];
    }
    default:
      return [];
  }
}

function votesFor({ proposed, prepared, committed }: SignedBallot, sequence: number): Vote[] {
  const reaches = (place: { readonly sequence: number } | undefined): boolean => (place?.sequence ?? 0) >= sequence;
  return [
    ...(reaches(proposed) ? (["propose"] as const) : []),
    ...(reaches(prepared) ? (["prepare"] as const) : []),
    ...(reaches(committed) ? (["commit"] as const) : []),
  ];
}

function certified(
  record: Extract<Record, { readonly type: "certificate" | "decided" }>,
  at: number,
  sequence: number,
): Step | undefined {
  const { phase, base, sequence: reached, view, ballots } = record.certificate;
  if (base.sequence >= sequence || reached < sequence) return undefined;
  const wanted: readonly Vote[] = phase === "committed" ? ["commit"] : ["propose", "prepare"];
  const members = ballots
    .filter((ballot) => votesFor(ballot, sequence).some((vote) => wanted.includes(vote)))
    .map(({ sender }) => sender);
  if (record.type === "certificate") return { type: "prepared", record: at, view, members };
  assert(phase !== "prepared", "what is only prepared decides nothing");
  return { type: "decided", record: at, view, way: phase, members, sequence: reached };
}
