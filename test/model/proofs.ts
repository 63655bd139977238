/** Certificates that the attacker can put together: of what honest members have said, and of its own votes for whatever it
 * likes. */
import type { Ballot, SignedBallot } from "../../protocol/agreement/ballot.ts";
import type { Certificate } from "../../protocol/agreement/certificate.ts";
import { decode } from "../../protocol/bytes/codec.ts";
import { struct } from "../../protocol/bytes/compound.ts";
import { assert } from "../../protocol/core/assert.ts";
import { sequence, view as viewOf } from "../../protocol/core/units.ts";
import { Digest, ObjectName, type Place, Sequence } from "../../protocol/message/fields.ts";
import { committedOf, type Face, preparedOf } from "./faces.ts";
import type { Moves } from "./moves.ts";
import { bytesOf, entryOf } from "./notary.ts";
import { MEMBERS, TABLE_ID, type Table } from "./setting.ts";
import { historyAt, leadsThrough, type Spot } from "./spots.ts";

type Phase = Certificate["phase"];

export const placeOf = (table: Table, spot: Spot): Place => ({
  sequence: sequence(spot.sequence),
  digest: entryOf(table.notary, spot.history),
});

export const signersOf = (table: Table) => ({ table: TABLE_ID, epoch: 0, members: table.keys });

/** By the attacker's key. */
export function ownBallot(table: Table, ballot: Omit<Ballot, "checkpoint">): SignedBallot {
  const { engine, setting, worlds } = table;
  const own = worlds[setting.byzantine].ports;
  return engine.signBallot(signersOf(table), own, setting.byzantine, { ...ballot, checkpoint: undefined });
}

/** Its vote for a spot: of a primary, its proposal. */
export function ownVote(table: Table, view: number, spot: Spot, phase: "prepared" | "committed"): SignedBallot {
  const place = placeOf(table, spot);
  const leads = view % MEMBERS === table.setting.byzantine;
  return ownBallot(table, {
    view: viewOf(view),
    proposed: phase === "prepared" && leads ? place : undefined,
    prepared: phase === "prepared" && !leads ? place : undefined,
    committed: phase === "committed" ? place : undefined,
  });
}

/** Spots that there is a certificate of, each the last of its kind on its line and those below it. */
export function provable(table: Table, faces: readonly Face[], view: number, phase: Phase): Spot[] {
  const spots: Spot[] = [];
  for (const face of faces) {
    const { prepared, committed } = face.votes[view];
    let spot = phase === "committed" ? committed : prepared;
    while (spot !== undefined && spot.sequence > 0) {
      const { sequence: at, history } = spot;
      if (!spots.some((each) => each.history === history) && isProvable(table, faces, view, phase, spot))
        spots.push(spot);
      spot = { sequence: at - 1, history: historyAt(table.notary, spot, at - 1) };
    }
  }
  return spots;
}

function isProvable(table: Table, faces: readonly Face[], view: number, phase: Phase, spot: Spot): boolean {
  const voters = faces.filter((face) => {
    const { prepared, committed } = face.votes[view];
    const vote = phase === "committed" ? committed : prepared;
    return vote !== undefined && leadsThrough(table.notary, vote, spot);
  });
  const primary = view % MEMBERS;
  const led = primary === table.setting.byzantine || voters.some((face) => face.member === primary);
  return (phase === "committed" || led) && voters.length + 1 >= (phase === "unanimous" ? MEMBERS : table.quorum);
}

/** Undefined where the ballots that were said do not fit into one. */
export function certificateOf(
  table: Table,
  moves: Moves,
  faces: readonly Face[],
  of: { readonly view: number; readonly phase: Phase; readonly spot: Spot },
): Certificate | undefined {
  const { view, phase, spot } = of;
  const reach = phase === "committed" ? committedOf : preparedOf;
  const own = ownVote(table, view, spot, phase === "committed" ? "committed" : "prepared");
  const heard = faces.flatMap((face) => {
    const ballots = ballotsOf(moves, face).filter(
      (each) =>
        each.view === view && reaches(table, reach(each), spot) && reaches(table, preparedOf(each) ?? spot, spot),
    );
    // The one that says least besides.
    const least = ballots.sort((left, right) => furthest(left) - furthest(right))[0];
    return least === undefined ? [] : [least];
  });
  const primary = view % MEMBERS;
  const first = (ballot: SignedBallot): number => (phase !== "committed" && ballot.sender === primary ? 0 : 1);
  const count = phase === "unanimous" ? MEMBERS : table.quorum;
  const ballots = [own, ...heard].sort((left, right) => first(left) - first(right)).slice(0, count);
  let end = spot;
  for (const ballot of ballots) {
    const reached = reach(ballot);
    if (reached !== undefined && reached.sequence > end.sequence) end = reached;
  }
  const certificate: Certificate = {
    ...{ phase, view: viewOf(view), sequence: sequence(spot.sequence) },
    base: placeOf(table, { sequence: 0, history: historyAt(table.notary, spot, 0) }),
    names: namesTo(table, end),
    ballots: ballots.sort((left, right) => left.sender - right.sender),
  };
  const ports = table.worlds[table.setting.byzantine].ports;
  return table.engine.verifyCertificate(signersOf(table), ports, certificate).ok ? certificate : undefined;
}

const reaches = (table: Table, far: Spot | undefined, near: Spot): boolean =>
  far !== undefined && leadsThrough(table.notary, far, near);

const furthest = (ballot: SignedBallot): number =>
  (preparedOf(ballot)?.sequence ?? 0) + (committedOf(ballot)?.sequence ?? 0);

function ballotsOf(moves: Moves, face: Face): SignedBallot[] {
  return face.said.flatMap((number) => {
    const move = moves.all[number];
    return move.type === "hear" && move.meaning.type === "ballot" ? [move.meaning.signed] : [];
  });
}

/** What stands on the line from the beginning to the spot. */
export function namesTo(table: Table, spot: Spot): ObjectName[] {
  const names: ObjectName[] = [];
  let digest = entryOf(table.notary, spot.history);
  for (let at = spot.sequence; at > 0; at--) {
    const decoded = decode(HistoryStep, bytesOf(table.notary, digest));
    assert(decoded.ok && decoded.value.sequence === at, "a history is made of the one before it");
    names.unshift(decoded.value.name);
    digest = decoded.value.before;
  }
  return names;
}

const HistoryStep = struct("HistoryStep", { before: Digest, sequence: Sequence, name: ObjectName });
