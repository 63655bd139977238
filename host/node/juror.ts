/**
 * A kiosk's part in disputes. Whoever is told of its own request what the log does not say contests it, with what the other signed;
 * and every kiosk executes again what is contested, from its own log, and votes as that says. What the log cannot say is for people.
 */
import { decode, encode } from "../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { agreedMillis, type Millis, memberIndex, sequence } from "../../protocol/core/units.ts";
import { Envelope } from "../../protocol/envelope/envelope.ts";
import { type Opened, open } from "../../protocol/envelope/open.ts";
import { replayWindows } from "../../protocol/envelope/replay.ts";
import { envelopeOf } from "../../protocol/envelope/seal.ts";
import { strangerReplay } from "../../protocol/envelope/stranger-replay.ts";
import { DisputeClaim } from "../../protocol/message/dispute.ts";
import { kindOf, Message } from "../../protocol/message/kinds.ts";
import { requestDigest } from "../engine/consensus/replies.ts";
import type { Replica } from "../engine/consensus/state.ts";
import { type Dispute, type DisputeAnswer, disputeId } from "../engine/judge/dispute.ts";
import { evidenceDigest } from "../engine/judge/disputes.ts";
import { reexecute } from "../engine/judge/reexecution.ts";
import type { Machine } from "../engine/machine.ts";
import type { Ports } from "../engine/ports.ts";
import { benchOf } from "../engine/table/epochs.ts";
import { lawOf } from "../engine/table/law.ts";
import { TableOperation } from "../engine/table/operation.ts";
import type { Letter } from "../mesh/judge.ts";
import type { CrapsRules, CrapsTable } from "./craps-table.ts";
import { type JuryLog, juryLog } from "./jury-log.ts";
import { VOTE_AGAIN_MS } from "./limits.ts";

type Reply = Message & { readonly type: "reply" };
export interface Juror<S> {
  /** By which it executes again: one that nobody looks on at. */
  readonly machine: Machine<S>;
  /** What is ordered of what was heard: a contest, where it is false. */
  readonly hears: (of: Replica<S>, letter: Letter) => Uint8Array | undefined;
  /** Votes that are due. */
  readonly votes: (of: Replica<S>, log: JuryLog, at: Millis) => readonly Uint8Array[];
}

