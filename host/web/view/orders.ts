/**
 * What people at this kiosk ask of the table: each order becomes an operation, and is answered when the table has executed it,
 * has refused it, or has said nothing for too long.
 *
 * What is spent carries the account's next number, and several orders may be under way: each has the number after the one before
 * it. Where one of them is refused the numbers after it come too early. Their orders are asked again in the order in which they
 * came, each when nothing else of its seat is under way and before anything new: then no number is a guess, and nobody who presses
 * for what is always refused keeps another order from being done.
 */
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { utf8Decode } from "../../../protocol/bytes/utf8.ts";
import type { Counter } from "../../../protocol/core/units.ts";
import type { Effect } from "../../engine/consensus/events.ts";
import { craps } from "../../engine/games/craps/craps.ts";
import { CrapsAction } from "../../engine/games/craps/moves.ts";
import { BET_INTERVAL_MIN_MS } from "../../engine/judge/limits.ts";
import { TableAnswer } from "../../engine/table/answer.ts";
import { TableOperation } from "../../engine/table/operation.ts";
import { accountOf, ownerOf } from "../../engine/table/players.ts";
import { type Answer, REFUSALS, type Refusal, type Refused, refused } from "../contract/answers.ts";
import { WORDS_LENGTH_MAX } from "../contract/limits.ts";
import type { PlayerOrder } from "../contract/orders.ts";
import { ORDER_FORGOTTEN_MS, ORDERS_PER_SEAT_MAX, RENUMBERED_MAX } from "./limits.ts";
import type { AboutKiosk, SeenKiosk } from "./seen-kiosk.ts";

export interface Orders {
  /** In the order in which they were submitted. */
  readonly pending: Pending[];
  /** Those that came too fast, as a page's several bets do that are put down at once, and those whose number was wrong; in the order
   * in which they were asked for, which is the order in which they are submitted. */
  readonly waiting: Pending[];
  /** By engine's seat: the number after the last that was spent, as far as answers say. */
  readonly spent: number[];
  /** So many orders were asked for. */
  turns: number;
  /** What is refused now is answered by whoever asks. */
  isAsking: boolean;
}

interface Pending {
  readonly seat: number;
  readonly order: PlayerOrder;
  readonly since: number;
  /** Where it stands in the line of all. */
  readonly turn: number;
  readonly answer: (answer: Answer) => void;
  operation: Uint8Array;
  /** Of what is spent. */
  counter: number | undefined;
  /** The kiosk's, once the request has one. */
  number: Counter | undefined;
  tries: number;
}

export const orders = (): Orders => ({ pending: [], waiting: [], spent: [], turns: 0, isAsking: false });

export const underWay = ({ pending, waiting }: Orders, seat: number): number =>
  [...pending, ...waiting].filter((each) => each.seat === seat).length;

export interface Asked {
  readonly about: AboutKiosk;
  readonly seen: SeenKiosk;
  /** Of the running clock. */
  readonly now: number;
}

/** `seat`: the engine's. */
export function ask(of: Orders, order: PlayerOrder, seat: number, asked: Asked): Promise<Answer> {
  if (underWay(of, seat) >= ORDERS_PER_SEAT_MAX) return Promise.resolve(refused("busy"));
  return new Promise((answer) => {
    const one: Pending = {
      ...{ seat, order, since: asked.now, turn: of.turns++, answer, operation: new Uint8Array() },
      ...{ counter: undefined, number: undefined, tries: 0 },
    };
    // Nobody overtakes who waits.
    if (of.waiting.some((each) => each.seat === seat)) wait(of, one, asked);
    else submit(of, one, asked);
  });
}

function wait(of: Orders, one: Pending, asked: Asked): void {
  const after = of.waiting.findIndex((each) => each.turn > one.turn);
  of.waiting.splice(after < 0 ? of.waiting.length : after, 0, one);
  tryLater(of, one, asked);
}

function tryLater(of: Orders, one: Pending, asked: Asked): void {
  asked.about.clock.after(BET_INTERVAL_MIN_MS, () => {
    if (!of.waiting.includes(one)) return;
    const isOfSeat = ({ seat }: Pending) => seat === one.seat;
    const isNext = of.waiting.find(isOfSeat) === one && (one.tries === 0 || !of.pending.some(isOfSeat));
    if (!isNext) return tryLater(of, one, asked);
    of.waiting.splice(of.waiting.indexOf(one), 1);
    submit(of, one, asked);
  });
}

