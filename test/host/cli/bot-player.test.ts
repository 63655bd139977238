import { expect, it } from "vitest";
import { botPlayer, PERSON_SEAT, wishOf } from "../../../host/cli/kiosk/bot-player.ts";
import { TableOperation } from "../../../host/engine/table/operation.ts";
import { accountOf, ownerOf, placeOfPlayer } from "../../../host/engine/table/players.ts";
import { BOT_SEAT, bot } from "../../../host/node/bot.ts";
import type { CrapsRules } from "../../../host/node/craps-table.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { CrapsKiosks } from "../node/craps-kiosks.ts";

/** Four kiosks with a bot each. */
class Bots extends CrapsKiosks {
  readonly places: number;

  constructor(places: number) {
    super(4);
    this.places = places;
  }

  readonly players = [0, 1, 2, 3].map((at) => botPlayer(bot(40 + at)));

  override rulesOf(at: number): CrapsRules {
    return { ...super.rulesOf(at), places: this.places };
  }

  async play(ms: number, done: () => boolean): Promise<boolean> {
    for (const until = this.now + ms; this.now < until; ) {
      for (const [at, player] of this.players.entries()) {
        const { node, key } = this.kiosks[at]!;
        const state = this.stateOf(at)!;
        const wish = wishOf(player, { rules: this.rulesOf(at), key, state }, this.now);
        // Those who ask here are answered by what they see: nobody counts their wishes.
        player.bot.wish = undefined;
        if (wish !== undefined) node?.submit(BOT_SEAT, wish);
      }
      if (await this.run(250, done)) return true;
    }
    return done();
  }

  person(at: number, type: "sit" | "stand"): void {
    this.kiosks[at]!.node?.submit(PERSON_SEAT, encode(TableOperation, { type }).slice());
  }

  placeOf(at: number, seat: number): number {
    const state = this.stateOf(0)!;
    return placeOfPlayer(state, accountOf(state, ownerOf(this.rulesOf(0), this.kiosks[at]!.key, seat)));
  }

  free(): number {
    return this.stateOf(0)!.places.filter((place) => place === undefined).length;
  }
}

it("bots take every place but one, which is a person's", async () => {
  const of = new Bots(4);
  await of.startAll();
  await of.run(500);
  expect(await of.play(30_000, () => of.free() === 1)).toBe(true);
  expect(await of.play(60_000, () => of.free() === 0)).toBe(false);
}, 60_000);

it("where a person sits down the kiosk's own bot takes back what it may, plays the rest out, and leaves until the person has left", async () => {
  const of = new Bots(5);
  await of.startAll();
  await of.run(500);
  expect(await of.play(30_000, () => of.free() === 1)).toBe(true);
  // They play: nobody takes the last place however long that goes on.
  expect(await of.play(120_000, () => of.stateOf(0)!.dice.lastRoll >= 5)).toBe(true);
  expect(of.free()).toBe(1);
  const place = of.placeOf(2, BOT_SEAT);
  const betsOf = () => of.stateOf(0)!.play.state.seats[place]!.length;
  expect(await of.play(60_000, () => betsOf() > 0)).toBe(true);

  of.person(2, "sit");
  expect(await of.play(5_000, () => of.placeOf(2, PERSON_SEAT) >= 0)).toBe(true);
  expect(await of.play(600_000, () => of.placeOf(2, BOT_SEAT) < 0)).toBe(true);
  expect(of.free()).toBe(1);
  const roll = of.stateOf(0)!.dice.lastRoll;
  expect(await of.play(120_000, () => of.stateOf(0)!.dice.lastRoll > roll + 2)).toBe(true);
  expect(of.placeOf(2, BOT_SEAT)).toBe(-1);

  of.person(2, "stand");
  expect(await of.play(30_000, () => of.placeOf(2, BOT_SEAT) >= 0)).toBe(true);
}, 60_000);
