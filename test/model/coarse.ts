/**
 * What tells states of a member apart, and which of them are each other's mirror image.
 *
 * Two that differ in nothing but whose votes prove the same certificate do and say the same from there on, and have the
 * same image: a certificate counts for its phase, view, sequence and names, and of votes only how far each member's reach.
 *
 * The mirror exchanges two honest members that neither lead a view nor want anything. The engine knows members by their
 * place alone, and what it does with places is to ask for the primary's, to count, and to pick the first of those that will
 * do; so a table in which the two have changed places comes to the images of what the table comes to, and either of them
 * stands for both. The attacker can say to one whatever it can say to the other.
 */
import type { Certificate, SignedNewView } from "../../protocol/agreement/certificate.ts";
import { begin, end, mix, mixAll } from "./fingerprint.ts";
import type { Moves } from "./moves.ts";
import { numberOf } from "./notary.ts";
import { MEMBERS, type Member } from "./setting.ts";

export type Mirror = (member: number) => number;

export const SAME: Mirror = (member) => member;
/** Of views 0 and 1 members 0 and 1 are the primaries, and the two requests are theirs. */
export const EXCHANGED: Mirror = (member) => (member === 2 ? 3 : member === 3 ? 2 : member);

/** As a key: of equal ones a member's future is the same. `said` are the numbers of what it said, in the mirror. */
export function imageOf(replica: Member, said: readonly number[], mirror: Mirror): string {
  begin();
  mix(mirror(replica.me));
  mix(said.length);
  for (const number of said) mix(number);
  for (const key in replica) {
    const way = PARTS[key as keyof Member];
    if (typeof way === "function") way(replica, mirror);
  }
  return end();
}

/** Parts of a state that nothing is said about here. */
export const unknownParts = (replica: Member): string[] => Object.keys(replica).filter((key) => !(key in PARTS));

/** Parts that are the same in all states of one member. */
export const constantParts = (): (keyof Member)[] =>
  (Object.keys(PARTS) as (keyof Member)[]).filter((key) => PARTS[key] === "constant");

/** What was said, as the members are called in the mirror. */
export function imagesOf(moves: Moves, said: readonly number[], mirror: Mirror): number[] {
  return said.map((number) => numberIn(moves, number, mirror)).sort((left, right) => left - right);
}

function numberIn(moves: Moves, number: number, mirror: Mirror): number {
  const images = mirror === SAME ? moves.same : moves.exchanged;
  return (images[number] ??= imageNumber(moves, saying(moves, number, mirror)));
}

function imageNumber(moves: Moves, key: string): number {
  const known = moves.images.get(key);
  if (known !== undefined) return known;
  moves.images.set(key, moves.images.size);
  return moves.images.size - 1;
}

function saying(moves: Moves, number: number, mirror: Mirror): string {
  const move = moves.all[number];
  if (move.type !== "hear" || move.meaning.type === "other") return `${number}`;
  const { meaning } = move;
  if (meaning.type === "viewChange")
    return `${mirror(meaning.change.sender)} wants ${numberOf(meaning.change.body.digest)}`;
  if (meaning.type === "newView") {
    // Whoever enters it goes by its result, and by where it starts, which its maker's face shows: not by whose wishes it is of.
    const { view, result } = meaning.signed.newView;
    return `${mirror(meaning.signed.sender)} makes ${view} ${result.sequence} ${numberOf(result.digest)}`;
  }
  begin();
  const { sender: _, signature: __, ...rest } = meaning.signed;
  mixAll(rest);
  return `${mirror(meaning.signed.sender)} votes ${end()} ${meaning.brings}`;
}

type Way =
  | ((of: Member, mirror: Mirror) => void)
  /** Here, where nothing becomes stable, no epoch ends, clocks stand still and nobody asks anything. */
  | "constant"
  /** From what else is mixed, the numbers of what was said among it. */
  | "follows"
  /** See leave-out.ts. */
  | "left out";

const plainly =
  (key: keyof Member): Way =>
  (of) =>
    mixAll(of[key]);

/** Every part has its line, so that a new one is thought about. */
const PARTS: { readonly [K in keyof Member]-?: Way } = {
  ...{ now: "constant", options: "constant", table: "constant", key: "constant" },
  ...{ epoch: "constant", members: "constant", quorum: "constant", faults: "constant", epochStart: "constant" },
  ...{ stable: "constant", barrier: "constant", archive: "constant", lineage: "constant" },
  ...{ checkpoints: "constant", checkpointVotes: "constant", snapshot: "constant", leadership: "constant" },
  ...{ replies: "constant", answered: "constant", unsigned: "constant", machineDue: "constant" },
  ...{ wanting: "constant", arrived: "constant", told: "constant", probing: "constant", mutedUntil: "constant" },
  ...{ outdated: "constant", diverged: "constant" },
  ...{ newView: "left out", newViewBodies: "left out", objects: "left out" },
  ...{ seen: "left out", seenCommit: "left out", accused: "left out" },
  // The mirror has mixed it.
  me: "follows",
  ownBallot: "follows",
  view: plainly("view"),
  phase: plainly("phase"),
  wanted: plainly("wanted"),
  start: plainly("start"),
  repeated: plainly("repeated"),
  slots: (of) => {
    for (const { name, history, batch, kept, claim, again } of of.slots) {
      mixAll([name, history, batch !== undefined, kept.map((each) => each.name), claim, again]);
    }
  },
  executed: plainly("executed"),
  decided: plainly("decided"),
  known: plainly("known"),
  held: plainly("held"),
  votes: ({ votes }, mirror) => {
    for (let place = 0; place < MEMBERS; place++) {
      mix(votes.prepared[mirror(place)]);
      mix(votes.committed[mirror(place)]);
    }
  },
  own: plainly("own"),
  said: plainly("said"),
  claimed: plainly("claimed"),
  unsaid: plainly("unsaid"),
  certificates: (of) => {
    mix(of.certificates.length);
    for (const each of of.certificates) mixCertificate(each);
  },
  decision: (of) => {
    if (of.decision !== undefined) mixCertificate(of.decision.certificate);
    else mix(0);
  },
  viewChanges: (of, mirror) => {
    for (let place = 0; place < MEMBERS; place++) {
      const held = of.viewChanges[mirror(place)];
      mixAll(held === undefined ? undefined : [held.change.view, held.change.body, held.body !== undefined]);
    }
  },
  pendingNewView: (of, mirror) => {
    if (of.pendingNewView !== undefined) mixNewView(of.pendingNewView, mirror);
    else mix(0);
  },
  viewOver: plainly("viewOver"),
  pools: (of, mirror) => {
    for (let place = 0; place < MEMBERS; place++) {
      const { waiting, proposed } = of.pools[mirror(place)];
      mixAll([waiting.map((each) => each?.signed.signature), proposed]);
    }
  },
  lastNumber: plainly("lastNumber"),
  // All of it follows from the history but the time, of which a restart of counting may take back nothing.
  state: (of) => mixAll([of.state.sequence, of.state.history, of.state.time]),
  timing: plainly("timing"),
};

/** But for whose votes it is made of. */
function mixCertificate({ ballots: _, ...rest }: Certificate): void {
  mixAll(rest);
}

function mixNewView({ sender, newView }: SignedNewView, mirror: Mirror): void {
  mix(mirror(sender));
  mixAll([newView.view, newView.result]);
  for (let place = 0; place < MEMBERS; place++) {
    const change = newView.viewChanges.find((each) => each.sender === mirror(place));
    mixAll(change?.body);
  }
}
