/**
 * What kiosks send, made up from a seed: votes, certificates of votes, and the state of a table. Digests and signatures
 * are random, as real ones look; all else repeats as much as a table's life does.
 */

/** A small seeded generator (mulberry32): the same corpus in every run. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  u32(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** From 0 to `count` - 1. */
  below(count: number): number {
    return this.u32() % count;
  }

  bytes(size: number): Uint8Array {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at++) bytes[at] = this.below(256);
    return bytes;
  }
}

export const VOTE_HEADER_SIZE = 14;
const DIGEST_SIZE = 32;
const SIGNATURE_SIZE = 64;

export interface VoteSubject {
  /** 1 prepare, 2 commit. */
  kind: number;
  view: number;
  sequence: number;
  digest: Uint8Array;
}

export function subject(chance: Chance): VoteSubject {
  return {
    kind: 1 + chance.below(2),
    view: chance.below(4),
    sequence: 1 + chance.below(2000),
    digest: chance.bytes(DIGEST_SIZE),
  };
}

/** 110 bytes: a header of 14, a digest, a signature. */
export function vote(chance: Chance, about: VoteSubject, sender: number): Uint8Array {
  const counter = about.sequence * 3 + chance.below(3);
  const header = [0x11, about.kind, 0x5a, 0x07, sender, 0x01, about.view, 0x00];
  header.push(about.sequence & 0xff, about.sequence >>> 8, 0x00, counter & 0xff, (counter >>> 8) & 0xff, 0x20);
  return joined([Uint8Array.from(header), about.digest, chance.bytes(SIGNATURE_SIZE)]);
}

/** Votes of `quorum` kiosks about one thing, whole, one after the other. */
export function certificate(chance: Chance, quorum: number): Uint8Array {
  const about = subject(chance);
  const votes: Uint8Array[] = [];
  for (let sender = 0; sender < quorum; sender++) votes.push(vote(chance, about, sender));
  return joined([Uint8Array.from([0x21, quorum]), ...votes]);
}

const NAMES = ["north", "south", "window", "corner", "bar", "balcony", "cellar", "garden"];
const CHIPS = [1, 2, 5, 10, 25, 50, 100];

/** Exactly `size` bytes of state: accounts by id, then the bets that lie open, round after round. */
export function state(chance: Chance, size: number): Uint8Array {
  const bytes: number[] = [];
  let account = 0;
  let round = 1;
  while (bytes.length < size) {
    const players = 4 + chance.below(5);
    for (let seat = 0; seat < players; seat++) {
      account += 1 + chance.below(3);
      pushAccount(bytes, chance, account, seat);
    }
    pushVarint(bytes, round++);
    const bets = 8 + chance.below(24);
    pushVarint(bytes, bets);
    for (let bet = 0; bet < bets; bet++) pushBet(bytes, chance, account - chance.below(players), round);
  }
  return Uint8Array.from(bytes.slice(0, size));
}

/** Id, owner's name and seat, balances (free, locked, stake, unbonding), nonce, flags. */
function pushAccount(bytes: number[], chance: Chance, account: number, seat: number): void {
  bytes.push(account & 0xff, (account >>> 8) & 0xff, 0x00, 0x00);
  const name = NAMES[chance.below(NAMES.length)]!;
  bytes.push(name.length + 2);
  for (let at = 0; at < name.length; at++) bytes.push(name.charCodeAt(at));
  bytes.push(0x2d, 0x31 + seat);
  pushVarint(bytes, chance.below(200) * 50);
  pushVarint(bytes, chance.below(3) === 0 ? CHIPS[chance.below(CHIPS.length)]! * 4 : 0);
  pushVarint(bytes, chance.below(4) === 0 ? 1000 : 0);
  pushVarint(bytes, 0);
  pushVarint(bytes, chance.below(5000));
  bytes.push(0x01);
}

/** Account, kind of bet, number bet on, chips, round, odds. */
function pushBet(bytes: number[], chance: Chance, account: number, round: number): void {
  bytes.push(account & 0xff, (account >>> 8) & 0xff, 0x00, 0x00);
  const kind = chance.below(8);
  bytes.push(0x40 + kind, kind < 4 ? 0 : 4 + chance.below(7));
  pushVarint(bytes, CHIPS[chance.below(CHIPS.length)]! * (1 + chance.below(3)));
  pushVarint(bytes, round);
  bytes.push(0x01, kind < 4 ? 0x01 : 0x06, 0x00);
}

/** Seven bits a byte, low ones first. */
function pushVarint(bytes: number[], value: number): void {
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  bytes.push(value);
}

function joined(parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