function submit(of: Orders, one: Pending, asked: Asked): void {
  const counter = nextCounter(of, one.seat, asked);
  const wanted = operationOf(one.order, counter as Counter);
  one.operation = encode(TableOperation, wanted).slice();
  one.counter = "counter" in wanted ? counter : undefined;
  one.number = undefined;
  of.isAsking = true;
  const not = asked.seen.node.submit(one.seat, one.operation);
  of.isAsking = false;
  if (not === undefined) of.pending.push(one);
  else if (not.why === "too fast") wait(of, one, asked);
  else if (not.why === "not now") {
    one.answer({ ok: false, why: not.why, words: not.words.slice(0, WORDS_LENGTH_MAX), next: null });
  } else one.answer(refusedBy(not.why));
}

/** What nobody has spent and no order under way is about to. */
function nextCounter(of: Orders, seat: number, { about, seen }: Asked): number {
  const table = seen.node.replica.state.machine;
  const index = accountOf(table, ownerOf(about.rules, about.key, seat));
  const agreed: number = index === undefined ? 0 : (table.ledger.accounts[index]?.nextCounter ?? 0);
  let next = Math.max(agreed, of.spent[seat] ?? 0);
  for (const each of of.pending) if (each.seat === seat && each.counter === next) next += 1;
  return next;
}

function operationOf(order: PlayerOrder, counter: Counter): TableOperation {
  switch (order.type) {
    case "sit":
      return { type: "sit" };
    case "leave":
      return { type: "stand" };
    case "rebuy":
      return { type: "rebuy", counter };
    default:
      return { type: "act", counter, action: encode(CrapsAction, actionOf(order)).slice() };
  }
}

function actionOf(order: Exclude<PlayerOrder, { type: "sit" | "leave" | "rebuy" }>): CrapsAction {
  switch (order.type) {
    case "bet":
    case "take":
      return { type: order.type, code: order.code, chips: order.chips };
    case "call":
      return { type: "call", code: order.code, working: order.working };
    default:
      return { type: order.type };
  }
}

/** Effects of the engine, as they are done. `revision`: from which on the view shows what has happened by now. */
export function note(of: Orders, effect: Effect, asked: Asked, revision: () => number): void {
  if (effect.type === "persist" && effect.record.type === "request") {
    const { seat, number, operation } = effect.record.signed.request;
    const one = of.pending.find(
      (each) => each.seat === seat && each.number === undefined && bytesEqual(each.operation, operation),
    );
    if (one !== undefined) one.number = number;
  } else if (effect.type === "refused" && !of.isAsking) {
    const at = of.pending.findIndex(({ seat, number }) => seat === effect.seat && number === undefined);
    if (at >= 0) of.pending.splice(at, 1)[0].answer(refused(WHY[effect.why]));
  } else if (effect.type === "answered") {
    const at = of.pending.findIndex(({ seat, number }) => seat === effect.seat && number === effect.number);
    if (at < 0) return;
    const [one] = of.pending.splice(at, 1);
    settle(of, one, effect.result, asked, revision);
  }
}

const WHY: { readonly [why in Extract<Effect, { type: "refused" }>["why"]]: Refusal } = Object.freeze({
  full: "busy",
  silent: "muted",
  "unknown rules": "muted",
});

function settle(of: Orders, one: Pending, result: Uint8Array, asked: Asked, revision: () => number): void {
  const answer = decode(TableAnswer, result);
  const why = answer.ok && answer.value.type === "refused" ? (utf8Decode(answer.value.why) ?? "failed") : undefined;
  if (why === undefined) {
    if (one.counter !== undefined) of.spent[one.seat] = Math.max(of.spent[one.seat] ?? 0, one.counter + 1);
    one.answer({ ok: true, revision: revision(), words: "" });
    return;
  }
  if ((why === "counter ahead" || why === "stale counter") && one.tries < RENUMBERED_MAX) {
    one.tries += 1;
    wait(of, one, asked);
    return;
  }
  one.answer(refusedBy(why));
}

/** In the game's own sentence, where it has one. */
export function refusedBy(why: string): Refused {
  const english = craps.strings["en"] ?? {};
  const own = Object.hasOwn(REFUSALS, why) ? REFUSALS[why as Refusal] : undefined;
  return { ok: false, why, words: english[why] ?? own ?? `It was refused: ${why}.`, next: null };
}

/** Nothing is asked any more. */
export function close({ pending, waiting }: Orders): void {
  for (const each of [...pending.splice(0), ...waiting.splice(0)]) each.answer(refused("not now"));
}

/** Whoever asked was told that there was no answer. */
export function forget({ pending, waiting }: Orders, now: number): void {
  for (const line of [pending, waiting]) {
    for (let i = line.length - 1; i >= 0; i--) {
      if (now - line[i].since > ORDER_FORGOTTEN_MS) line.splice(i, 1)[0].answer(refused("no answer yet"));
    }
  }
}
