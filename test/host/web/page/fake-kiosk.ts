/** A kiosk as a page sees it: the real game, the real proofs, and nothing of the mesh between; its dice fall when a story says so,
 * as it says. */

import { USUAL_CONFIG } from "../../../../host/engine/games/craps/config.ts";
import { craps } from "../../../../host/engine/games/craps/craps.ts";
import { settleRoll } from "../../../../host/engine/games/craps/settle.ts";
import { spotOf } from "../../../../host/engine/games/craps/spots.ts";
import { type CrapsState, emptyTable, heldBy } from "../../../../host/engine/games/craps/state.ts";
import type { Answer } from "../../../../host/web/contract/answers.ts";
import type { CrapsPart } from "../../../../host/web/contract/craps-part.ts";
import type { PlayerOrder } from "../../../../host/web/contract/orders.ts";
import type { ShownRoll } from "../../../../host/web/contract/rolls-part.ts";
import type { Wait } from "../../../../host/web/contract/state-part.ts";
import type { KioskView, SomeParts } from "../../../../host/web/contract/view.ts";
import type { DiceSource, Wanted } from "./dice-source.ts";
import { quietParts } from "./quiet-parts.ts";

const SEATS = 4;
const BANK = 200_000;
const GRANT = 1_000;
const NAMES = ["Window", "Bar", "Stairs", "Garden"];

export class FakeKiosk {
  readonly dice: DiceSource;
  readonly #now: () => number;
  readonly proofs = new Map<number, string>();
  readonly #free: (number | undefined)[] = [undefined, 870, 1_240, 400];
  readonly #rolls: ShownRoll[] = [];
  #kept = 0;
  #state: CrapsState = emptyTable(SEATS);
  #bank = BANK;
  #rolling: CrapsPart["rolling"] = null;
  #away: number[] = [];
  #closesAt: number | null = null;
  revision = 1;
  /** The next order is refused so. */
  refuseNext: string | undefined;
  /** What has changed since it was last told. */
  onChange: (parts: SomeParts) => void = () => {};

  constructor(dice: DiceSource, now: () => number = Date.now) {
    this.dice = dice;
    this.#now = now;
    this.#state.shooter = 1;
    this.#put(1, [0, 10], [8, 5]);
    this.#put(2, [109, 12], [12, 2]);
    this.#put(3, [1, 25]);
  }