export function juror(rules: CrapsRules, machine: Machine<CrapsTable>, ports: Ports): Juror<CrapsTable> {
  const law = lawOf(rules);
  /** By dispute, when it was voted on: the order may be lost with the epoch that it was signed for. */
  let voted: { readonly id: Uint8Array; readonly at: Millis }[] = [];
  /** Whom it has contested in that epoch, one bit each. */
  let contested = { epoch: 0, members: 0 };

  const claimOf = (of: Replica<CrapsTable>, log: JuryLog, { id, suspect }: Dispute): DisputeClaim | undefined => {
    for (const { request } of log.requests()) {
      const operation = decode(TableOperation, request.operation);
      if (!operation.ok || operation.value.type !== "dispute") continue;
      const claim = decode(DisputeClaim, new Uint8Array(operation.value.claim));
      if (claim.ok && bytesEqual(disputeId(ports, of.table, claim.value, suspect), id)) return claim.value;
    }
    return undefined;
  };

  /** What the suspect itself has signed, in whichever epoch that is remembered. */
  const saidBy = (of: Replica<CrapsTable>, suspect: Uint8Array, envelope: Uint8Array): Reply | undefined => {
    const { epochs } = of.state.machine;
    const tables = epochs.map(({ epoch, members }) => ({
      ...{ id: of.table, epoch, members, replay: replayWindows(members.length) },
    }));
    const opened = open(envelope, { tables, strangers: strangerReplay(), now: of.now }, ports);
    if (!opened.ok || opened.from.type !== "member" || opened.message.type !== "reply") return undefined;
    const { epoch, sender } = opened.from;
    const key = tables.find((table) => table.epoch === epoch)?.members[sender];
    return key !== undefined && bytesEqual(key, suspect) ? opened.message : undefined;
  };

  const answerTo = (of: Replica<CrapsTable>, log: JuryLog, dispute: Dispute): DisputeAnswer | undefined => {
    const claim = BY_LOG.includes(dispute.kind) ? claimOf(of, log, dispute) : undefined;
    if (claim === undefined) return undefined;
    const said = saidBy(of, dispute.suspect, claim.evidence);
    if (said === undefined || said.sequence !== claim.sequence) return "needMoreEvidence";
    const past = log.batchAt(claim.sequence);
    if (past === undefined) return "abstain";
    const place = past.requests.findIndex(
      (signed) =>
        signed.sender === said.client &&
        signed.request.number === said.number &&
        bytesEqual(requestDigest(ports, signed), said.digest),
    );
    // Of a request that was executed elsewhere, or never.
    if (place < 0) return "needMoreEvidence";
    const bench = benchOf(of.table, of.state.machine.epochs, of.epoch);
    if (bench === undefined) return "abstain";
    const judged = (answers: readonly Uint8Array[]) =>
      reexecute({ machine, bench, ports, law, batchAt: () => ({ ...past, answers }) }, claim);
    // Something else of the batch has moved the machine: then nothing follows from executing it again.
    if (judged(past.answers) !== "rejected") return "abstain";
    const answers = past.answers.map((answer, at) => (at === place ? said.result : answer));
    return judged(answers) === "upheld" ? "uphold" : "reject";
  };

  return {
    machine,
    hears(of, letter) {
      if ("said" in letter || letter.from.type !== "member" || letter.message.type !== "reply" || of.me < 0)
        return undefined;
      const { from, message } = letter;
      const { table } = of.state;
      if (from.epoch !== of.epoch || table.epoch !== of.epoch || message.client !== of.me) return undefined;
      const own = table.clients[of.me].replies.find(({ number }) => number === message.number);
      const isFalse = own !== undefined && own.sequence === message.sequence && !bytesEqual(own.result, message.result);
      const bit = 1 << from.sender;
      if (contested.epoch !== of.epoch) contested = { epoch: of.epoch, members: 0 };
      if (!isFalse || from.sender === of.me || (contested.members & bit) !== 0) return undefined;
      contested.members |= bit;
      return contest(of, letter as Opened & { readonly message: Reply }, from.sender, ports);
    },
    votes(of, log, at) {
      const { open: disputes } = of.state.machine.judge.disputes;
      if (disputes.length === 0 || of.me < 0) return [];
      voted = voted.filter(
        (each) => at < each.at + VOTE_AGAIN_MS && disputes.some(({ id }) => bytesEqual(id, each.id)),
      );
      return disputes.flatMap((dispute) => {
        const isDone = dispute.votes.some(({ key }) => bytesEqual(key, of.key));
        if (isDone || voted.some(({ id }) => bytesEqual(id, dispute.id))) return [];
        const answer = answerTo(of, log, dispute);
        if (answer === undefined) return [];
        voted.push({ id: dispute.id, at });
        const vote = { dispute: dispute.id, answer, reason: REASONS[answer] };
        return [encode(TableOperation, { type: "vote", vote }).slice()];
      });
    },
  };
}

/** Its votes, from what this kiosk remembers. */
export function juryOf<S>(
  juror: Juror<S>,
  of: Replica<S>,
  founders: readonly Uint8Array[],
  ports: Ports,
): { readonly votes: (at: Millis) => readonly Uint8Array[] } {
  const log = juryLog(of, founders, { ports, machine: juror.machine });
  return {
    votes(at) {
      log.note();
      return juror.votes(of, log, at);
    },
  };
}

/** Contests what one member says of an own request, by the envelope that it signed. */
function contest(
  of: Replica<CrapsTable>,
  { from, message, signature }: Opened & { readonly message: Reply },
  suspect: number,
  ports: Ports,
): Uint8Array | undefined {
  if (from.type !== "member") return undefined;
  const { tag } = kindOf("reply");
  const body = encode(Message, message).slice(1);
  const evidence = encode(Envelope, envelopeOf(from, 0, false, signature, tag, body)).slice();
  const claim: DisputeClaim = {
    ...{ kind: "invalidPayout", suspect: memberIndex(suspect), sequence: sequence(message.sequence) },
    ...{ opened: agreedMillis(of.state.time), digest: evidenceDigest(ports, evidence), evidence },
  };
  return encode(TableOperation, { type: "dispute", claim: encode(DisputeClaim, claim).slice() }).slice();
}

/** What a log can say. */
const BY_LOG: readonly DisputeClaim["kind"][] = Object.freeze(["invalidBet", "invalidRoll", "invalidPayout"] as const);

const REASONS: { readonly [answer in DisputeAnswer]: string } = Object.freeze({
  uphold: "executed again it comes to something else",
  reject: "executed again it comes to the same",
  abstain: "the log here does not reach so far",
  needMoreEvidence: "the suspect has not signed that",
});
