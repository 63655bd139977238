/** Two outboxes with the air between them, in virtual time: COUNT packets each way, of which LOSS of all values vanish and
 * as many come twice or late. Prints what came of it, with a digest of every effect and of both states. */
import { type Chance, chance, draw, drawBelow } from "../../../protocol/core/chance.ts";
import { linkGeneration, millis } from "../../../protocol/core/units.ts";
import type { OutboxEffect, OutboxEvent } from "../../../protocol/packet/events.ts";
import { nextDeadline, type Outbox, outbox, step } from "../../../protocol/packet/outbox.ts";
import { keptSize } from "../../../protocol/packet/sender.ts";
import { classOf, firstOfClasses, isPacket, nextOfClass, packetOf } from "./packets.ts";
import { tellMemory } from "./tell-memory.ts";
import { digestOf, note, trace } from "./trace.ts";

interface End {
  readonly outbox: Outbox;
  submitted: number;
  readonly awaited: number[];
  delivered: number;
  wrong: number;
  sent: number;
  dropped: number;
}

/** Something that reaches an end later. */
interface Coming {
  readonly at: number;
  readonly to: End;
  readonly event: Untimed;
}

type Untimed = OutboxEvent extends infer E ? (E extends OutboxEvent ? Omit<E, "at"> : never) : never;

const DELAY_MS = 10;
const JITTER_MS = 15;
const TAKE_MS = 2;
const UNTIL_MS = 600_000;
/** So that a board's memory holds what is under way. */
const WAITING_SIZE_MAX = 6_000;

const [loss = 0, count = 16, seed = 1] = host.args.map(Number);
const generation = linkGeneration(1);
const random: Chance = chance(seed);
const seen = trace();
const coming: Coming[] = [];
let now = millis(0);

const end = (): End => ({
  outbox: outbox(millis(0)),
  submitted: 0,
  awaited: firstOfClasses(),
  delivered: 0,
  wrong: 0,
  sent: 0,
  dropped: 0,
});

function feed(end: End, event: Untimed): void {
  const effects: OutboxEffect[] = [];
  step(end.outbox, { ...event, at: now } as OutboxEvent, effects);
  for (const effect of effects) {
    note(seen, effect);
    perform(end, effect);
  }
}

function perform(end: End, effect: OutboxEffect): void {
  if (effect.type === "transmit") {
    const to = end === left ? right : left;
    const times = draw(random) < loss ? 0 : draw(random) < loss ? 2 : 1;
    for (let i = 0; i < times; i++) {
      const at = now + DELAY_MS + drawBelow(random, JITTER_MS);
      coming.push({ at, to, event: { type: "received", generation, bytes: effect.bytes } });
    }
  } else if (effect.type === "deliver") {
    const number = end.awaited[effect.class];
    if (!isPacket(number, effect.bytes)) end.wrong += 1;
    end.awaited[effect.class] = nextOfClass(number, effect.class);
    end.delivered += 1;
    coming.push({ at: now + TAKE_MS, to: end, event: { type: "taken", token: effect.token } });
  } else if (effect.type === "settled") {
    if (effect.outcome.type === "sent") end.sent += 1;
    else end.dropped += 1;
  } else if (effect.type === "refused") {
    end.dropped += 1;
  }
}

function topUp(end: End): void {
  while (end.submitted < count && keptSize(end.outbox.flows[0].sender) < WAITING_SIZE_MAX) {
    const token = end.submitted++;
    feed(end, { type: "submit", generation, class: classOf(token), bytes: packetOf(token), token });
  }
}

/** The index of what comes next; of two at once, what was sent first. */
function soonest(): number {
  let best = -1;
  for (let i = 0; i < coming.length; i++) if (best < 0 || coming[i].at < coming[best].at) best = i;
  return best;
}

function advance(): boolean {
  const index = soonest();
  let at = index < 0 ? Number.POSITIVE_INFINITY : coming[index].at;
  let ticks: End | undefined;
  for (const end of [left, right]) {
    const deadline = nextDeadline(end.outbox);
    if (deadline === undefined || deadline >= at) continue;
    at = deadline;
    ticks = end;
  }
  if (at > UNTIL_MS) return false;
  now = millis(at);
  if (ticks !== undefined) {
    feed(ticks, { type: "tick" });
  } else {
    const [next] = coming.splice(index, 1);
    feed(next.to, next.event);
  }
  return true;
}

tellMemory();
const left = end();
const right = end();
for (const each of [left, right]) {
  feed(each, { type: "up", generation, mtu: 247, stackQueue: 4, intervalMs: 20 });
}
do {
  topUp(left);
  topUp(right);
} while (advance());
for (const each of [left, right]) {
  note(seen, each.outbox);
  const { delivered, wrong, sent, dropped, outbox } = each;
  host.print(JSON.stringify({ delivered, wrong, sent, dropped, counters: outbox.counters }));
}
host.print(`${now} ms, digest ${digestOf(seen)}`);
