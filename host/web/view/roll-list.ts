/** The last rolls as a kiosk shows them, each with its proof and with who signed that it was agreed. */
import { Certificate } from "../../../protocol/agreement/certificate.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import type { Effect } from "../../engine/consensus/events.ts";
import { historyAt } from "../../engine/consensus/log.ts";
import { primaryOf } from "../../engine/consensus/quorums.ts";
import type { Replica } from "../../engine/consensus/state.ts";
import { RollProof as ProofLayout } from "../../engine/dice/roll-proof.ts";
import { TableAnswer } from "../../engine/table/answer.ts";
import { proofDigest, rollFile } from "../../node/roll-file.ts";
import type { SeenRoll } from "../../node/roll-watch.ts";
import { ROLLS_SHOWN_MAX } from "../contract/limits.ts";
import type { Quorum, RollProof } from "../contract/roll-proof.ts";
import type { ShownRoll } from "../contract/rolls-part.ts";
import { hex } from "./hex.ts";
import { FRESH_ROLLS_MAX } from "./limits.ts";

export interface RollList {
  /** The newest last. */
  shown: readonly ShownRoll[];
  readonly proofs: Map<number, RollProof>;
  /** Seen to fall; which batch brought them is told after. */
  fresh: SeenRoll[];
}

export const rollList = (): RollList => ({ shown: [], proofs: new Map(), fresh: [] });

export function fall(of: RollList, roll: SeenRoll): void {
  if (of.fresh.length === FRESH_ROLLS_MAX) of.fresh.shift();
  of.fresh.push(roll);
}

/** All that came so far was in the journal: nobody says any more when it fell. */
export function remembered(of: RollList): void {
  for (const roll of of.fresh.splice(0)) show(of, roll, { sequence: 0, view: 0, primary: null, at: null }, null);
}

type Executed = Extract<Effect, { type: "executed" }>;

export function told(
  of: RollList,
  { sequence, done }: Executed,
  certificate: Certificate | undefined,
  replica: Replica<unknown>,
  at: number,
): void {
  for (const { result, repeated } of done) {
    const number = repeated ? undefined : rollIn(result);
    const place = number === undefined ? -1 : of.fresh.findIndex(({ roll }) => roll === number);
    if (place < 0) continue;
    const [roll] = of.fresh.splice(place, 1);
    const isProved =
      certificate !== undefined && certificate.base.sequence < sequence && sequence <= certificate.sequence;
    const view = isProved ? certificate.view : replica.view;
    const quorum = isProved ? quorumOf(certificate, historyAt(replica, certificate.sequence)) : null;
    show(of, roll, { sequence, view, primary: primaryOf(replica, view), at }, quorum);
  }
}

/** The number of the roll that an answer brings; most bring none. */
function rollIn(result: Uint8Array): number | undefined {
  const answer = decode(TableAnswer, result);
  if (!answer.ok) return undefined;
  return answer.value.type === "rolled" || answer.value.type === "voided" ? answer.value.roll : undefined;
}

function show(
  of: RollList,
  { roll, fell, point, shooter, seats }: SeenRoll,
  place: Pick<ShownRoll, "sequence" | "view" | "primary" | "at">,
  quorum: Quorum | null,
): void {
  if (of.shown.some((each) => each.roll === roll)) return;
  const file = fell === undefined ? undefined : rollFile(fell.keys, fell.proof);
  if (file !== undefined) of.proofs.set(roll, { ...file, quorum });
  const shown: ShownRoll = {
    ...{ roll, ...place, point, shooter: shooter ?? null },
    fell:
      fell === undefined
        ? null
        : { first: fell.first, second: fell.second, proofDigest: proofDigest(encode(ProofLayout, fell.proof).slice()) },
    seats: seats.map(({ place, member, net, bets }) => ({
      ...{ place, member: member ?? null, net },
      bets: bets.map(({ code, name, stake, type, net }) => ({ code, name, stake, type, net })),
    })),
  };
  of.shown = [...of.shown, shown].slice(-ROLLS_SHOWN_MAX);
  for (const old of of.proofs.keys()) if (of.proofs.size > ROLLS_SHOWN_MAX) of.proofs.delete(old);
}

/** Without a history where a checkpoint has taken it meanwhile: the certificate proves it all the same. */
function quorumOf(certificate: Certificate, history: Uint8Array | undefined): Quorum {
  const { phase, sequence, view, ballots } = certificate;
  return {
    ...{ phase, sequence, view, history: history === undefined ? "" : hex(history) },
    ballots: ballots.map(({ sender, signature }) => ({ member: sender, signature: hex(signature) })),
    certificate: hex(encode(Certificate, certificate).slice()),
  };
}
