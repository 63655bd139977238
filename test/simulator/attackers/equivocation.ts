/** A primary that tells two halves of the table two histories, and those who vote for both. */
import { historyAt, nextHistory } from "../../../host/engine/consensus/log.ts";
import { batchName } from "../../../host/engine/consensus/proposals.ts";
import { isPrimary } from "../../../host/engine/consensus/quorums.ts";
import { requestsOf } from "../../../host/engine/consensus/requests.ts";
import type { Replica } from "../../../host/engine/consensus/state.ts";
import type { Ballot } from "../../../protocol/agreement/ballot.ts";
import type { Proposal, Proposals } from "../../../protocol/agreement/request.ts";
import type { Said } from "../../../protocol/agreement/said.ts";
import { drawBelow } from "../../../protocol/core/chance.ts";
import { agreedMillis, sequence, view } from "../../../protocol/core/units.ts";
import type { ObjectName, Place } from "../../../protocol/message/fields.ts";
import type { Packet } from "../packet.ts";
import { act, dares, type Means, pass, passive } from "./attacker.ts";
import { isRight } from "./conspiracy.ts";
import { forgeBallot, forgeFriendsBallot, memberOf, others, wholeOf } from "./forge.ts";
import type { Attacker } from "./role.ts";

/** The other history, in one view. */
interface Fork {
  readonly epoch: number;
  readonly view: number;
  readonly histories: Map<number, Uint8Array>;
}

export function equivocation(means: Means): Attacker {
  let fork: Fork | undefined;
  let answered: { readonly packet: Packet; readonly said: Said | undefined } | undefined;
  const { conspiracy, sim } = means;

  const otherSaid = (packet: Packet): Said | undefined => {
    const of = memberOf(means);
    const { said } = packet;
    if (of === undefined || said?.type !== "ballot") return undefined;
    const full = wholeOf(means, said.ballot);
    if (full === undefined || full.view !== of.view) return undefined;
    if (fork !== undefined && (fork.epoch !== of.epoch || fork.view !== of.view)) fork = undefined;
    if (said.proposals === undefined) return fork === undefined ? undefined : onFork(means, of, fork, full);
    if (fork === undefined) {
      if (!isPrimary(of) || !dares(means)) return undefined;
      conspiracy.sides = 1 + drawBelow(means.chance, (1 << sim.identities.length) - 2);
      fork = { epoch: of.epoch, view: of.view, histories: new Map() };
    }
    return propose(means, of, fork, full, said.proposals);
  };

  return {
    ...passive(means, "equivocation"),
    says: (packet, to) => {
      if (answered?.packet !== packet) answered = { packet, said: otherSaid(packet) };
      const { said } = answered;
      if (said === undefined || !isRight(conspiracy, sim.kiosks[to].place)) pass(means, packet, to);
      else act(means, "equivocation", to, { said });
    },
  };
}

/** The same requests at another time, or without the last of them. */
function propose(means: Means, of: Replica<unknown>, fork: Fork, full: Ballot, proposals: Proposals): Said | undefined {
  const slots: Proposal[] = [];
  let before = fork.histories.get(proposals.first - 1) ?? historyAt(of, proposals.first - 1);
  if (before === undefined || full.proposed === undefined) return undefined;
  let at: number = proposals.first;
  for (const slot of proposals.slots) {
    const made = slot.type === "outline" ? otherOutline(means, of, slot) : { slot, name: slot.name };
    if (made === undefined) return undefined;
    slots.push(made.slot);
    before = nextHistory(means.ports, before, at, made.name);
    fork.histories.set(at, before);
    at += 1;
  }
  const right: Place = { sequence: full.proposed.sequence, digest: before };
  voteForBoth(means, of, full.proposed, right);
  return forgeBallot(means, of, { ...onlyCommon(full, fork), proposed: right }, { first: proposals.first, slots });
}

