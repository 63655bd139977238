/** A host's talk with one radio, as a pure machine: the serial link, the hello, orders downward, news upward, and the fate
 * of every packet. Whatever a radio or its cable does, each packet given is settled exactly once. */
import { decode } from "../../protocol/bytes/codec.ts";
import { Writer } from "../../protocol/bytes/cursor.ts";
import { assert, unreachable } from "../../protocol/core/assert.ts";
import { PACKET_SIZE_MAX, SEND_TOKEN_MAX, SERIAL_PACKET_SIZE_MAX } from "../../protocol/core/limits.ts";
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import { push, type Queue, queue, shift } from "../../protocol/core/queue.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from "../../protocol/core/version.ts";
import type { LinkEffect, LinkEvent } from "../../protocol/link/events.ts";
import { nextDeadline as linkDeadline, step as stepLink } from "../../protocol/link/link.ts";
import { type Link, link } from "../../protocol/link/state.ts";
import { Command, commandClass } from "../../protocol/radio/command.ts";
import { Report } from "../../protocol/radio/report.ts";
import type { DownReason, Order, Outcome, SessionEffect, SessionEvent } from "./events.ts";
import { HELLO_WITHIN_MS, HOST_SPACE, ORDERS_MAX, SENDS_MAX, WAITING_SIZE_MAX } from "./limits.ts";

export interface Session {
  now: Millis;
  readonly link: Link;
  plugged: boolean;
  /** The boot of the last hello; undefined before the first one of this plugging. */
  boot: number | undefined;
  /** A hello came since the wire opened. */
  up: boolean;
  helloBy: Millis | undefined;
  readonly orders: Queue<Order>;
  /** Of packets not yet settled: the token on the wire and the caller's name. */
  readonly sends: Send[];
  nextToken: number;
  readonly counters: SessionCounters;
}

interface Send {
  readonly token: number;
  readonly id: number;
}

export interface SessionCounters {
  /** Reports that were no reports, and settlements of what was not under way. */
  malformed: number;
  stale: number;
  refused: number;
}

export function session(): Session {
  return {
    now: millis(0),
    link: link({
      major: PROTOCOL_MAJOR,
      minor: PROTOCOL_MINOR,
      features: 0,
      space: HOST_SPACE,
      packetSizeMax: SERIAL_PACKET_SIZE_MAX,
      waitingSizeMax: WAITING_SIZE_MAX,
    }),
    plugged: false,
    boot: undefined,
    up: false,
    helloBy: undefined,
    orders: queue(ORDERS_MAX),
    sends: [],
    nextToken: 0,
    counters: { malformed: 0, stale: 0, refused: 0 },
  };
}

export function step(session: Session, event: SessionEvent, effects: SessionEffect[]): void {
  assert(event.at >= session.now, "time runs forward");
  session.now = event.at;
  switch (event.type) {
    case "plugged":
      session.plugged = true;
      onWire(session, { type: "open", at: event.at, session: event.session }, effects);
      break;
    case "unplugged":
      goDown(session, "unplugged", effects);
      session.plugged = false;
      break;
    case "received":
    case "writable":
    case "tick":
      if (session.plugged) onWire(session, event, effects);
      break;
    case "order":
      onOrder(session, event.order, effects);
      break;
    case "send":
      onSend(session, event, effects);
      break;
    default:
      unreachable(event);
  }
  if (session.helloBy !== undefined && session.now >= session.helloBy) {
    session.helloBy = undefined;
    effects.push({ type: "down", why: "no hello" });
  }
}

export function nextDeadline(session: Session): Millis | undefined {
  if (!session.plugged) return undefined;
  const wire = linkDeadline(session.link) ?? Number.POSITIVE_INFINITY;
  const at = Math.min(wire, session.helloBy ?? Number.POSITIVE_INFINITY);
  return at === Number.POSITIVE_INFINITY ? undefined : millis(at);
}

/** Answers why the link refused what was submitted, if it did. */
function onWire(
  session: Session,
  event: LinkEvent,
  effects: SessionEffect[],
): (LinkEffect & { type: "refused" })["why"] | undefined {
  const done: LinkEffect[] = [];
  stepLink(session.link, event, done);
  let refusal: (LinkEffect & { type: "refused" })["why"] | undefined;
  for (const effect of done) {
    switch (effect.type) {
      case "transmit":
      case "logged":
        effects.push(effect);
        break;
      case "opened":
        session.helloBy = millis(session.now + HELLO_WITHIN_MS);
        break;
      case "closed":
        goDown(session, effect.why === "silent" ? "silent" : "restarted", effects);
        break;
      case "incompatible":
        goDown(session, "other version", effects);
        effects.push({ type: "down", why: "other version" });
        break;
      case "deliver":
        onReport(session, effect.bytes, effects);
        break;
      case "refused":
        refusal = effect.why;
        break;
      // What the link alone acknowledges is with the radio, not with the neighbour; what it lost ends with the session.
      case "acknowledged":
      case "lost":
        break;
      default:
        unreachable(effect);
    }
  }
  return refusal;
}

