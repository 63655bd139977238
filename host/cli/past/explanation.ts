/** All that is known of one sequence: who asked, who voted, what proves it, what it did. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { KIOSK_SEAT } from "../../../protocol/message/fields.ts";
import { isNull } from "../../engine/consensus/log.ts";
import { primaryOf } from "../../engine/consensus/quorums.ts";
import type { Replica } from "../../engine/consensus/state.ts";
import { DICE_SEAT } from "../../node/limits.ts";
import { asked } from "../../past/asked.ts";
import { came } from "../../past/came.ts";
import { hex, keyText, timeText } from "../../past/text.ts";
import type { Done, Told } from "../../past/told.ts";
import { changes } from "./changes.ts";
import type { KioskJournal } from "./kiosk-journal.ts";
import { type ReplayedOrNot, replayJournal } from "./replay-journal.ts";
import { type Step, trailOf, type Vote } from "./sequence-trail.ts";
import { type GameFacts, gameFacts } from "./table-facts.ts";

export interface Explanation {
  readonly table: string;
  readonly sequence: number;
  readonly time: number;
  readonly epoch: number;
  readonly members: readonly string[];
  /** Left out where a checkpoint alone tells of it. */
  readonly view?: number;
  readonly primary?: number;
  /** Nothing: it fills a gap that a view left. */
  readonly isNothing: boolean;
  readonly name?: string;
  readonly barrier?: string;
  readonly operations: readonly {
    readonly member: number;
    readonly seat: number;
    readonly number: number;
    readonly asks: string;
    readonly came?: string;
  }[];
  readonly steps: readonly Step[];
  readonly changes: readonly string[];
}

export type ExplainedOrNot =
  | { readonly ok: true; readonly explanation: Explanation }
  | Extract<ReplayedOrNot, { readonly ok: false }>;

export function explained(journal: KioskJournal, sequence: number, onCount: (count: number) => void): ExplainedOrNot {
  let before: { readonly facts: GameFacts; readonly members: readonly Uint8Array[] } | undefined;
  let told: Told | undefined;
  const replayed = replayJournal(journal, {
    to: sequence,
    onCount,
    onBefore(state, rules) {
      before = { facts: gameFacts(rules, state), members: state.dice.members.map(({ key }) => new Uint8Array(key)) };
    },
    onTold(each) {
      if (each.sequence === sequence) told = each;
    },
  });
  if (!replayed.ok) return replayed;
  const { replica, rules } = replayed;
  const { name, batch, view, steps } = trailOf(journal, sequence);
  const members = before?.members ?? replica.state.table.members;
  return {
    ok: true,
    explanation: {
      ...{ table: hex(journal.table), sequence, time: told?.time ?? replica.state.time },
      ...{ epoch: told?.epoch ?? replica.epoch, members: members.map(hex) },
      ...(view === undefined ? {} : { view, primary: primaryOf({ members }, view) }),
      isNothing: name !== undefined && isNull(name),
      ...(name === undefined ? {} : { name: hex(name.digest) }),
      ...(batch?.barrier === undefined ? {} : { barrier: batch.barrier.type }),
      operations: (told?.done ?? []).map((done) => operationOf(done, replica, members)),
      steps,
      changes: before === undefined ? [] : changes(before.facts, gameFacts(rules, replica.state.machine)),
    },
  };
}

function operationOf(done: Done, replica: Replica<unknown>, members: readonly Uint8Array[]) {
  const { sender, seat, number, operation } = done;
  const result = done.result ?? keptReply(done, replica, members);
  const asks = asked(seat, operation);
  return { member: sender, seat, number, asks, ...(result === undefined ? {} : { came: came(seat, result) }) };
}

/** The table keeps its last answers to each kiosk. */
function keptReply({ sender, number }: Done, { state }: Replica<unknown>, members: readonly Uint8Array[]) {
  const key = members[sender];
  const place = state.table.members.findIndex((each) => key !== undefined && bytesEqual(each, key));
  const reply = state.table.clients[place]?.replies.find((each) => each.number === number);
  return reply?.sequence === state.sequence ? reply.result : undefined;
}

export function explanationLines(of: Explanation): string[] {
  const who = (member: number): string =>
    `member ${member}${of.members[member] === undefined ? "" : ` (${keyText(of.members[member])})`}`;
  const lead = of.view === undefined ? "" : `, in view ${of.view}, which ${who(of.primary ?? 0)} leads`;
  return [
    `sequence ${of.sequence} of table ${of.table}, ${timeText(of.time)}`,
    `epoch ${of.epoch}${lead}`,
    ...askedLines(of, who),
    ...of.steps.map((step) => `  ${String(step.record).padStart(7)}  ${stepWords(step, who)}`),
    ...(of.changes.length === 0 ? ["it changed nothing at the table"] : ["it changed"]),
    ...of.changes.map((words) => `  ${words}`),
  ];
}

function askedLines(of: Explanation, who: (member: number) => string): string[] {
  if (of.isNothing)
    return ["nothing was decided: it fills a gap that an earlier view left", "the journal says, by record"];
  const barrier =
    of.barrier === undefined
      ? []
      : [of.barrier === "rotate" ? "after it another leads" : "after it a change of the table takes effect"];
  const operations = of.operations.map(({ member, seat, number, asks, came }) => {
    const from = `${who(member)}${seat === 0 || seat === DICE_SEAT ? "" : seat === KIOSK_SEAT ? ", for itself" : `, seat ${seat}`}`;
    return `  ${from} ${asks} (its request ${number})${came === undefined ? "" : `: ${came}`}`;
  });
  const heading = operations.length === 0 ? "nobody asked for anything: it tells the time" : "asked and done";
  return [heading, ...operations, ...barrier, "the journal says, by record"];
}

function stepWords(step: Step, who: (member: number) => string): string {
  switch (step.type) {
    case "asked":
      return `this kiosk writes its request ${step.number} down`;
    case "kept":
      return step.isThis
        ? `what is proposed is here: ${step.requests} ${step.requests === 1 ? "request" : "requests"}`
        : "something else that was proposed for the place is here";
    case "voted":
      return `${who(step.member)}, this kiosk, ${VOTES[step.vote]} it in view ${step.view}`;
    case "prepared":
      return `certificate: prepared in view ${step.view} by ${list(step.members)}; nothing else can be decided there`;
    case "decided":
      if (step.members.length === 0) return "decided: the journal was made short, and keeps what it had checked";
      return step.way === "unanimous"
        ? `decided in view ${step.view}, by the prepares of all: ${list(step.members)}`
        : `decided in view ${step.view}, by the commits of ${list(step.members)}`;
    case "stable":
      return `checkpoint ${step.sequence}, signed by ${list(step.members)}: it can be forgotten`;
  }
}

const VOTES: { readonly [vote in Vote]: string } = Object.freeze({
  propose: "proposes",
  prepare: "prepares",
  commit: "commits",
});

const list = (members: readonly number[]): string => `members ${members.join(", ")}`;
