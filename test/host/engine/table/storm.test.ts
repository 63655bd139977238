import { expect, test } from "vitest";
import { evidenceDigest } from "../../../../host/engine/judge/disputes.ts";
import { Proof } from "../../../../host/engine/judge/proof.ts";
import { audit } from "../../../../host/engine/ledger/audit.ts";
import type { Machine } from "../../../../host/engine/machine.ts";
import { auditStakes } from "../../../../host/engine/stakes/audit.ts";
import { accusation } from "../../../../host/engine/table/accusation.ts";
import { TableOperation } from "../../../../host/engine/table/operation.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { type Chance, chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { agreedMillis, counter, epoch, memberIndex, sequence } from "../../../../protocol/core/units.ts";
import { DisputeClaim } from "../../../../protocol/message/dispute.ts";
import { START } from "../dice/kiosks.ts";
import { contradiction, impossible, twoRequests } from "../judge/cheats.ts";
import { sceneOf, text } from "./courtroom.ts";
import { accountAt, act, diceSettle, type House, house, orderBytes, passTime, type State, whereIs } from "./house.ts";

const PLAYERS = 6;

/** Everything is done by two replicas, of which the second begins again from a snapshot now and then. */
function twins(of: House): { readonly of: House; restart(): void; readonly other: () => State } {
  const { machine } = of;
  let other = machine.initial();
  const both: Machine<State> = {
    ...machine,
    execute(state, operation) {
      const answer = machine.execute(state, operation);
      expect(machine.execute(other, operation)).toEqual(answer);
      return answer;
    },
    advance(state, time) {
      machine.advance(state, time);
      machine.advance(other, time);
    },
    house: {
      ...machine.house!,
      change(state, next) {
        machine.house!.change(state, next);
        machine.house!.change(other, next);
      },
    },
  };
  return {
    of: { ...of, machine: both },
    restart: () => {
      other = machine.restore(machine.snapshot(other))!;
    },
    other: () => other,
  };
}

function proofOf(of: House, from: Chance, liar: number): Proof {
  const scene = sceneOf(of);
  const about = drawBelow(from, 30);
  switch (drawBelow(from, 3)) {
    case 0:
      return contradiction(scene, liar, { view: about });
    case 1:
      return twoRequests(scene, liar, about);
    default:
      return impossible(scene, liar, Uint8Array.of(0xff, about));
  }
}

const draw = <T>(from: Chance, items: readonly T[]): T => items[drawBelow(from, items.length)]!;

/** One that is true, or was; or one that was changed in a bit. */
function accuseOf(of: House, from: Chance, told: Uint8Array[], words: string[]): void {
  const [known] = told;
  if (known !== undefined && drawBelow(from, 4) === 0) words.push(text(orderBytes(of, 0, 0, draw(from, told))));

  const members = of.state.dice.members.length;
  const [by, liar] = [drawBelow(from, members), drawBelow(from, members)];
  const { ports } = of.kiosks.find(({ member }) => member.key === of.state.dice.members[by]!.key) ?? of.kiosks[0]!;
  const time = agreedMillis(START + of.now);
  const made = accusation(of.rules, of.state, ports, ports.key, of.state.dice.epoch, proofOf(of, from, liar), time);
  if (!made.ok) return;
  const bytes = new Uint8Array(made.operation);
  const isForged = drawBelow(from, 2) === 0;
  if (!isForged) told.push(made.operation);
  if (isForged) bytes[2 + drawBelow(from, bytes.length - 2)]! ^= 1 << drawBelow(from, 8);
  const before = of.machine.snapshot(of.state);
  const answer = orderBytes(of, by, 0, bytes);
  words.push(text(answer));
  if (isForged) expect(answer.type).toBe("refused");
  if (answer.type === "refused") expect(of.machine.snapshot(of.state)).toEqual(before);
}

function disputeOf(of: House, from: Chance): TableOperation {
  const suspect = memberIndex(drawBelow(from, of.state.dice.members.length));
  const isProof = drawBelow(from, 3) === 0;
  const evidence = isProof ? encode(Proof, proofOf(of, from, suspect)) : Uint8Array.of(drawBelow(from, 4));
  const claim = {
    kind: draw(from, ["invalidPayout", "timeout", "doubleSpending"] as const),
    suspect,
    sequence: sequence(drawBelow(from, 9)),
    opened: agreedMillis(START + of.now),
    digest: evidenceDigest(of.kiosks[0]!.ports, evidence),
    evidence,
  };
  return { type: "dispute", claim: encode(DisputeClaim, claim) };
}

