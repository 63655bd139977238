/**
 * What kiosks send: ballots as they travel, certificates of ballots, and the state of a table, made up from a seed. Only
 * the state is no layout of ours: it repeats as much as a table's life does.
 */

import { type Ballot, HINT_SIZE, type SignedBallot } from "../../protocol/agreement/ballot.ts";
import { Certificate } from "../../protocol/agreement/certificate.ts";
import { statementBytes } from "../../protocol/agreement/statement.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import { type Chance, drawBelow, drawBytes } from "../../protocol/core/chance.ts";
import { DIGEST_SIZE, MEMBERS_MAX, TABLE_ID_SIZE } from "../../protocol/core/limits.ts";
import { epoch, memberIndex, sequence, view } from "../../protocol/core/units.ts";
import { sealSaid } from "../../protocol/envelope/seal-said.ts";
import { person } from "../protocol/envelope/people.ts";

const TABLE = { id: Uint8Array.from({ length: TABLE_ID_SIZE }, (_, at) => 0x5a + 7 * at), epoch: epoch(1) };
const MEMBERS = Array.from({ length: MEMBERS_MAX }, (_, index) => person(1 + index));

/** What a backup has prepared and committed: anything of a table's first day, seven batches a second and a view every thirty. */
export function subject(random: Chance): Ballot {
  const [turn, at] = [drawBelow(random, 2880), 2 + drawBelow(random, 600_000)];
  const place = (number: number) => ({ sequence: sequence(number), digest: drawBytes(random, DIGEST_SIZE) });
  const [prepared, committed] = [place(at), place(at - 1)];
  return { view: view(turn), proposed: undefined, prepared, committed, checkpoint: undefined };
}

/** Signed with every history, and said without any: whoever receives it computes them. */
function ballot(about: Ballot, member: number): SignedBallot {
  const sender = memberIndex(member);
  const speaker = { table: TABLE.id, epoch: TABLE.epoch };
  const signature = MEMBERS[member]!.ports.sign(statementBytes(speaker, sender, { type: "ballot", ...about }));
  const bare = (place: Ballot["prepared"]) =>
    place === undefined ? undefined : { sequence: place.sequence, history: undefined };
  const { prepared, committed } = about;
  return { ...about, sender, signature, proposed: undefined, prepared: bare(prepared), committed: bare(committed) };
}

/** A ballot on its way, by the member of that index. */
export function vote(random: Chance, about: Ballot, member: number): Uint8Array {
  const hint = drawBytes(random, HINT_SIZE);
  const said = { type: "ballot", ballot: ballot(about, member), hint, proposals: undefined } as const;
  return sealSaid(said, TABLE, { repeat: drawBelow(random, 3) }).bytes;
}

/** Ballots of `quorum` kiosks about one thing, with the place in the history and the names of batches that it follows from. */
export function certificate(random: Chance, quorum: number): Uint8Array {
  const about = subject(random);
  const last = about.prepared!.sequence;
  return encode(Certificate, {
    phase: "prepared",
    view: about.view,
    sequence: last,
    base: { sequence: sequence(last - 2), digest: drawBytes(random, DIGEST_SIZE) },
    names: [0, 1].map(() => ({ digest: drawBytes(random, DIGEST_SIZE), size: 120 + drawBelow(random, 1000) })),
    ballots: Array.from({ length: quorum }, (_, member) => ballot(about, member)),
  });
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
