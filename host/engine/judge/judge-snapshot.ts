/** What replicas agree on about offences, disputes and points, as bytes and back. One state, one encoding. */
import { branded, decode, encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { choice, list, struct } from "../../../protocol/bytes/compound.ts";
import { varint } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { OBJECT_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { CheatKind } from "../../../protocol/message/alert.ts";
import { DisputeKind } from "../../../protocol/message/dispute.ts";
import { AgreedTime, Digest, Epoch, PublicKey } from "../../../protocol/message/fields.ts";
import type { Dispute, DisputeAnswer } from "./dispute.ts";
import { type Disputes, noDisputes } from "./disputes.ts";
import { type EvidenceBook, evidenceBook } from "./evidence-book.ts";
import {
  DISPUTE_VOTES_MAX,
  DISPUTES_DECIDED_MAX,
  DISPUTES_OPEN_MAX,
  OFFENCES_MAX,
  POINTS_MAX,
  POINTS_MIN,
  STANDINGS_MAX,
} from "./limits.ts";
import { noPoints, type Points } from "./points.ts";

export interface JudgeState {
  readonly book: EvidenceBook;
  readonly disputes: Disputes;
  readonly points: Points;
}

export const judgeState = (): JudgeState => ({ book: evidenceBook(), disputes: noDisputes(), points: noPoints() });

const Answer = choice("DisputeAnswer", { uphold: 1, reject: 2, abstain: 3, needMoreEvidence: 4 });

const DisputeLayout = struct("Dispute", {
  id: Digest,
  kind: DisputeKind,
  claimant: PublicKey,
  suspect: PublicKey,
  evidence: Digest,
  deadline: AgreedTime,
  /** Who voted and left the table has its place too. */
  votes: list(
    struct("DisputeBallot", { key: PublicKey, answer: branded(Answer, (value) => value as DisputeAnswer) }),
    DISPUTE_VOTES_MAX,
  ),
});

export const JudgeLayout = struct("Judge", {
  entries: list(
    struct("BookEntry", { id: Digest, key: PublicKey, kind: CheatKind, epoch: Epoch, at: AgreedTime }),
    OFFENCES_MAX,
  ),
  open: list(DisputeLayout, DISPUTES_OPEN_MAX),
  decided: list(Digest, DISPUTES_DECIDED_MAX),
  rows: list(
    struct("PointsRow", { key: PublicKey, above: varint(POINTS_MAX - POINTS_MIN), at: AgreedTime }),
    STANDINGS_MAX,
  ),
});

export const takeJudgeSnapshot = ({ book, disputes, points }: JudgeState): Uint8Array =>
  encode(JudgeLayout, {
    entries: book.entries,
    open: disputes.open,
    decided: disputes.decided,
    rows: points.rows.map((row) => ({ key: row.key, above: row.points - POINTS_MIN, at: row.at })),
  });

/** Undefined where the bytes are no state. */
export function restoreJudge(snapshot: Uint8Array): JudgeState | undefined {
  const decoded = decode(JudgeLayout, snapshot);
  if (!decoded.ok) return undefined;
  const { entries, open, decided, rows } = decoded.value;
  return {
    book: { entries: entries.map((entry) => ({ ...entry, id: own(entry.id), key: own(entry.key) })) },
    disputes: { open: open.map(ownDispute), decided: decided.map(own) },
    points: { rows: rows.map(({ key, above, at }) => ({ key: own(key), points: above + POINTS_MIN, at })) },
  };
}

function ownDispute(dispute: ValueOf<typeof DisputeLayout>): Dispute {
  const { id, kind, claimant, suspect, evidence, deadline, votes } = dispute;
  return {
    ...{ id: own(id), kind, claimant: own(claimant), suspect: own(suspect), evidence: own(evidence), deadline },
    votes: votes.map(({ key, answer }) => ({ key: own(key), answer })),
  };
}

const own = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);

assert(JudgeLayout.sizeMax <= OBJECT_SIZE_MAX * 0.25, "judgement leaves room in a snapshot for all else");
