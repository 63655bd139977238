/** The loop of a kiosk's process: what has come is stepped, and what follows from it is performed. Everything above is pure,
 * everything below is a port. */
import { type Millis, millis, view } from "../../protocol/core/units.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import type { Effect, Event } from "../engine/consensus/events.ts";
import type { Founding } from "../engine/consensus/found.ts";
import type { Replica } from "../engine/consensus/state.ts";
import { deadlineOf, step } from "../engine/consensus/step.ts";
import type { Machine } from "../engine/machine.ts";
import type { Ports } from "../engine/ports.ts";
import type { Disk } from "../storage/disk.ts";
import type { Verdict } from "../storage/journal/open-journal.ts";
import { accuse } from "./accuse.ts";
import { type Attention, heardFor, look, lookAt } from "./attend.ts";
import type { Attendant } from "./attendant.ts";
import { type NodeClock, nodeClock } from "./clock.ts";
import { type Ears, ears, hear, refuse } from "./ears.ts";
import {
  CLOCK_EVERY_MS,
  COMPACT_ABOVE_SIZE,
  DEADLINE_AGAIN_MS,
  EVENTS_TOGETHER_MAX,
  INBOX_LENGTH_MAX,
} from "./limits.ts";
import { linkDown, links, linkUp } from "./links.ts";
import { type Remembered, remember } from "./memory.ts";
import { greet, type Hands, type HandsTally, perform, voiceOf } from "./perform.ts";
import { tablesOf } from "./tables.ts";
import type { LinkName, OpenTransport, TransportListener } from "./transport.ts";

export interface NodeOptions<S> {
  readonly founding: Omit<Founding, "at" | "wallMs">;
  /** With the kiosk's own key. */
  readonly ports: Ports;
  readonly machine: Machine<S>;
  readonly disk: Disk;
  readonly transport: OpenTransport;
  /** Sees every effect when it is done. */
  readonly on: (effect: Effect) => void;
  readonly attendant?: Attendant<S>;
  readonly clock?: NodeClock;
  readonly compactAboveSize?: number;
}

export interface RunningNode<S> {
  /** To look at, never to change. */
  readonly replica: Replica<S>;
  readonly verdict: Verdict;
  /** What it was started from. */
  readonly recordCount: number;
  readonly tally: HandsTally;
  readonly refused: Ears["refused"];
  readonly linkCount: () => number;
  readonly submit: (seat: number, operation: Uint8Array) => void;
  /** For so long it does nothing and hears nothing, as a machine that has stopped. */
  readonly pause: (ms: number) => void;
  readonly isPaused: () => boolean;
  readonly close: () => Promise<void>;
  /** Fails when the kiosk can go on no more: its process must end. */
  readonly ended: Promise<void>;
}

export type StartedNode<S> =
  | { readonly ok: true; readonly node: RunningNode<S> }
  | Exclude<Remembered<S>, { readonly ok: true }>;

type Arrival =
  | { readonly type: "packet"; readonly link: LinkName; readonly packet: Uint8Array }
  | { readonly type: "link"; readonly link: LinkName; readonly isUp: boolean; readonly peer: Uint8Array | undefined }
  | { readonly type: "submit"; readonly seat: number; readonly operation: Uint8Array }
  | { readonly type: "clock" };

