import { expect, test } from "vitest";
import { verifyRoll } from "../../../host/engine/dice/verify-roll.ts";
import { CrapsAction } from "../../../host/engine/games/craps/moves.ts";
import { audit } from "../../../host/engine/ledger/audit.ts";
import { TableAnswer } from "../../../host/engine/table/answer.ts";
import { TableOperation } from "../../../host/engine/table/operation.ts";
import { BOT_SEAT, type Bot, bot, nextWish, onAnswered, onNumbered, onRefused } from "../../../host/node/bot.ts";
import { parseRollFile, rollFile } from "../../../host/node/roll-file.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { counter } from "../../../protocol/core/units.ts";
import { diceSettle, house, order, orderBytes } from "../engine/table/house.ts";
import { CrapsKiosks, toldOf } from "./craps-kiosks.ts";

/** A bot at each kiosk, looked after every 20 ms as a kiosk's process does. */
async function play(of: CrapsKiosks, ms: number, bots: readonly Bot[]): Promise<void> {
  const seen = of.kiosks.map(({ told }) => told.length);
  for (let at = 0; at < ms; at += 20) {
    for (const [i, { node, key, told }] of of.kiosks.entries()) {
      for (; seen[i]! < told.length; seen[i]! += 1) hear(bots[i]!, told[seen[i]!]!, of.now);
      const state = of.stateOf(i);
      if (node === undefined || state === undefined) continue;
      const wish = nextWish(bots[i]!, { rules: of.rulesOf(i), key, state }, of.now);
      if (wish !== undefined) node.submit(BOT_SEAT, wish);
    }
    await of.run(20);
  }
}

function hear(of: Bot, effect: CrapsKiosks["kiosks"][number]["told"][number], now: number): void {
  if (effect.type === "answered") onAnswered(of, effect.number, now);
  else if (effect.type === "refused" && effect.seat === BOT_SEAT) onRefused(of);
  else if (effect.type === "persist" && effect.record.type === "request") {
    onNumbered(of, effect.record.signed.request.number, effect.record.signed.request.operation);
  }
}

test.each([2, 3, 4])(
  "%s bots sit down, bet what is legal and roll by themselves, and each roll adds up for everyone",
  async (count) => {
    const of = new CrapsKiosks(count);
    const bots = of.kiosks.map((_, at) => bot(at));
    await of.startAll();
    await play(of, 40_000, bots);
    await of.run(5000, () => of.isSettled());
    const [first] = of.seen;
    expect(first!.length).toBeGreaterThan(8);
    for (const seen of of.seen) expect(seen).toEqual(first);
    for (const { fell, seats, shooter } of first!) {
      expect(shooter).toBeDefined();
      expect(seats.length).toBeGreaterThan(0);
      const { keys, proof } = fell!;
      const parsed = parseRollFile(JSON.stringify(rollFile(keys, proof)));
      const verdict = parsed.ok ? verifyRoll(of.rulesOf(0).ports, parsed.keys, parsed.proof) : undefined;
      expect(verdict).toMatchObject({ ok: true, dice: [fell!.first, fell!.second] });
    }
    // What everyone has is the grant and what the rolls brought.
    const { ledger, places } = of.stateOf(0)!;
    expect(audit(ledger)).toEqual({ ok: true });
    for (const member of of.kiosks.keys()) {
      const net = first!.flatMap(({ seats }) => seats).filter((seat) => seat.member === member);
      const worth = ledger.rules.grant + net.reduce((sum, each) => sum + each.net, 0);
      const chips = places.map((account) => ledger.accounts[account!]!).map(({ free, locked }) => free + locked);
      expect(chips).toContain(worth);
    }
    // Bots ask for what is legal; what is refused is a stake that is too much for the bank or for the bet.
    const answers = of.kiosks
      .flatMap(({ told }) => toldOf(told, "answered").filter(({ seat }) => seat === BOT_SEAT))
      .map(({ result }) => decode(TableAnswer, result));
    const moved = answers.filter((answer) => answer.ok && answer.value.type === "moved").length;
    const refused = answers.flatMap((answer) =>
      answer.ok && answer.value.type === "refused" ? [Buffer.from(answer.value.why).toString()] : [],
    );
    expect(moved).toBeGreaterThan(40);
    for (const why of refused) expect(why).toMatch(/not now|above|cover/);
    expect(bots.every(({ latencies }) => latencies.length > 5)).toBe(true);
  },
  60_000,
);

test("bots without a chip pass the dice on once each, and then the table is quiet until somebody bets", () => {
  const of = house(4);
  const bots = of.kiosks.map((_, at) => bot(at));
  for (const client of of.kiosks.keys()) order(of, client, BOT_SEAT, { type: "sit" });
  diceSettle(of);
  const { accounts, rules } = of.state.ledger;
  for (const account of accounts) Object.assign(account, { free: 0, rebuys: rules.rebuysMax });
  const wished: (string | undefined)[] = [];
  for (let at = 0; at < 400; at++) {
    const client = at % 4;
    const { rules, state, kiosks } = of;
    const one = bots[client]!;
    const wish = nextWish(one, { rules, key: kiosks[client]!.member.key, state }, 50 * at);
    if (wish === undefined) continue;
    const operation = decode(TableOperation, wish);
    if (!operation.ok || operation.value.type !== "act") throw new Error("whoever sits and has nothing can only move");
    const move = decode(CrapsAction, operation.value.action);
    wished.push(move.ok ? move.value.type : undefined);
    expect(orderBytes(of, client, BOT_SEAT, wish).type).toBe("moved");
    onNumbered(one, counter(at), wish);
    onAnswered(one, counter(at), 50 * at);
  }
  expect(wished).toEqual(["passDice", "passDice", "passDice", "passDice"]);
});

test("a bot has one wish at a time, asks again where there was no room, and forgets in the end what nobody answers", async () => {
  const of = new CrapsKiosks(4);
  await of.startAll();
  await of.run(200);
  const one = bot(1);
  const look = (now: number): Uint8Array | undefined =>
    nextWish(one, { rules: of.rulesOf(0), key: of.kiosks[0]!.key, state: of.stateOf(0)! }, now);
  const wish = look(0);
  expect(wish).toBeDefined();
  expect(look(1)).toBe(undefined);
  onRefused(one);
  expect(look(2)).toEqual(wish);
  // Another's request is none of its business.
  onNumbered(one, counter(1), Uint8Array.of(9));
  onAnswered(one, counter(1), 3);
  expect(look(4)).toBe(undefined);
  onNumbered(one, counter(2), wish!);
  onRefused(one);
  expect(look(5)).toBe(undefined);
  onAnswered(one, counter(2), 7);
  expect(one.latencies).toEqual([5]);
  expect(look(8)).toEqual(wish);
  expect(look(40_000)).toEqual(wish);
});
