/** Whether every statement in what is said was signed by whom it names: for whoever passes it on, and has nothing to do with it
 * otherwise. */
import type { BallotSaid } from "../../../protocol/agreement/ballot.ts";
import type { Said } from "../../../protocol/agreement/said.ts";
import { unreachable } from "../../../protocol/core/assert.ts";
import { verifyCertificate, verifyCheckpointProof } from "./certificates.ts";
import { historyAt } from "./log.ts";
import { wholeAsProposed } from "./proposals.ts";
import type { Replica, World } from "./state.ts";
import {
  hintFits,
  type Signers,
  verifyBallot,
  verifyNewView,
  verifyRequest,
  verifyViewChange,
  whole,
} from "./statements.ts";

/** "unknown": it leaves out what is not known here. */
export type SaidVerdict = "holds" | "forged" | "unknown";

/** `signers`: of the epoch in which it is said. */
export function verifySaid<S>(of: Replica<S>, signers: Signers, said: Said, world: World<S>): SaidVerdict {
  const { ports } = world;
  const isMember = ({ sender }: { readonly sender: number }): boolean => sender < signers.members.length;
  switch (said.type) {
    case "ballot":
      return isMember(said.ballot) ? ballotHolds(of, signers, said, world) : "forged";
    case "requests":
      return verdict(said.requests.every((each) => isMember(each) && verifyRequest(signers, ports, each)));
    case "viewChange":
      return verdict(isMember(said.change) && verifyViewChange(signers, ports, said.change));
    case "newView": {
      const { viewChanges } = said.newView;
      const isWhole = viewChanges.every((each) => isMember(each) && verifyViewChange(signers, ports, each));
      return verdict(isMember(said) && verifyNewView(signers, ports, said) && isWhole);
    }
    case "certificate":
      return verdict(verifyCertificate(signers, ports, said.certificate).ok);
    case "checkpoint":
      // Of a member that is behind, the proof may be of another epoch than the one it is said in.
      return said.proof.epoch === signers.epoch
        ? verdict(verifyCheckpointProof(signers, ports, said.proof))
        : "unknown";
    default:
      return unreachable(said);
  }
}

function ballotHolds<S>(of: Replica<S>, signers: Signers, said: BallotSaid, world: World<S>): SaidVerdict {
  const { ballot } = said;
  const isOurs = signers.epoch === of.epoch;
  const full =
    isOurs && ballot.view === of.view
      ? wholeAsProposed(of, said, world)
      : whole(ballot, (at) => (isOurs && at <= of.executed ? historyAt(of, at) : undefined));
  // Another history than ours: the one that is meant is not known here.
  if (full === undefined || !hintFits(ballot, full, said.hint)) return "unknown";
  if (verifyBallot(signers, world.ports, ballot.sender, full, ballot.signature)) return "holds";
  const { proposed, prepared, committed } = ballot;
  const isExplicit = [proposed, prepared, committed].every((each) => each === undefined || each.history !== undefined);
  // §2 two batches can have one hint: a vote for the other one is no forgery.
  return isExplicit ? "forged" : "unknown";
}

const verdict = (holds: boolean): SaidVerdict => (holds ? "holds" : "forged");