export async function runNode<S>(options: NodeOptions<S>): Promise<StartedNode<S>> {
  const { clock = nodeClock, ports, machine, attendant } = options;
  const world = { ports, machine };
  const founding = { ...options.founding, at: clock.now(), wallMs: clock.wallMs() };
  const remembered = await remember(options.disk, founding, world);
  if (!remembered.ok) return remembered;
  const { memory } = remembered;
  const { replica } = memory;

  const inbox: Arrival[] = [];
  let wake: () => void = () => {};
  let pausedUntil = 0;
  let isClosing = false;
  const arrive = (arrival: Arrival): void => {
    if (inbox.length === INBOX_LENGTH_MAX && arrival.type === "packet") refuse(heard, "more than can be stepped");
    else inbox.push(arrival);
    wake();
  };
  const listener: TransportListener = {
    onLink: (link, isUp, peer) => arrive({ type: "link", link, isUp, peer }),
    onPacket: (link, packet) => arrive({ type: "packet", link, packet }),
  };

  const heard = ears(replica, memory.founders);
  const hands: Hands = {
    ...{ memory, links: links(), transport: options.transport(listener), ports, on: options.on },
    compactAboveSize: options.compactAboveSize ?? COMPACT_ABOVE_SIZE,
    tally: { records: 0, flushes: 0, compactions: 0, packets: 0 },
    voice: voiceOf(memory),
  };

  const attention: Attention<S> | undefined =
    attendant === undefined
      ? undefined
      : { of: replica, world, attendant, onRefused: (why) => refuse(heard, why), seen: undefined };

  /** Undefined where nothing is to be stepped. */
  const eventOf = (arrival: Arrival, at: Millis): Event | undefined => {
    switch (arrival.type) {
      case "packet": {
        const wallMs = millis(clock.wallMs());
        return hear(heard, arrival.link, arrival.packet, { of: replica, links: hands.links, ports, at, wallMs });
      }
      case "link":
        if (arrival.isUp) linkUp(hands.links, arrival.link, arrival.peer);
        else linkDown(hands.links, arrival.link);
        return undefined;
      case "submit":
        return { type: "submit", at, seat: arrival.seat, operation: arrival.operation };
      case "clock":
        return { type: "clock", at, wallMs: clock.wallMs() };
    }
  };

  const turn = async (): Promise<void> => {
    const arrivals = inbox.splice(0, EVENTS_TOGETHER_MAX);
    const effects: Effect[] = [];
    const epochBefore = replica.epoch;
    for (const arrival of arrivals) {
      const event = eventOf(arrival, clock.now());
      if (event !== undefined && !heardFor(attention, event, effects)) step(replica, event, effects, world);
    }
    const at = clock.now();
    if (at >= deadlineOf(replica)) step(replica, { type: "tick", at }, effects, world);
    if (attention !== undefined) look(attention, clock.now(), effects);
    accuse(replica, clock.now(), effects, world);
    for (const effect of effects) if (effect.type === "malformed") refuse(heard, effect.why);
    if (replica.epoch !== epochBefore) heard.tables = tablesOf(replica, memory.founders, heard.tables);
    await perform(effects, hands);
    for (const arrival of arrivals) {
      if (arrival.type === "link" && arrival.isUp) await greet(arrival.link, hello(replica, clock.wallMs()), hands);
    }
  };

  const nextAt = (): number => {
    const wakeAt = attention === undefined ? undefined : lookAt(attention);
    return Math.min(deadlineOf(replica), wakeAt ?? Number.POSITIVE_INFINITY);
  };

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const callOff = clock.after(ms, resolve);
      wake = () => {
        callOff();
        resolve();
      };
    });

  const loop = async (): Promise<void> => {
    while (!isClosing) {
      if (clock.now() < pausedUntil) {
        await sleep(pausedUntil - clock.now());
        // What came meanwhile found nobody.
        if (!isClosing) inbox.splice(0, inbox.length, ...inbox.filter(({ type }) => type === "link"));
        continue;
      }
      await turn();
      // What was woken meanwhile is in the inbox.
      if (inbox.length === 0 && !isClosing) await sleep(Math.max(DEADLINE_AGAIN_MS, nextAt() - clock.now()));
    }
  };

  let callOffClock = (): void => {};
  const readClock = (): void => {
    arrive({ type: "clock" });
    callOffClock = clock.after(CLOCK_EVERY_MS, readClock);
  };
  readClock();
  const running = loop();
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    isClosing = true;
    wake();
    callOffClock();
    await running.catch(() => {});
    hands.transport.close();
    await memory.journal.close();
  };
  const node: RunningNode<S> = {
    ...{
      replica,
      verdict: memory.verdict,
      recordCount: memory.recordCount,
      tally: hands.tally,
      refused: heard.refused,
    },
    linkCount: () => hands.links.up.length,
    submit: (seat, operation) => arrive({ type: "submit", seat, operation }),
    isPaused: () => clock.now() < pausedUntil,
    pause(ms) {
      pausedUntil = clock.now() + ms;
      wake();
    },
    close: () => (closed ??= close()),
    ended: running,
  };
  return { ok: true, node };
}

/** Whoever opens it knows who is at the other end of its link. */
function hello({ state, view: now }: Replica<unknown>, wallMs: number): Message {
  const executed = { sequence: state.sequence, digest: state.history } as Extract<
    Message,
    { type: "heartbeat" }
  >["executed"];
  return {
    ...{ type: "heartbeat", time: millis(Math.max(0, Math.floor(wallMs))), view: view(now), executed },
    ...{ power: "active", batteryPercent: undefined, peers: [] },
  };
}
