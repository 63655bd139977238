/** The same vote for another history, signed; and as the primary another proposal of the same requests. */
import { type Ballot, HINT_SIZE } from "../../protocol/agreement/ballot.ts";
import type { Proposal, Proposals } from "../../protocol/agreement/request.ts";
import type { Said } from "../../protocol/agreement/said.ts";
import { draw, drawBelow, drawBytes } from "../../protocol/core/chance.ts";
import { DIGEST_SIZE } from "../../protocol/core/limits.ts";
import { agreedMillis, epoch } from "../../protocol/core/units.ts";
import { sealSaid } from "../../protocol/envelope/seal-said.ts";
import type { Place } from "../../protocol/message/fields.ts";
import { historyAt, nextHistory } from "../engine/consensus/log.ts";
import { batchName } from "../engine/consensus/proposals.ts";
import { requestsOf } from "../engine/consensus/requests.ts";
import type { Replica } from "../engine/consensus/state.ts";
import { signBallot, whole } from "../engine/consensus/statements.ts";
import { tableMachine } from "../engine/table/table-machine.ts";
import type { CrapsTable } from "../node/craps-table.ts";
import { type LiarHand, nameOf, replicaOf } from "./hand.ts";
import { ownSaid } from "./own-words.ts";

/** Undefined of what is no vote of its own, or one whose whole it has forgotten. */
export function otherwise(hand: LiarHand, packet: Uint8Array): Uint8Array | undefined {
  const of = replicaOf(hand);
  const said = ownSaid(hand, packet);
  if (of === undefined || said?.type !== "ballot") return undefined;
  const full = hand.voted.get(nameOf(said.ballot.signature)) ?? whole(said.ballot, () => undefined);
  if (full === undefined) return undefined;
  const fork = said.proposals === undefined ? undefined : propose(hand, of, full, said.proposals);
  const ballot = fork?.ballot ?? twisted(hand, full);
  const signed = signBallot(of, hand.ports, of.me, ballot);
  const forged: Said = {
    ...{ type: "ballot", ballot: signed, hint: new Uint8Array(HINT_SIZE) },
    proposals: fork?.proposals,
  };
  return sealSaid(forged, { id: of.table, epoch: epoch(of.epoch) }).bytes.slice();
}

function twisted({ lie, chance }: LiarHand, full: Ballot): Ballot {
  const other = (place: Place | undefined): Place | undefined =>
    place === undefined || (lie === "mutation" && draw(chance) < 0.5)
      ? place
      : { ...place, digest: drawBytes(chance, DIGEST_SIZE) };
  return { ...full, proposed: other(full.proposed), prepared: other(full.prepared), committed: other(full.committed) };
}

/** As the primary, the same requests at another time. */
function propose(
  hand: LiarHand,
  of: Replica<CrapsTable>,
  full: Ballot,
  proposals: Proposals,
): { readonly ballot: Ballot; readonly proposals: Proposals } | undefined {
  const world = { ports: hand.ports, machine: tableMachine(hand.rules) };
  const slots: Proposal[] = [];
  let before = historyAt(of, proposals.first - 1);
  if (before === undefined || full.proposed === undefined) return undefined;
  let at: number = proposals.first;
  for (const slot of proposals.slots) {
    let name = slot.type === "outline" ? undefined : slot.name;
    if (slot.type === "outline") {
      const requests = requestsOf(of, slot.runs);
      if (requests === undefined) return undefined;
      const time = agreedMillis(slot.time + 1 + drawBelow(hand.chance, 3));
      slots.push({ ...slot, time });
      name = batchName(world, { time, barrier: slot.barrier, requests });
    } else slots.push(slot);
    if (name === undefined) return undefined;
    before = nextHistory(world.ports, before, at, name);
    at += 1;
  }
  const proposed: Place = { ...full.proposed, digest: before };
  return { ballot: { ...full, proposed, committed: undefined }, proposals: { first: proposals.first, slots } };
}
