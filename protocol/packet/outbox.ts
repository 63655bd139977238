/** All links of one radio: what may leave now, over which link, in which order. */
import { assert, unreachable } from "../core/assert.ts";
import {
  CRITICAL_BYTES_RESERVED,
  LINK_BYTES_PER_SECOND,
  PACKET_KEPT_SIZE,
  PACKET_SIZE_MAX,
  RADIO_BYTES_MAX,
  RADIO_LINKS_MAX,
  REASSEMBLY_SHARE_MIN,
  REASSEMBLY_SIZE_MAX,
} from "../core/limits.ts";
import { CRITICAL } from "../core/packet-class.ts";
import { type LinkGeneration, type Millis, millis } from "../core/units.ts";
import { POWER_RULES, type PowerState, passes } from "../power/rules.ts";
import { type OutboxCounters, type OutboxEffect, type OutboxEvent, outboxCounters, type Refusal } from "./events.ts";
import {
  acknowledgeAlone,
  acknowledgementAt,
  ask,
  askAt,
  type Flow,
  flow,
  flowDeadline,
  pass,
  readyAt,
  received,
  setMtu,
  setPower,
  taken,
  transmit,
} from "./flow.ts";
import { type Choice, choose, classOf, NOTHING, RESCUED, urgent } from "./next-fragment.ts";
import { outgoing } from "./outgoing.ts";
import type { Tokens } from "./receiver.ts";
import { enqueue, keptSize, onLinkLost, onPower } from "./sender.ts";

export interface Outbox {
  now: Millis;
  power: PowerState;
  /** When something that was not urgent last left: the next may leave one interval of the power state later. */
  flushedAt: number;
  readonly flows: Flow[];
  /** The link whose turn it is among equals. */
  turn: number;
  readonly tokens: Tokens;
  readonly counters: OutboxCounters;
  readonly bytesPerSecond: number;
  /** What each link may put together at a time. */
  readonly reassemblySizeMax: number;
  /** The earliest deadline, as of the last step. */
  dueAt: number;
}

/** `links`: as many as the board has at a time. */
export const outbox = (
  at: Millis,
  power: PowerState = "active",
  bytesPerSecond = LINK_BYTES_PER_SECOND,
  links = 1,
): Outbox => ({
  now: at,
  power,
  flushedAt: Number.NEGATIVE_INFINITY,
  flows: [],
  turn: 0,
  tokens: { next: 0 },
  counters: outboxCounters(),
  bytesPerSecond,
  reassemblySizeMax: Math.max(REASSEMBLY_SHARE_MIN, Math.floor(REASSEMBLY_SIZE_MAX / links)),
  dueAt: Number.POSITIVE_INFINITY,
});

export function step(state: Outbox, event: OutboxEvent, effects: OutboxEffect[]): void {
  assert(event.at >= state.now, "time runs forward");
  state.now = event.at;
  switch (event.type) {
    case "up":
      onUp(state, event);
      break;
    case "down":
      onDown(state, event.generation, effects);
      break;
    case "submit":
      onSubmit(state, event, effects);
      break;
    case "taken":
      onTaken(state, event.token);
      break;
    case "power":
      onPowerState(state, event.state, effects);
      break;
    case "mtu":
    case "interval":
    case "received":
      onLink(state, event, effects);
      break;
    case "tick":
      break;
    default:
      unreachable(event);
  }
  for (let i = 0; i < state.flows.length; i++) pass(state.flows[i], state.now, state.counters, effects);
  pump(state, effects);
  state.dueAt = earliest(state);
}

/** When the outbox wants a tick. */
export const nextDeadline = (state: Outbox): Millis | undefined =>
  state.dueAt === Number.POSITIVE_INFINITY ? undefined : millis(state.dueAt);

/** Asked once a step, because a radio asks for its deadline far more often than its outbox has a step. */
function earliest(state: Outbox): number {
  let at = Number.POSITIVE_INFINITY;
  const flushAt = nextFlush(state);
  for (let i = 0; i < state.flows.length; i++) at = Math.min(at, flowDeadline(state.flows[i], state.now, flushAt));
  return at;
}

function onUp(state: Outbox, event: OutboxEvent & { type: "up" }): void {
  const { generation, mtu, stackQueue, intervalMs, at } = event;
  if (find(state, generation) !== undefined || state.flows.length === RADIO_LINKS_MAX) {
    state.counters.stale += 1;
    return;
  }
  const { power, bytesPerSecond, reassemblySizeMax } = state;
  state.flows.push(flow(generation, mtu, stackQueue, intervalMs, power, at, bytesPerSecond, reassemblySizeMax));
}

