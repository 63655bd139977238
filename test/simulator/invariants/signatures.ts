/** What honest keys sign: one chain a view, across restarts; no vote below a wish; no commit without a quorum of prepares. */
import { quorum } from "../../../host/engine/consensus/quorum.ts";
import type { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import type { Certificate, SignedViewChange } from "../../../protocol/agreement/certificate.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { ancestor } from "../histories.ts";
import { brief } from "../mixing.ts";
import { isHonest, type Kiosk, type Note, type Sim } from "../sim.ts";
import type { Signer, Words } from "./seen.ts";
import { broken } from "./violation.ts";

/** Signed now: not in a view that was given up before. */
export function writesBallot(sim: Sim, of: Kiosk, ballot: SignedBallot, epoch: number): void {
  const { wish } = sim.checker.signers[of.place];
  if (wish !== undefined && wish.epoch === epoch && ballot.view < wish.change.view) {
    broken("views never fall", `kiosk ${of.place} votes in view ${ballot.view} and wants ${wish.change.view}`, sim);
  }
}

export function writesWish(sim: Sim, of: Kiosk, change: SignedViewChange, epoch: number): void {
  const { words, wish } = sim.checker.signers[of.place];
  if (wish !== undefined && wish.epoch === epoch && change.view <= wish.change.view) {
    broken("views never fall", `kiosk ${of.place} wants view ${change.view} after ${wish.change.view}`, sim);
  }
  for (const each of words) {
    if (each.epoch === epoch && each.view >= change.view) {
      broken("views never fall", `kiosk ${of.place} wants view ${change.view} and voted in ${each.view}`, sim);
    }
  }
}

export function saidWish(sim: Sim, of: Kiosk, change: SignedViewChange, epoch: number): void {
  const signer = sim.checker.signers[of.place];
  const { wish } = signer;
  if (wish !== undefined && wish.epoch === epoch && wish.change.view === change.view) {
    if (!bytesEqual(wish.change.signature, change.signature)) {
      broken("one wish a view", `kiosk ${of.place} has two for view ${change.view}`, sim);
    }
    return;
  }
  signer.wish = { epoch, change };
}

/** Said for the first time or again; others' ballots are passed on too. */
export function saidBallot(sim: Sim, of: Kiosk, compact: SignedBallot, members: readonly Uint8Array[]): void {
  const signature = brief(compact.signature);
  const own = of.voted.get(signature);
  if (own === undefined) {
    // What others said is passed on too.
    if (bytesEqual(members[compact.sender], of.identity.key)) {
      broken("journal first", `kiosk ${of.place} says a ballot that it has not written`, sim);
    }
    return;
  }
  const signer = sim.checker.signers[of.place];
  if (signer.said.has(signature)) return;
  signer.said.add(signature);
  const { ballot, epoch } = own;
  const words = wordsOf(signer, epoch, ballot.view);
  for (const position of [ballot.proposed, ballot.prepared, ballot.committed]) {
    if (position?.history !== undefined) extend(sim, of, words, position.sequence, brief(position.history));
  }
  words.prepared = Math.max(words.prepared, (ballot.proposed ?? ballot.prepared)?.sequence ?? 0);
  if (ballot.committed?.history !== undefined && ballot.committed.sequence > words.committed) {
    words.committed = ballot.committed.sequence;
    onWire(sim, of, words, words.committed, brief(ballot.committed.history), "prepared");
  }
  if (ballot.checkpoint !== undefined) {
    const known = signer.checkpoints.get(ballot.checkpoint.sequence);
    const digest = brief(ballot.checkpoint.digest);
    if (known !== undefined && known !== digest) {
      broken("one checkpoint", `kiosk ${of.place} signs two at ${ballot.checkpoint.sequence}`, sim);
    }
    signer.checkpoints.set(ballot.checkpoint.sequence, digest);
  }
}

function wordsOf(signer: Signer, epoch: number, view: number): Words {
  for (let at = signer.words.length - 1; at >= 0; at--) {
    const words = signer.words[at];
    if (words.epoch === epoch && words.view === view) return words;
  }
  const words: Words = { epoch, view, tip: 0, tipAt: -1, prepared: 0, committed: 0 };
  signer.words.push(words);
  return words;
}

/** Votes are cumulative: all that one key says in one view lies on one chain. */
function extend(sim: Sim, of: Kiosk, words: Words, at: number, history: number): void {
  if (words.tipAt < 0 || at > words.tipAt) {
    const below = words.tipAt < 0 ? words.tip : ancestor(sim.histories, history, at, words.tipAt);
    if (below !== words.tip) {
      broken("one chain a view", `kiosk ${of.place} signs two histories at ${words.tipAt} in view ${words.view}`, sim);
    }
    words.tip = history;
    words.tipAt = at;
  } else if (ancestor(sim.histories, words.tip, words.tipAt, at) !== history) {
    broken("one chain a view", `kiosk ${of.place} signs two histories at ${at} in view ${words.view}`, sim);
  }
}

/** As many keys have said so as must have, if all the faulty ones did. */
function onWire(
  sim: Sim,
  of: Kiosk,
  where: { readonly epoch: number; readonly view: number },
  at: number,
  history: number,
  phase: "prepared" | "committed" | "unanimous",
): void {
  const epoch = sim.checker.epochs[where.epoch];
  if (epoch === undefined) return;
  let votes = epoch.faulty;
  for (const place of epoch.members) {
    if (!isHonest(sim.kiosks[place])) continue;
    if (place === of.place ? mayVote(sim, of, where, at, history) : hasVoted(sim, place, where, at, history, phase)) {
      votes += 1;
    }
  }
  const needed = phase === "unanimous" ? epoch.members.length : quorum(epoch.members.length);
  if (votes < needed) {
    broken(
      "quorum on the wire",
      `kiosk ${of.place} in view ${where.view} at ${at}: ${votes} of ${needed} ${phase}`,
      sim,
    );
  }
}

/** Its own vote may not have left yet; but what did leave must not say otherwise. */
function mayVote(
  sim: Sim,
  of: Kiosk,
  { epoch, view }: { readonly epoch: number; readonly view: number },
  at: number,
  history: number,
): boolean {
  const words = sim.checker.signers[of.place].words.find((each) => each.epoch === epoch && each.view === view);
  return words === undefined || words.tipAt < at || ancestor(sim.histories, words.tip, words.tipAt, at) === history;
}

function hasVoted(
  sim: Sim,
  place: number,
  { epoch, view }: { readonly epoch: number; readonly view: number },
  at: number,
  history: number,
  phase: "prepared" | "committed" | "unanimous",
): boolean {
  const words = sim.checker.signers[place].words.find((each) => each.epoch === epoch && each.view === view);
  if (words === undefined || (phase === "committed" ? words.committed : words.prepared) < at) return false;
  return ancestor(sim.histories, words.tip, words.tipAt, at) === history;
}

export function decidedOnWire(sim: Sim, of: Kiosk, certificate: Certificate, note: Note): void {
  if (note.history === undefined || certificate.phase === "prepared") return;
  const { view, sequence, phase } = certificate;
  onWire(sim, of, { epoch: note.epoch, view }, sequence, note.history, phase);
}