function otherOutline(
  means: Means,
  of: Replica<unknown>,
  outline: Extract<Proposal, { type: "outline" }>,
): { readonly slot: Proposal; readonly name: ObjectName } | undefined {
  const runs = outline.runs.length > 1 ? outline.runs.slice(0, -1) : outline.runs;
  const requests = requestsOf(of, runs);
  if (requests === undefined) return undefined;
  const time = agreedMillis(outline.time + 1 + drawBelow(means.chance, 3));
  const name = batchName(means.kiosk.world, { time, barrier: outline.barrier, requests });
  return { slot: { ...outline, time, runs }, name };
}

/** Votes on the fork, as far as it goes; what lies below it is common. */
function onFork(means: Means, of: Replica<unknown>, fork: Fork, full: Ballot): Said {
  const there = (place: Place | undefined): Place | undefined => {
    if (place === undefined) return undefined;
    return { ...place, digest: fork.histories.get(place.sequence) ?? place.digest };
  };
  return forgeBallot(means, of, { ...full, proposed: there(full.proposed), committed: there(full.committed) });
}

const onlyCommon = (full: Ballot, fork: Fork): Ballot => ({
  ...full,
  committed: full.committed !== undefined && fork.histories.has(full.committed.sequence) ? undefined : full.committed,
});

/** All friends at once, to each side for what it was told. */
function voteForBoth(means: Means, of: Replica<unknown>, left: Place, right: Place): void {
  const { conspiracy, sim, kiosk } = means;
  conspiracy.told = { epoch: of.epoch, view: of.view, left, right };
  for (const voter of conspiracy.doubleVoters) {
    for (const to of others(means)) {
      const side = isRight(conspiracy, sim.kiosks[to].place) ? right : left;
      const ballot = {
        view: view(of.view),
        proposed: undefined,
        prepared: side,
        committed: side,
        checkpoint: undefined,
      };
      const said = voter === kiosk.place ? undefined : forgeFriendsBallot(means, of, voter, ballot);
      if (said !== undefined) act(means, "doubleVote", to, { said });
    }
  }
  if (conspiracy.doubleVoters.length === 0) return;
  for (const to of others(means)) {
    const side = isRight(conspiracy, sim.kiosks[to].place) ? right : left;
    const ballot = { view: view(of.view), proposed: side, prepared: undefined, committed: side, checkpoint: undefined };
    act(means, "equivocation", to, { said: forgeBallot(means, of, ballot) });
  }
}

/** Alone, it votes for everything that anybody proposes or prepares; with friends, for what they tell each side. */
export function doubleVote(means: Means): Attacker {
  const { conspiracy, kiosk } = means;
  if (!conspiracy.doubleVoters.includes(kiosk.place)) conspiracy.doubleVoters.push(kiosk.place);
  return {
    ...passive(means, "doubleVote"),
    says: (packet, to) => {
      const of = memberOf(means);
      const full = packet.said?.type === "ballot" ? wholeOf(means, packet.said.ballot) : undefined;
      const { told } = conspiracy;
      if (of !== undefined && full !== undefined && told?.view === of.view && told.epoch === of.epoch) return;
      if (of === undefined || full === undefined || packet.said?.type !== "ballot" || !dares(means)) {
        pass(means, packet, to);
        return;
      }
      // Commits what it has only prepared.
      const early = {
        ...full,
        committed: full.proposed ?? full.prepared ?? full.committed,
        checkpoint: full.checkpoint,
      };
      act(means, "doubleVote", to, { said: forgeBallot(means, of, early, packet.said.proposals) });
    },
    turn: () => {
      const of = memberOf(means);
      if (of === undefined || !dares(means) || drawBelow(means.chance, 20) > 0) return;
      const at = sequence(of.known + drawBelow(means.chance, 2));
      const digest = historyAt(of, at) ?? means.ports.digest("nothing", Uint8Array.of(at & 0xff));
      const place = {
        sequence: at,
        digest: drawBelow(means.chance, 2) === 0 ? digest : means.ports.digest("other", digest),
      };
      const leads = isPrimary(of);
      const ballot = {
        view: view(of.view),
        proposed: leads ? place : undefined,
        prepared: leads ? undefined : place,
        committed: place,
        checkpoint: undefined,
      };
      const all = others(means);
      act(means, "doubleVote", all[drawBelow(means.chance, all.length)], { said: forgeBallot(means, of, ballot) });
    },
  };
}