function onDown(state: Outbox, generation: LinkGeneration, effects: OutboxEffect[]): void {
  const link = find(state, generation);
  if (link === undefined) {
    state.counters.stale += 1;
    return;
  }
  onLinkLost(link.sender, state.counters, effects);
  state.flows.splice(state.flows.indexOf(link), 1);
}

function onSubmit(state: Outbox, event: OutboxEvent & { type: "submit" }, effects: OutboxEffect[]): void {
  const { generation, token } = event;
  const why = refusal(state, event);
  if (why === undefined) return;
  state.counters.refused += 1;
  effects.push({ type: "refused", generation, token, why });
}

function refusal(state: Outbox, event: OutboxEvent & { type: "submit" }): Refusal | undefined {
  const link = find(state, event.generation);
  if (link === undefined) return "no such link";
  const size = event.bytes.length;
  if (size === 0 || size > PACKET_SIZE_MAX) return "size";
  if (!passes(state.power, event.class)) return state.power === "sleep" ? "asleep" : "power";
  let bytes = size + PACKET_KEPT_SIZE;
  if (event.class !== CRITICAL) bytes += CRITICAL_BYTES_RESERVED + PACKET_KEPT_SIZE;
  for (const other of state.flows) bytes += keptSize(other.sender);
  if (bytes > RADIO_BYTES_MAX) return "full";
  return enqueue(link.sender, outgoing(event.class, event.token, event.bytes, event.at)) ? undefined : "full";
}

function onTaken(state: Outbox, token: number): void {
  for (let i = 0; i < state.flows.length; i++) if (taken(state.flows[i], token)) return;
  state.counters.stale += 1;
}

function onPowerState(state: Outbox, power: PowerState, effects: OutboxEffect[]): void {
  state.power = power;
  for (const link of state.flows) {
    setPower(link, power, state.now);
    onPower(link.sender, power, state.counters, effects);
  }
}

function onLink(
  state: Outbox,
  event: OutboxEvent & { type: "mtu" | "interval" | "received" },
  effects: OutboxEffect[],
): void {
  const link = find(state, event.generation);
  if (link === undefined) state.counters.stale += 1;
  else if (event.type === "mtu") setMtu(link, event.mtu, state.power);
  else if (event.type === "interval") link.intervalMs = event.intervalMs;
  else received(link, event.bytes, event.at, state.tokens, state.counters, effects);
}

/** Everything that may leave now: the most urgent class of all links first, links in turn. */
function pump(state: Outbox, effects: OutboxEffect[]): void {
  const flushAt = nextFlush(state);
  for (;;) {
    let best: Flow | undefined;
    let bestChoice: Choice = NOTHING;
    let bestRank = Number.POSITIVE_INFINITY;
    const count = state.flows.length;
    for (let i = 0; i < count; i++) {
      const link = state.flows[(state.turn + i) % count];
      const choice = choose(link.sender, state.now);
      if (choice === NOTHING || readyAt(link, choice, flushAt) > state.now) continue;
      const rank = choice >= RESCUED ? CRITICAL : classOf(choice);
      if (rank >= bestRank) continue;
      best = link;
      bestChoice = choice;
      bestRank = rank;
    }
    if (best === undefined) break;
    if (bestChoice >= RESCUED) state.counters.rescued += 1;
    if (!urgent(bestChoice)) state.flushedAt = state.now;
    transmit(best, bestChoice, state.now, state.counters, effects);
    state.turn = (state.flows.indexOf(best) + 1) % count;
  }
  for (let i = 0; i < state.flows.length; i++) {
    const link = state.flows[i];
    // A question acknowledges as well.
    if (askAt(link) <= state.now) ask(link, state.now, state.counters, effects);
    if (acknowledgementAt(link) <= state.now) acknowledgeAlone(link, state.now, state.counters, effects);
  }
}

const nextFlush = (state: Outbox): number => state.flushedAt + POWER_RULES[state.power].intervalMs;

function find(state: Outbox, generation: LinkGeneration): Flow | undefined {
  for (let i = 0; i < state.flows.length; i++) if (state.flows[i].generation === generation) return state.flows[i];
  return undefined;
}