  #put(place: number, ...bets: readonly (readonly [code: number, chips: number])[]): void {
    for (const [code, chips] of bets) {
      const moved = craps.moves.bet(
        USUAL_CONFIG,
        this.#state,
        place,
        { type: "bet", code, chips },
        { free: 500, bank: BANK },
      );
      if (!moved.ok) throw new Error(`seat ${place}: ${moved.why}`);
    }
  }

  view(): KioskView {
    const names = NAMES.map((name, member) => ({
      name,
      key: this.dice.members[member]!,
      isAway: this.#away.includes(member),
    }));
    const [free, place] = [this.#free[0] ?? this.#kept, this.#free[0] === undefined ? null : 0];
    const locked = heldBy(this.#state, 0);
    const whyNoLeave = place === null ? "does not sit" : locked > 0 ? "bets stand" : null;
    return {
      ...quietParts(names, this.#waits()),
      craps: {
        ...{ config: USUAL_CONFIG as CrapsPart["config"], state: structuredClone(this.#state), bank: this.#bank },
        players: this.#free.map((chips, seat) =>
          chips === undefined
            ? null
            : {
                member: seat,
                seat: 0,
                name: NAMES[seat]!,
                isMine: seat === 0,
                free: chips,
                worth: chips + heldBy(this.#state, seat),
                lastNet: null,
              },
        ),
        ...{ closesAt: this.#closesAt, rolling: this.#rolling, lastRoll: this.#rolls.at(-1)?.roll ?? 0 },
      },
      own: [
        {
          ...{ seat: 0, place, free, locked, worth: free + locked, rebuysLeft: 2, underWay: 0 },
          ...{ whyNoSit: place === null ? null : "sits already", whyNoLeave, whyNoRebuy: "has chips" },
        },
      ],
      rolls: [...this.#rolls],
    };
  }

  order(order: PlayerOrder): Answer {
    const why = this.refuseNext ?? this.#do(order);
    this.refuseNext = undefined;
    if (why !== undefined) return { ok: false, why, words: why, next: null };
    this.changed();
    return { ok: true, revision: this.revision, words: "" };
  }

  /** Bets are locked on the way to dice that fall as wanted. */
  lockFor(wanted: Wanted): void {
    this.#state.rolling = true;
    const lockDigest = this.dice.lockFor(wanted);
    const roll = (this.#rolls.at(-1)?.roll ?? 0) + 1;
    this.#rolling = { roll, lockDigest, way: "partials", since: this.#now(), given: [0, 1], missing: [2, 3] };
    this.changed();
  }

  land(): ShownRoll {
    const { first, second, file, digest } = this.dice.throw();
    const roll = (this.#rolls.at(-1)?.roll ?? 0) + 1;
    const { point, shooter } = this.#state;
    const { seats, events } = settleRoll(USUAL_CONFIG, this.#state, { first, second }, this.#bank);
    this.#state.rolling = false;
    seats.forEach(({ lost, won, returned }, place) => {
      this.#bank += lost - won;
      if (this.#free[place] !== undefined) this.#free[place] += won + returned;
    });
    const shown: ShownRoll = {
      ...{ roll, sequence: 40 + 6 * roll, view: 0, primary: 0, at: this.#now(), point, shooter },
      fell: { first, second, proofDigest: digest },
      seats: seats.flatMap((_, place) => {
        const bets = events.filter(({ seat }) => seat === place);
        if (bets.length === 0) return [];
        const named = bets.map(({ bet, type, stake, net }) => ({
          code: bet,
          name: spotOf(bet)!.name,
          type,
          stake,
          net,
        }));
        return [{ place, member: place, net: bets.reduce((sum, { net }) => sum + net, 0), bets: named }];
      }),
    };
    this.#rolls.push(shown);
    this.#rolling = null;
    this.proofs.set(roll, JSON.stringify({ ...file, quorum: null }));
    this.changed();
    return shown;
  }

  roll(wanted: Wanted): ShownRoll {
    this.lockFor(wanted);
    return this.land();
  }

  /** Too few gave their parts: every bet goes back. */
  voidRoll(): void {
    const roll = (this.#rolls.at(-1)?.roll ?? 0) + 1;
    const { point, shooter } = this.#state;
    this.#state.rolling = false;
    this.#rolling = null;
    this.#state.seats.forEach((bets, place) => {
      const held = heldBy(this.#state, place);
      bets.splice(0);
      if (this.#free[place] !== undefined) this.#free[place] += held;
    });
    this.#rolls.push({
      roll,
      sequence: 40,
      view: 0,
      primary: 0,
      at: this.#now(),
      point,
      shooter,
      fell: null,
      seats: [],
    });
    this.changed();
  }

  /** Gone, as the others see it. */
  kill(...members: readonly number[]): void {
    this.#away = [...members];
    this.changed();
  }

  closesIn(ms: number | null): void {
    this.#closesAt = ms === null ? null : this.#now() + ms;
    this.changed();
  }

  giveDiceTo(place: number): void {
    this.#state.shooter = place;
    this.#state.fresh = true;
    this.#state.afterSeven = true;
    this.changed();
  }

  changed(): void {
    this.revision += 1;
    this.onChange(this.view());
  }

  #do(order: PlayerOrder): string | undefined {
    if (order.type === "sit") {
      if (this.#free[0] !== undefined) return "sits already";
      this.#free[0] = this.#kept === 0 ? GRANT : this.#kept;
      return undefined;
    }
    const free = this.#free[0];
    if (free === undefined) return "does not sit";
    if (order.type === "leave") {
      if (heldBy(this.#state, 0) > 0) return "bets stand";
      [this.#kept, this.#free[0]] = [free, undefined];
      return undefined;
    }
    if (order.type === "rebuy") return "has chips";
    if (this.#state.rolling) return "not now";
    const purse = { free, bank: this.#bank };
    const moved = craps.moves[order.type](USUAL_CONFIG, this.#state, 0, order as never, purse);
    if (!moved.ok) return moved.why;
    this.#free[0] = free - moved.staked + moved.returned;
    // The dice themselves fall when the story says so.
    if (order.type === "roll") this.#state.rolling = false;
    return undefined;
  }

  #waits(): readonly Wait[] {
    const wait = (name: Wait["for"], members: readonly number[]): Wait => ({
      ...{ for: name, members, since: this.#now(), until: null },
    });
    if (this.#away.length > 1) return [wait("members", this.#away)];
    if (this.#rolling !== null) return [wait("dice", this.#rolling.missing)];
    return [wait("bets", [])];
  }
}