function onReport(session: Session, bytes: Uint8Array, effects: SessionEffect[]): void {
  const decoded = decode(Report, bytes);
  if (!decoded.ok) {
    session.counters.malformed += 1;
    return;
  }
  const report = decoded.value;
  if (report.type === "hello") {
    const rebooted = session.boot !== report.boot;
    session.boot = report.boot;
    session.up = true;
    session.helloBy = undefined;
    effects.push({ type: "up", hello: report, rebooted });
    for (let order = shift(session.orders); order !== undefined; order = shift(session.orders)) {
      tell(session, order, effects);
    }
    return;
  }
  if (!session.up) {
    // It belongs to a life of the radio that nobody was told of.
    session.counters.stale += 1;
    return;
  }
  switch (report.type) {
    case "sent":
      settle(session, report.token, { type: "sent" }, effects);
      break;
    case "dropped":
      settle(session, report.token, { type: "dropped", why: report.reason }, effects);
      break;
    case "unknown":
      settle(session, report.token, { type: "unknown" }, effects);
      break;
    case "received": {
      const { link, packet } = report;
      effects.push({ type: "arrived", link, class: report.class as PacketClass, packet });
      break;
    }
    default:
      effects.push({ type: "news", report });
  }
}

function onOrder(session: Session, order: Order, effects: SessionEffect[]): void {
  if (session.up) tell(session, order, effects);
  else if (!session.plugged) refuse(session, order, "no radio", effects);
  else if (!push(session.orders, order)) refuse(session, order, "full", effects);
}

function refuse(session: Session, order: Order, why: "full" | "no radio", effects: SessionEffect[]): void {
  session.counters.refused += 1;
  effects.push({ type: "refused", order: order.type, why });
}

function onSend(session: Session, event: SessionEvent & { type: "send" }, effects: SessionEffect[]): void {
  assert(event.packet.length <= PACKET_SIZE_MAX, "a packet keeps its bound");
  const { id, link, packet } = event;
  const why = !session.up ? "no radio" : session.sends.length === SENDS_MAX ? "too many under way" : undefined;
  if (why !== undefined) {
    session.counters.refused += 1;
    effects.push({ type: "settled", id, outcome: { type: "dropped", why } });
    return;
  }
  const token = session.nextToken;
  session.nextToken = (session.nextToken + 1) % SEND_TOKEN_MAX;
  session.sends.push({ token, id });
  const refusal = submit(session, { type: "send", link, class: event.class, token, packet }, effects);
  if (refusal !== undefined) settle(session, token, { type: "dropped", why: `the wire is ${refusal}` }, effects);
}

function tell(session: Session, order: Order, effects: SessionEffect[]): void {
  if (submit(session, order, effects) !== undefined) refuse(session, order, "full", effects);
}

/** The link's own token is not used: what it acknowledges is with the radio, and the news that follow say more. */
function submit(session: Session, command: Command, effects: SessionEffect[]): ReturnType<typeof onWire> {
  const out = new Writer(sizeMax(command));
  Command.write(out, command);
  const bytes = out.take();
  return onWire(session, { type: "submit", at: session.now, class: commandClass(command), bytes, token: 0 }, effects);
}

/** In a buffer of its own of about its size: it waits until it is acknowledged, and the layout's longest is 4 KB. */
const sizeMax = (command: Command): number =>
  command.type === "send" ? 16 + command.packet.length : command.type === "echo" ? 8 + command.bytes.length : 64;

/** The fate of a packet, as the radio or the wire tells it. */
function settle(session: Session, token: number, outcome: Outcome, effects: SessionEffect[]): void {
  const at = session.sends.findIndex((send) => send.token === token);
  if (at < 0) {
    session.counters.stale += 1;
    return;
  }
  const [send] = session.sends.splice(at, 1);
  effects.push({ type: "settled", id: send.id, outcome });
}

/** Its links went with the session: what was under way may have arrived or not. */
function goDown(session: Session, why: DownReason, effects: SessionEffect[]): void {
  session.helloBy = undefined;
  for (const send of session.sends.splice(0))
    effects.push({ type: "settled", id: send.id, outcome: { type: "unknown" } });
  if (session.up && why !== "other version") effects.push({ type: "down", why });
  session.up = false;
}
