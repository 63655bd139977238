/** What one roll costs a table: bytes in the air, and the time of one kiosk that does its part and executes what was ordered, by the
 * real group and with real signatures. */
import { executeDice } from "../../host/engine/dice/dice.ts";
import { SETTLE_STAGGER_MS } from "../../host/engine/dice/limits.ts";
import { DiceOperation } from "../../host/engine/dice/operation.ts";
import { stepOwnDice } from "../../host/engine/dice/own-dice.ts";
import type { OwnEffect, OwnEvent } from "../../host/engine/dice/own-state.ts";
import type { PartialSaid } from "../../host/engine/dice/partial.ts";
import { TableOperation } from "../../host/engine/table/operation.ts";
import { partialMessage } from "../../host/node/partial-message.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import { agreedMillis, counter, epoch, memberIndex, millis } from "../../protocol/core/units.ts";
import { seal } from "../../protocol/envelope/seal.ts";
import { sealSaid } from "../../protocol/envelope/seal-said.ts";
import { type DiceTable, diceTable, lock, START, settleDown, TABLE } from "../host/engine/dice/kiosks.ts";
import { median } from "./bench.ts";

export interface RollCost {
  /** All that is said for the dice of one roll before it is settled, each once, in its envelope. */
  readonly rollBytes: number;
  /** Of the request that settles it; by commit–reveal, of the openings. */
  readonly settleBytes: number;
  readonly ms: number;
}

/** Into an evening, where numbers have grown. */
const FIRST_ROLL = 300;
const COUNTER = 5_000;

export function rollCost(count: number, revealAlways: boolean, rolls: number): RollCost {
  const of = diceTable(count, { world: "real", revealAlways });
  settleDown(of);
  of.state.lastRoll = FIRST_ROLL - 1;
  const all = Array.from({ length: rolls }, () => oneRoll(of));
  // One that comes in the first rolls' place would be of functions that nobody has called yet.
  const kept = all.slice(Math.min(2, rolls - 1));
  const middle = (pick: (cost: RollCost) => number): number => median(kept.map(pick));
  return {
    rollBytes: middle((each) => each.rollBytes),
    settleBytes: middle((each) => each.settleBytes),
    ms: middle(({ ms }) => ms),
  };
}

interface Meter {
  saidBytes: number;
  orderedBytes: number;
  settleBytes: number;
  microseconds: number;
}

function oneRoll(of: DiceTable): RollCost {
  const meter: Meter = { saidBytes: 0, orderedBytes: 0, settleBytes: 0, microseconds: 0 };
  lock(of);
  // Who comes first does most.
  const subject = of.state.lastRoll % of.kiosks.length;
  while (of.state.roll !== undefined) {
    const before = { ...meter };
    for (let member = 0; member < of.kiosks.length; member++) {
      step(of, meter, subject, member, { type: "decided", at: millis(of.now) });
    }
    if (before.saidBytes === meter.saidBytes && before.orderedBytes === meter.orderedBytes) of.now += SETTLE_STAGGER_MS;
  }
  const { saidBytes, orderedBytes, settleBytes, microseconds } = meter;
  const rollBytes = saidBytes === 0 ? orderedBytes : saidBytes;
  return { rollBytes, settleBytes, ms: microseconds / 1000 };
}

function step(of: DiceTable, meter: Meter, subject: number, member: number, event: OwnEvent): void {
  const { own, ports } = of.kiosks[member]!;
  const effects: OwnEffect[] = [];
  const run = (): void => stepOwnDice(own, of.state, event, effects, ports);
  if (member === subject) timed(meter, run);
  else run();
  for (const effect of effects) {
    if (effect.type === "say") say(of, meter, subject, member, effect.said);
    else if (effect.type === "order") order(of, meter, member, effect.operation);
  }
}

function say(of: DiceTable, meter: Meter, subject: number, from: number, said: PartialSaid): void {
  const { ports, member } = of.kiosks[from]!;
  const sender = { type: "member", sender: memberIndex(from), table: TABLE, epoch: epoch(0) } as const;
  meter.saidBytes += seal(partialMessage(said), { ...sender, counter: counter(COUNTER) }, ports).bytes.length;
  for (let to = 0; to < of.kiosks.length; to++) {
    if (to !== from) step(of, meter, subject, to, { type: "heard", at: millis(of.now), from: member.key, said });
  }
}

function order(of: DiceTable, meter: Meter, member: number, operation: DiceOperation): void {
  const bytes = encode(DiceOperation, operation);
  const { ports } = of.kiosks[member]!;
  const request = {
    ...{ seat: 0, number: counter(COUNTER) },
    operation: encode(TableOperation, { type: "dice", operation: bytes }),
  };
  const signed = { sender: memberIndex(member), signature: ports.sign(request.operation), request };
  const size = sealSaid({ type: "requests", requests: [signed] }, { id: TABLE, epoch: epoch(0) }).bytes.length;
  meter.orderedBytes += size;
  if (operation.type === "settle" || operation.type === "reveal") meter.settleBytes += size;
  timed(meter, () => executeDice(of.state, member, bytes, agreedMillis(START + of.now), of.kiosks[0]!.ports));
}

/** Of the processor: a machine that is busy with other things takes longer, and does no more. */
function timed(meter: Meter, run: () => void): void {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  meter.microseconds += user + system;
}
