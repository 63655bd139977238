/** The craps table, who sits there, and the seats of this kiosk. */
import { hasBit } from "../../engine/dice/state.ts";
import { spareInBank } from "../../engine/ledger/bank.ts";
import { rebuyBelow } from "../../engine/ledger/grants.ts";
import { type Account, worthOf } from "../../engine/ledger/ledger.ts";
import { bankOf } from "../../engine/table/money.ts";
import { accountOf, ownerOf, placeOfPlayer } from "../../engine/table/players.ts";
import type { CrapsTable } from "../../node/craps-table.ts";
import type { PlayersBook } from "../../node/players-book.ts";
import type { CrapsPart, Player, Rolling } from "../contract/craps-part.ts";
import type { OwnSeat } from "../contract/own-part.ts";
import type { ShownRoll } from "../contract/rolls-part.ts";
import { hex } from "./hex.ts";
import type { Moments } from "./moments.ts";
import type { AboutKiosk, SeenKiosk } from "./seen-kiosk.ts";

export interface CrapsSight {
  readonly about: AboutKiosk;
  readonly seen: SeenKiosk;
  readonly playerOf: PlayersBook;
  readonly rolls: readonly ShownRoll[];
  readonly at: Moments;
}

export function crapsPart(sight: CrapsSight): CrapsPart {
  const { about, seen, at } = sight;
  const { state, timing } = seen.node.replica;
  const table = state.machine;
  const { movesUntil, play, dice } = table;
  return {
    config: about.rules.config,
    // What is agreed on changes in its place.
    state: { ...play.state, seats: play.state.seats.map((bets) => bets.map((bet) => ({ ...bet }))) },
    bank: bankOf(table),
    players: table.places.map((_, place) => playerAt(sight, table, place)),
    closesAt: movesUntil === undefined ? null : at.dateOfAgreed(movesUntil, timing.clock),
    ...{ rolling: rollingOf(seen, at), lastRoll: dice.lastRoll },
  };
}

function playerAt({ about, seen, playerOf, rolls }: CrapsSight, table: CrapsTable, place: number): Player | null {
  const index = table.places[place];
  const account = index === undefined ? undefined : table.ledger.accounts[index];
  if (account === undefined) return null;
  const player = playerOf(account.owner, table.dice.members);
  const member = player?.member ?? null;
  const key = member === null ? undefined : table.dice.members[member]?.key;
  const name = key === undefined ? undefined : about.nameOf(hex(key));
  const isHere = member !== null && member === seen.node.replica.me;
  const seats = rolls.map((roll) => roll.seats.find((seat) => seat.place === place && seat.member === member));
  return {
    ...{ member, seat: player?.seat ?? 0, name: name ?? (member === null ? "" : `Kiosk ${member + 1}`) },
    isMine: isHere && about.seats.includes(player?.seat ?? -1),
    ...{ free: account.free, worth: worthOf(account) },
    lastNet: seats.filter((seat) => seat !== undefined).at(-1)?.net ?? null,
  };
}

const WAYS = Object.freeze({ partials: "partials", committing: "committing", revealing: "revealing" } as const);

export function rollingOf({ node, dice: own }: SeenKiosk, at: Moments): Rolling | null {
  const { dice } = node.replica.state.machine;
  const { roll } = dice;
  const since = at.since("roll", roll !== undefined);
  if (roll === undefined) return null;
  const { phase, lock, digest } = roll;
  const holders = dice.key?.deal.holders.map(hex);
  const places = [...dice.members.keys()];
  // With partials those give who hold a part of the key, by their places among its holders.
  const holderOf = (member: number): number => holders?.indexOf(hex(dice.members[member].diceKey)) ?? -1;
  const asked = phase === "partials" ? places.filter((member) => holderOf(member) >= 0) : places;
  const hasGiven = (member: number): boolean => {
    switch (phase) {
      case "partials":
        return own?.partials.some(({ holder }) => holder === holderOf(member)) ?? false;
      case "committing":
        return roll.commitments.some((each) => each.member === member);
      case "revealing":
        return roll.openings.some((each) => each.member === member);
    }
  };
  const isKnown = phase !== "partials" || own !== undefined;
  return {
    ...{ roll: lock.roll, lockDigest: hex(digest), way: WAYS[phase] },
    since,
    given: asked.filter((member) => hasGiven(member)),
    missing: isKnown ? asked.filter((member) => !hasGiven(member) && !hasBit(roll.gaveUp, member)) : [],
  };
}

export function ownPart({ about, seen }: CrapsSight, underWay: (seat: number) => number): OwnSeat[] {
  const table = seen.node.replica.state.machine;
  return about.seats.map((engineSeat, seat): OwnSeat => {
    const index = accountOf(table, ownerOf(about.rules, about.key, engineSeat));
    const account = index === undefined ? undefined : table.ledger.accounts[index];
    const place = placeOfPlayer(table, index);
    const { rebuysMax } = about.rules.ledger;
    return {
      ...{ seat, place: place < 0 ? null : place, free: account?.free ?? 0, locked: account?.locked ?? 0 },
      worth: account === undefined ? 0 : worthOf(account),
      rebuysLeft: Math.max(0, rebuysMax - (account?.rebuys ?? 0)),
      whyNoSit: place >= 0 ? "sits already" : table.places.includes(undefined) ? null : "no free place",
      whyNoLeave: place < 0 ? "does not sit" : (account?.locked ?? 0) > 0 ? "bets stand" : null,
      whyNoRebuy: whyNoRebuy(table, account, rebuysMax),
      underWay: underWay(engineSeat),
    };
  });
}

/** In the ledger's words and order. */
function whyNoRebuy({ ledger }: CrapsTable, account: Account | undefined, rebuysMax: number): string | null {
  if (account?.identity === undefined) return "not granted";
  if (account.rebuys >= rebuysMax) return "re-buys used up";
  if (worthOf(account) >= rebuyBelow(ledger)) return "has chips";
  return spareInBank(ledger) < ledger.rules.grant ? "bank short" : null;
}
