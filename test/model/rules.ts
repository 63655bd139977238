/** What must hold of each honest member alone, whatever the others do; looked at with every step. */
import type { Effect } from "../../host/engine/consensus/events.ts";
import type { SignedBallot } from "../../protocol/agreement/ballot.ts";
import type { Evidence } from "../../protocol/agreement/evidence.ts";
import { committedOf, preparedOf } from "./faces.ts";
import type { Meaning, Moves } from "./moves.ts";
import { MEMBERS, type Member, TABLE_ID, type Table } from "./setting.ts";
import { onOneLine, type Spot } from "./spots.ts";

export interface Step {
  readonly before: Member;
  readonly after: Member;
  readonly effects: readonly Effect[];
  /** Before it and after it. */
  readonly said: readonly number[];
  readonly spoken: readonly number[];
}

/** Undefined where all is well. */
export function brokenRule(table: Table, moves: Moves, step: Step): string | undefined {
  const { before, after, effects, said, spoken } = step;
  if (after.view < before.view || after.executed < before.executed) return "it went back";
  if (after.diverged) return "it sees two histories, both decided";
  for (const effect of effects) {
    if (effect.type === "evidence") {
      const guilty = table.engine.judge(signersOf(table, after), table.worlds[after.me].ports, effect.evidence);
      if (guilty !== table.setting.byzantine) return `it has evidence against ${guilty ?? "nobody"}`;
    }
  }
  if (spoken.length === said.length) return undefined;
  const meaningOf = (number: number): Meaning | undefined => {
    const move = moves.all[number];
    return move.type === "hear" ? move.meaning : undefined;
  };
  for (const fresh of spoken) {
    if (said.includes(fresh)) continue;
    for (const earlier of spoken) {
      const why = earlier === fresh ? undefined : contradiction(table, after, meaningOf(earlier), meaningOf(fresh));
      if (why !== undefined) return why;
    }
  }
  return undefined;
}

function contradiction(
  table: Table,
  of: Member,
  earlier: Meaning | undefined,
  fresh: Meaning | undefined,
): string | undefined {
  if (earlier?.type === "ballot" && fresh?.type === "ballot") {
    if (parts(table, earlier.signed, fresh.signed)) return "it signed two histories in one phase of one view";
    return guilty(table, of, { type: "contradiction", first: earlier.signed, second: fresh.signed });
  }
  if (earlier?.type === "ballot" && fresh?.type === "viewChange") {
    if (earlier.signed.committed === undefined) return undefined;
    return guilty(table, of, { type: "amnesia", committed: earlier.signed, change: fresh.change, body: fresh.body });
  }
  if (fresh?.type === "viewChange" && earlier?.type === "viewChange") return "it wished twice for one view";
  return undefined;
}

/** Votes are cumulative: two of one phase in one view lie on one line. */
function parts(table: Table, first: SignedBallot, second: SignedBallot): boolean {
  if (first.view !== second.view) return false;
  const apart = (left: Spot | undefined, right: Spot | undefined): boolean =>
    left !== undefined && right !== undefined && !onOneLine(table.notary, left, right);
  return apart(preparedOf(first), preparedOf(second)) || apart(committedOf(first), committedOf(second));
}

/** Whatever can be made of what an honest member signed is no evidence. */
function guilty(table: Table, of: Member, evidence: Evidence): string | undefined {
  const judged = table.engine.judge(signersOf(table, of), table.worlds[of.me].ports, evidence);
  return judged === undefined ? undefined : `what it signed is evidence of ${evidence.type}`;
}

const signersOf = (table: Table, of: Member) => ({
  ...{ table: TABLE_ID, epoch: 0, members: table.keys.slice(0, MEMBERS), epochStart: of.epochStart },
});
