/**
 * What kiosks send: votes as they are sealed, certificates of votes, and the state of a table, made up from a seed. Only
 * the state is no message of ours: it repeats as much as a table's life does.
 */

import { blob } from "../../protocol/bytes/blobs.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import { list } from "../../protocol/bytes/compound.ts";
import { type Chance, drawBelow, drawBytes } from "../../protocol/core/chance.ts";
import { DIGEST_SIZE, MEMBERS_MAX, TABLE_ID_SIZE, VOTE_SIZE_MAX } from "../../protocol/core/limits.ts";
import { counter, epoch, memberIndex, sequence, view } from "../../protocol/core/units.ts";
import { seal } from "../../protocol/envelope/seal.ts";
import type { Sender } from "../../protocol/envelope/signing.ts";
import type { Prepare } from "../../protocol/message/agreement.ts";
import { person } from "../protocol/envelope/people.ts";

const EPOCH = epoch(1);
const TABLE = Uint8Array.from({ length: TABLE_ID_SIZE }, (_, at) => 0x5a + 7 * at);
const MEMBERS = Array.from({ length: MEMBERS_MAX }, (_, index) => person(1 + index));

/** What a vote is about: anything of a table's first day, seven batches a second and a view every thirty. */
export function subject(random: Chance): Prepare {
  const [turn, place] = [drawBelow(random, 2880), 1 + drawBelow(random, 600_000)];
  return { view: view(turn), sequence: sequence(place), digest: drawBytes(random, DIGEST_SIZE) };
}

/** A prepare, sealed by the member of that index. */
export function vote(random: Chance, about: Prepare, sender: number): Uint8Array {
  const from: Sender = {
    type: "member",
    table: TABLE,
    epoch: EPOCH,
    sender: memberIndex(sender),
    counter: counter(about.sequence * 3 + drawBelow(random, 3)),
  };
  return seal({ type: "prepare", ...about }, from, MEMBERS[sender]!.ports).bytes;
}

const Certificate = list(blob(VOTE_SIZE_MAX), MEMBERS_MAX);

/** Votes of `quorum` kiosks about one thing, whole, one after the other. */
export function certificate(random: Chance, quorum: number): Uint8Array {
  const about = subject(random);
  const votes = Array.from({ length: quorum }, (_, sender) => vote(random, about, sender));
  return encode(Certificate, votes);
}

const NAMES = ["north", "south", "window", "corner", "bar", "balcony", "cellar", "garden"];
const CHIPS = [1, 2, 5, 10, 25, 50, 100];

/** Exactly `size` bytes of state: accounts by id, then the bets that lie open, round after round. */
export function state(random: Chance, size: number): Uint8Array {
  const bytes: number[] = [];
  let account = 0;
  let round = 1;
  while (bytes.length < size) {
    const players = 4 + drawBelow(random, 5);
    for (let seat = 0; seat < players; seat++) {
      account += 1 + drawBelow(random, 3);
      pushAccount(bytes, random, account, seat);
    }
    pushVarint(bytes, round++);
    const bets = 8 + drawBelow(random, 24);
    pushVarint(bytes, bets);
    for (let bet = 0; bet < bets; bet++) pushBet(bytes, random, account - drawBelow(random, players), round);
  }
  return Uint8Array.from(bytes.slice(0, size));
}

/** Id, owner's name and seat, balances (free, locked, stake, unbonding), nonce, flags. */
function pushAccount(bytes: number[], random: Chance, account: number, seat: number): void {
  bytes.push(account & 0xff, (account >>> 8) & 0xff, 0x00, 0x00);
  const name = NAMES[drawBelow(random, NAMES.length)]!;
  bytes.push(name.length + 2);
  for (let at = 0; at < name.length; at++) bytes.push(name.charCodeAt(at));
  bytes.push(0x2d, 0x31 + seat);
  pushVarint(bytes, drawBelow(random, 200) * 50);
  pushVarint(bytes, drawBelow(random, 3) === 0 ? CHIPS[drawBelow(random, CHIPS.length)]! * 4 : 0);
  pushVarint(bytes, drawBelow(random, 4) === 0 ? 1000 : 0);
  pushVarint(bytes, 0);
  pushVarint(bytes, drawBelow(random, 5000));
  bytes.push(0x01);
}

/** Account, kind of bet, number bet on, chips, round, odds. */
function pushBet(bytes: number[], random: Chance, account: number, round: number): void {
  bytes.push(account & 0xff, (account >>> 8) & 0xff, 0x00, 0x00);
  const kind = drawBelow(random, 8);
  bytes.push(0x40 + kind, kind < 4 ? 0 : 4 + drawBelow(random, 7));
  pushVarint(bytes, CHIPS[drawBelow(random, CHIPS.length)]! * (1 + drawBelow(random, 3)));
  pushVarint(bytes, round);
  bytes.push(0x01, kind < 4 ? 0x01 : 0x06, 0x00);
}

/** Seven bits a byte, low ones first. */
function pushVarint(bytes: number[], value: number): void {
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  bytes.push(value);
}
