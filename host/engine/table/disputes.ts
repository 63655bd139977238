/** Disputes at the table. What evidence can show is decided by it at once; for what only the log can show, members look into
 * their own and vote: a state does not hold its history. */
import { decode } from "../../../protocol/bytes/codec.ts";
import type { AgreedMillis } from "../../../protocol/core/units.ts";
import { DisputeClaim, type DisputeVote } from "../../../protocol/message/dispute.ts";
import {
  advanceDisputes,
  type DisputeOutcome,
  type DisputePorts,
  isAccused,
  openDispute,
  voteOnDispute,
} from "../judge/disputes.ts";
import { expireOffences, retentionMs } from "../judge/evidence-book.ts";
import { expireParts } from "../judge/evidence-parts.ts";
import { isProvable, proved } from "../judge/reexecution.ts";
import { DONE, refuse, type TableAnswer } from "./answer.ts";
import { verifying } from "./court.ts";
import { benchOf } from "./epochs.ts";
import { lawOf } from "./law.ts";
import type { TableRules } from "./rules.ts";
import { keysOf, type TableState } from "./state.ts";

type AnyAction = { readonly type: string };

export function dispute<C, S, A extends AnyAction, O>(
  rules: TableRules<C, S, A, O>,
  state: TableState<S>,
  client: number,
  bytes: Uint8Array,
  time: AgreedMillis,
): TableAnswer {
  const decoded = decode(DisputeClaim, bytes);
  if (!decoded.ok) return refuse("not a claim");
  const { disputes, points } = state.judge;
  const outcome = openDispute(disputes, points, client, decoded.value, time, portsOf(rules, state));
  return outcome.ok && outcome.resolved === undefined ? { type: "disputed", dispute: outcome.id } : said(outcome);
}

export function vote<S>(state: TableState<S>, client: number, ballot: DisputeVote, time: AgreedMillis): TableAnswer {
  const { disputes, points } = state.judge;
  return said(voteOnDispute(disputes, points, client, ballot, time, { members: keysOf(state) }));
}

/** What was due by then. */
export function advanceJudge<C, S, A extends AnyAction, O>(
  { stakes }: TableRules<C, S, A, O>,
  state: TableState<S>,
  time: AgreedMillis,
): void {
  const { book, disputes, points } = state.judge;
  state.evidence = expireParts(state.evidence, time);
  if (disputes.open.length > 0) advanceDisputes(disputes, points, keysOf(state), time);
  expireOffences(
    book,
    time,
    retentionMs(stakes),
    ({ key, epoch }) => state.epochs.some((each) => each.epoch === epoch) || isAccused(disputes, key),
  );
}

function portsOf<C, S, A extends AnyAction, O>(rules: TableRules<C, S, A, O>, state: TableState<S>): DisputePorts {
  const members = keysOf(state);
  const ports = verifying(rules);
  return {
    table: rules.table,
    members,
    ports,
    reexecute(claim) {
      if (!isProvable(claim)) return "undecidable";
      const benches = state.epochs.flatMap(({ epoch }) => benchOf(rules.table, state.epochs, epoch) ?? []);
      return proved(benches, ports, lawOf(rules), claim, members[claim.suspect]);
    },
  };
}

function said(outcome: DisputeOutcome): TableAnswer {
  if (!outcome.ok) return refuse(outcome.why);
  if (outcome.resolved === undefined) return DONE;
  const { outcome: verdict, by, moreEvidence } = outcome.resolved;
  return { type: "decided", dispute: outcome.id, outcome: verdict, by, moreEvidence };
}
