/** What the attacker has no right to say, and what whoever hears it refuses: others' votes under its own signature, and proofs
 * that are a vote or all of them short. */
import type { SignedBallot } from "../../protocol/agreement/ballot.ts";
import type { Certificate } from "../../protocol/agreement/certificate.ts";
import { sequence, view as viewOf } from "../../protocol/core/units.ts";
import type { ObjectName, Place } from "../../protocol/message/fields.ts";
import { bodyWith, placeIn, propose, sayBallot, wish, wishAs } from "./attacker.ts";
import { type Moves, otherSaid } from "./moves.ts";
import { ownVote, placeOf, signersOf } from "./proofs.ts";
import { CLIENTS, MEMBERS, type Member, nameOf, type Table } from "./setting.ts";
import { type Spot, spotOf } from "./spots.ts";

/** Another honest member's commit, as far as this one knows what there is to commit. */
export function forgedVotes(table: Table, moves: Moves, of: Member): number[] {
  const { engine, setting, worlds } = table;
  const other = table.honest.find((member) => member !== of.me && of.votes.committed[member] < of.known);
  if (other === undefined) return [];
  const committed = placeIn(of, of.known);
  const ballot = { view: viewOf(of.view), proposed: undefined, prepared: undefined, committed, checkpoint: undefined };
  const signed = engine.signBallot(signersOf(table), worlds[setting.byzantine].ports, other, ballot);
  return [sayBallot(moves, signed)];
}

/** As if it led the view. */
export function forgedProposals(table: Table, moves: Moves, of: Member): number[] {
  if (of.known > 0 || of.view % MEMBERS === table.setting.byzantine) return [];
  return [propose(table, moves, of, 1, CLIENTS[1])];
}

/** A decision by the attacker alone. */
export function forgedDecisions(table: Table, moves: Moves, of: Member): number[] {
  // What it would make of a proof does not depend on what else it knows.
  if (of.known > 0 || of.phase !== "normal") return [];
  return firsts(table, of.epochStart).flatMap((first) =>
    BY.map((by) => {
      const certificate = forged(table, of.epochStart, first, "committed", by);
      return otherSaid(moves, `${by} ${first.spot.history}`, { type: "certificate", certificate });
    }),
  );
}

/** A wish in another's name. */
export function falseWishes(table: Table, moves: Moves, epochStart: Place): number[] {
  return table.honest
    .filter((member) => !CLIENTS.includes(member))
    .map((member) => wishAs(table, moves, member, bodyWith(epochStart, {})));
}

/** A prefix without proof, one by the attacker's own vote, and a certificate of the same kind. */
export function forgedWishes(table: Table, moves: Moves, epochStart: Place): number[] {
  return firsts(table, epochStart).flatMap((first) => {
    const prefix = placeOf(table, first.spot);
    return [
      bodyWith(prefix, {}),
      ...BY.flatMap((by) => [
        bodyWith(prefix, { decision: forged(table, epochStart, first, "committed", by) }),
        bodyWith(epochStart, { certificates: [forged(table, epochStart, first, "prepared", by)] }),
      ]),
    ].map((body) => wish(table, moves, body));
  });
}

interface First {
  readonly name: ObjectName;
  readonly spot: Spot;
}

/** Either batch, first of all. */
function firsts(table: Table, start: Place): First[] {
  const { ports } = table.worlds[table.setting.byzantine];
  return CLIENTS.map((client) => {
    const name = nameOf(table, 1, client);
    const digest = table.engine.nextHistory(ports, start.digest, 1, name);
    return { name, spot: spotOf({ sequence: sequence(1), digest }) };
  });
}

/** With the attacker's vote alone, or with others beside it that it made itself. */
type By = "one" | "false names";
const BY: readonly By[] = ["one", "false names"];

function forged(table: Table, base: Place, { name, spot }: First, phase: Phase, by: By): Certificate {
  const ballots = by === "one" ? [ownVote(table, 0, spot, phase)] : ballotsOfAll(table, spot, phase);
  return { phase, view: viewOf(0), sequence: sequence(spot.sequence), base, names: [name], ballots };
}

type Phase = "prepared" | "committed";

/** As many as decide, all signed by the attacker. */
function ballotsOfAll(table: Table, spot: Spot, phase: Phase): SignedBallot[] {
  const { engine, setting, worlds, quorum } = table;
  const place = placeOf(table, spot);
  return Array.from({ length: quorum }, (_, sender) => {
    const ballot = {
      view: viewOf(0),
      proposed: phase === "prepared" && sender === 0 ? place : undefined,
      prepared: phase === "prepared" && sender > 0 ? place : undefined,
      committed: phase === "committed" ? place : undefined,
      checkpoint: undefined,
    };
    return engine.signBallot(signersOf(table), worlds[setting.byzantine].ports, sender, ballot);
  });
}
