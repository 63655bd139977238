/**
 * What others can tell of a member: what it has said, and what it has decided and executed. What else it knows shows in what it
 * does next. Whether a step changes the face is what makes it visible.
 */
import type { SignedBallot } from "../../protocol/agreement/ballot.ts";
import { assert } from "../../protocol/core/assert.ts";
import type { Place } from "../../protocol/message/fields.ts";
import type { Moves } from "./moves.ts";
import { numberOf } from "./notary.ts";
import type { Member } from "./setting.ts";
import { type Spot, spotOf } from "./spots.ts";

export interface Face {
  readonly number: number;
  readonly member: number;
  /** Everything it has said, ascending. */
  readonly said: readonly number[];
  readonly executed: Spot;
  readonly decided: Spot;
  readonly view: number;
  /** The view that it votes in, or wants. */
  readonly wanted: number;
  /** What view 1 begins with, where it has entered it. */
  readonly entered: Entered | undefined;
  /** How far it has said its votes, by view. */
  readonly votes: readonly Votes[];
  /** Its wish for view 1, and the new view that it made. */
  readonly wish: number | undefined;
  readonly newView: number | undefined;
}

export interface Entered {
  readonly start: Spot;
  /** The last that is proposed again. */
  readonly result: Spot;
}

export interface Votes {
  readonly prepared: Spot | undefined;
  readonly committed: Spot | undefined;
}

export interface Faces {
  readonly all: Face[];
  readonly numbers: Map<string, number>;
}

export const faces = (): Faces => ({ all: [], numbers: new Map() });

/** Of a member that has said `said`; what it was before tells what it began view 1 with. */
export function faceOf(
  of: Faces,
  moves: Moves,
  replica: Member,
  said: readonly number[],
  entered: Entered | undefined,
): number {
  const executed = { sequence: replica.executed, history: numberOf(replica.state.history) };
  const decided = replica.decided > replica.executed ? spotOf(decisionOf(replica)) : executed;
  const place = (spot: Spot | undefined): string => (spot === undefined ? "" : `${spot.sequence}.${spot.history}`);
  const key = [
    ...[replica.me, said.join("."), place(executed), place(decided), replica.view, replica.wanted],
    ...[place(entered?.start), place(entered?.result)],
  ].join("/");
  const known = of.numbers.get(key);
  if (known !== undefined) return known;
  const number = of.all.length;
  of.numbers.set(key, number);
  of.all.push({
    ...{ number, member: replica.me, said, executed, decided, view: replica.view, wanted: replica.wanted, entered },
    ...spoken(moves, said),
  });
  return number;
}

function decisionOf(replica: Member): Place {
  assert(replica.decision !== undefined, "what is decided has its proof");
  return replica.decision.place;
}

function spoken(moves: Moves, said: readonly number[]): Pick<Face, "votes" | "wish" | "newView"> {
  const votes: Votes[] = [NO_VOTES, NO_VOTES];
  let wish: number | undefined;
  let newView: number | undefined;
  for (const number of said) {
    const move = moves.all[number];
    if (move.type !== "hear") continue;
    const { meaning } = move;
    if (meaning.type === "viewChange") wish = number;
    else if (meaning.type === "newView") newView = number;
    else if (meaning.type === "ballot")
      votes[meaning.signed.view] = further(votes[meaning.signed.view], meaning.signed);
  }
  return { votes, wish, newView };
}

const NO_VOTES: Votes = Object.freeze({ prepared: undefined, committed: undefined });

function further(votes: Votes, ballot: SignedBallot): Votes {
  return {
    prepared: furthest(votes.prepared, preparedOf(ballot)),
    committed: furthest(votes.committed, committedOf(ballot)),
  };
}

const furthest = (left: Spot | undefined, right: Spot | undefined): Spot | undefined =>
  left === undefined || (right !== undefined && right.sequence > left.sequence) ? right : left;

export const preparedOf = (ballot: SignedBallot): Spot | undefined => spotIn(ballot.proposed ?? ballot.prepared);
export const committedOf = (ballot: SignedBallot): Spot | undefined => spotIn(ballot.committed);

function spotIn(position: SignedBallot["prepared"]): Spot | undefined {
  return position?.history === undefined
    ? undefined
    : { sequence: position.sequence, history: numberOf(position.history) };
}