function operationOf(of: House, from: Chance, player: number): TableOperation | undefined {
  const account = accountAt(of, player);
  const next = counter((account?.nextCounter ?? 0) + (drawBelow(from, 9) === 0 ? 1 : 0));
  const amount = draw(from, [1, 100, 1_000, account?.free ?? 0, account?.stake ?? 0]) as never;
  const [open] = of.state.judge.disputes.open;
  const answer = draw(from, ["uphold", "reject", "abstain", "needMoreEvidence"] as const);
  return draw<TableOperation | undefined>(from, [
    ...([{ type: "sit" }, { type: "stand" }, { type: "rebuy", counter: next }] as const),
    ...([
      { type: "stake", counter: next, amount },
      { type: "unstake", counter: next, amount },
    ] as const),
    { type: "withdraw", counter: next },
    disputeOf(of, from),
    ...[1, 2, 3].map(() =>
      open === undefined ? undefined : ({ type: "vote", vote: { dispute: open.id, answer, reason: "" } } as const),
    ),
  ]);
}

function moveOf(of: House, from: Chance, player: number): void {
  const account = accountAt(of, player);
  if (account === undefined) return;
  const purse = { free: account.free, bank: of.state.ledger.bank };
  const legal = of.rules.game.legalActions(of.rules.config, of.state.play.state, player, purse);
  if (legal.length > 0) act(of, player, draw(from, legal));
}

/** Some leave, some come, outcasts go. */
function changeOf(of: House, from: Chance): void {
  const time = agreedMillis(START + of.now);
  if (!of.machine.house!.mayChange(of.state, time)) return;
  const isOut = (key: Uint8Array): boolean => of.state.outcasts.some((each) => Buffer.compare(each, key) === 0);
  const members = of.kiosks.map(({ member }) => member.key).filter((key) => !isOut(key) && drawBelow(from, 4) > 0);
  if (members.length < 2) return;
  of.machine.house!.change(of.state, {
    ...{ epoch: epoch(of.state.dice.epoch + 1), members, time },
    start: { sequence: sequence(drawBelow(from, 99)), digest: new Uint8Array(32).fill(of.state.dice.epoch) },
  });
}

test("two thousand random doings with cheats, forgeries, disputes, leavings and restarts keep every chip, and two replicas the same to the byte [P03] [P04] [M16]", () => {
  const from = chance(29);
  const { of, restart, other } = twins(house(5, { places: PLAYERS, spare: 2 }));
  const words: string[] = [];
  const told: Uint8Array[] = [];
  for (let count = 0; count < 2_000; count++) {
    const player = drawBelow(from, PLAYERS);
    const { client, seat } = whereIs(of, player);
    const doing = drawBelow(from, 100);
    if (doing < 40) moveOf(of, from, player);
    else if (doing < 70) {
      const operation = operationOf(of, from, player);
      if (operation !== undefined) words.push(text(orderBytes(of, client, seat, encode(TableOperation, operation))));
    } else if (doing < 80) accuseOf(of, from, told, words);
    else if (doing < 84)
      orderBytes(
        of,
        Math.max(0, client),
        seat,
        Uint8Array.from({ length: 9 }, () => drawBelow(from, 256)),
      );
    else if (doing < 86) changeOf(of, from);
    else passTime(of, draw(from, [1_000, 21_000, 3_600_000, 86_400_000, 3 * 86_400_000]));
    if (of.state.dice.roll !== undefined) diceSettle(of);
    if (count % 50 === 0) restart();
    expect(audit(of.state.ledger).ok).toBe(true);
    expect(auditStakes(of.state.stakes, of.state.ledger)).toBe(true);
  }
  expect(of.machine.snapshot(of.state)).toEqual(of.machine.snapshot(other()));
  for (const word of [
    "convicted",
    "disputed",
    "decided",
    "done",
    "sat",
    "refused: known evidence",
    "refused: another epoch",
  ])
    expect(words).toContain(word);
  expect(of.state.dice.epoch).toBeGreaterThan(10);
  expect(of.state.dice.lastRoll).toBeGreaterThan(20);
});
