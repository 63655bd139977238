/** The loop of a kiosk's process: what has come is stepped, and what follows from it is performed. Everything above is pure,
 * everything below is a port. */

import type { Millis } from "../../protocol/core/units.ts";
import type { Table } from "../../protocol/envelope/open.ts";
import { POWER_RULES, type PowerState } from "../../protocol/power/rules.ts";
import type { Effect, Event } from "../engine/consensus/events.ts";
import type { Founding } from "../engine/consensus/found.ts";
import type { Replica } from "../engine/consensus/state.ts";
import { deadlineOf, step } from "../engine/consensus/step.ts";
import { waits } from "../engine/consensus/timing.ts";
import type { Machine } from "../engine/machine.ts";
import type { Ports } from "../engine/ports.ts";
import type { Mesh } from "../mesh/state.ts";
import type { Disk } from "../storage/disk.ts";
import type { Verdict } from "../storage/journal/open-journal.ts";
import { accuse } from "./accuse.ts";
import { type Attention, heardFor, look, lookAt } from "./attend.ts";
import type { Attendant } from "./attendant.ts";
import { type BesideOptions, type BesideView, type BesideWish, beside } from "./beside.ts";
import { type NodeClock, nodeClock } from "./clock.ts";
import { type Ears, ears, hear, intervalMs, placeOf, refuse } from "./ears.ts";
import { heartbeat } from "./heartbeat.ts";
import { epochBefore } from "./joining-founding.ts";
import { CLOCK_EVERY_MS, COMPACT_ABOVE_SIZE, DEADLINE_AGAIN_MS, EVENTS_TOGETHER_MAX } from "./limits.ts";
import type { Mail, MailNews, OpenMail } from "./mail.ts";
import { type Remembered, type Retell, remember } from "./memory.ts";
import { keepOut, type NotTaken, type OrderDoor } from "./order-door.ts";
import { type Hands, type HandsTally, perform, voiceOf } from "./perform.ts";
import { tablesOf } from "./tables.ts";
import { isRousing, powerNow, rouse, sleepsAt, wakefulness } from "./wakefulness.ts";

export interface NodeOptions<S> extends BesideOptions<S> {
  readonly founding: Omit<Founding, "at" | "wallMs">;
  /** With the kiosk's own key. */
  readonly ports: Ports;
  readonly machine: Machine<S>;
  readonly disk: Disk;
  readonly mail: OpenMail<S>;
  /** What the radios should do from now on. */
  readonly onPower?: (power: PowerState) => void;
  /** Sees every effect when it is done. */
  readonly on: (effect: Effect) => void;
  readonly attendant?: Attendant<S>;
  /** What is asked of agreement passes it; without one agreement judges by itself. */
  readonly door?: OrderDoor<S>;
  readonly clock?: NodeClock;
  readonly compactAboveSize?: number;
  readonly retell?: Retell;
}

export interface RunningNode<S> extends BesideView {
  /** To look at, never to change. */
  readonly replica: Replica<S>;
  readonly verdict: Verdict;
  /** What it was started from. */
  readonly recordCount: number;
  readonly tally: HandsTally;
  readonly refused: Ears["refused"];
  /** To look at: who is a neighbour, who is heard, who is suspected. */
  readonly mesh: Mesh;
  readonly packetCount: () => number;
  /** Answers why it is not taken, where people can only look now or ask for what nobody may. */
  readonly submit: (seat: number, operation: Uint8Array) => NotTaken | undefined;
  /** What people or a battery want. Slow links are waited for longer, here and, once it was heard, everywhere. */
  readonly setPower: (power: PowerState) => void;
  /** For so long it does nothing and hears nothing, as a machine that has stopped. */
  readonly pause: (ms: number) => void;
  readonly isPaused: () => boolean;
  /** Since when its loop is in its present turn, with its flush; undefined while it waits for something to do. */
  readonly turningSince: () => Millis | undefined;
  readonly close: () => Promise<void>;
  /** Fails when the kiosk can go on no more: its process must end. */
  readonly ended: Promise<void>;
}

export type StartedNode<S> =
  | { readonly ok: true; readonly node: RunningNode<S> }
  | Exclude<Remembered<S>, { readonly ok: true }>;

type Arrival =
  | { readonly type: "submit"; readonly seat: number; readonly operation: Uint8Array }
  | { readonly type: "wish"; readonly wish: BesideWish }
  | { readonly type: "clock" };

export async function runNode<S>(options: NodeOptions<S>): Promise<StartedNode<S>> {
  const { clock = nodeClock, ports, machine, attendant } = options;
  const world = { ports, machine };
  const founding = { ...options.founding, at: clock.now(), wallMs: clock.wallMs() };
  const remembered = await remember(options.disk, founding, world, {
    ...(options.retell === undefined ? {} : { retell: options.retell }),
    ...(options.belief === undefined ? {} : { belief: options.belief }),
  });
  if (!remembered.ok) return remembered;
  const { memory } = remembered;
  const { replica } = memory;

  const inbox: Arrival[] = [];
  let wake: () => void = () => {};
  let pausedUntil = 0;
  const wakeful = wakefulness();
  let power: PowerState = "active";
  let interval = POWER_RULES[power].intervalMs;
  let isClosing = false;
  let turningSince: Millis | undefined;
  const arrive = (arrival: Arrival): void => {
    inbox.push(arrival);
    wake();
  };
  const isPaused = (): boolean => clock.now() < pausedUntil;

  const heard = ears();
  const { belief } = memory;
  const tablesNow = (before: readonly Table[]): Table[] =>
    tablesOf(replica, memory.founders, before, belief === undefined ? undefined : epochBefore(replica, belief));
  let tables = tablesNow([]);
  const post: Mail = options.mail({
    key: options.founding.key,
    ...{ replica, world, clock, tables },
    isDeaf: isPaused,
    onNews: () => wake(),
    onRefused: (why) => refuse(heard, why),
  });
  const hands: Hands = {
    ...{ memory, mail: post, ports, on: options.on },
    compactAboveSize: options.compactAboveSize ?? COMPACT_ABOVE_SIZE,
    wallMs: clock.wallMs,
    tally: { records: 0, flushes: 0, compactions: 0 },
    ...{ letters: [], looksOn: options.looksOn !== undefined },
    voice: voiceOf(memory),
  };

  const attention: Attention<S> | undefined =
    attendant === undefined
      ? undefined
      : { of: replica, world, attendant, onRefused: (why) => refuse(heard, why), seen: undefined };

  const side = beside(options, {
    ...{ memory, mesh: post.mesh, world, clock },
    wishLater: (wish) => arrive({ type: "wish", wish }),
    write: (letter) => hands.letters.push(letter),
  });

  const stepped = (event: Event | undefined, effects: Effect[]): void => {
    if (event === undefined || side.isStopped()) return;
    if (!heardFor(attention, event, effects)) step(replica, event, effects, world);
  };

  const atDoor = (event: Event | undefined, effects: Effect[]): Event | undefined =>
    keepOut(options.door, replica, event, (accusation) => {
      refuse(heard, "no order");
      stepped(accusation, effects);
    });

  const onNews = (news: MailNews, effects: Effect[]): void => {
    const at = clock.now();
    if (news.type === "letter") {
      if (isRousing(news.letter)) rouse(wakeful, at);
      if (side.letter(news.letter, placeOf(news.letter, replica, tables), effects)) return;
      stepped(atDoor(hear(heard, news.letter, { of: replica, tables, at }), effects), effects);
    } else if (news.type === "beat") {
      effects.push({ type: "send", to: "all", message: heartbeat(replica, clock.wallMs(), news.peers, wakeful.told) });
      side.beat(effects);
    }
  };

  /** Who waits for what slow links bring waits longer. */
  const pace = (effects: Effect[]): void => {
    const should = powerNow(wakeful, clock.now(), waits(replica));
    if (should !== power) options.onPower?.(should);
    power = should;
    const now = intervalMs(heard, wakeful.told);
    if (now !== interval && !side.isStopped())
      step(replica, { type: "interval", at: clock.now(), intervalMs: now }, effects, world);
    interval = now;
  };

  const turn = async (): Promise<void> => {
    const effects: Effect[] = [];
    const epochBefore = replica.epoch;
    for (const arrival of inbox.splice(0, EVENTS_TOGETHER_MAX)) {
      const at = clock.now();
      if (arrival.type === "wish") side.wish(arrival.wish, effects);
      else
        stepped(arrival.type === "clock" ? { type: "clock", at, wallMs: clock.wallMs() } : { ...arrival, at }, effects);
    }
    for (const news of post.take(EVENTS_TOGETHER_MAX)) onNews(news, effects);
    pace(effects);
    const at = clock.now();
    if (!side.isStopped()) {
      if (at >= deadlineOf(replica)) step(replica, { type: "tick", at }, effects, world);
      if (attention !== undefined) look(attention, clock.now(), effects);
      accuse(replica, clock.now(), effects, world);
    }
    await side.turn(effects);
    for (const effect of effects) if (effect.type === "malformed") refuse(heard, effect.why);
    if (replica.epoch !== epochBefore) {
      tables = tablesNow(tables);
      post.know(tables);
    }
    await perform(effects, hands);
  };

  const nextAt = (): number => {
    if (side.isStopped()) return side.dueAt();
    const wakeAt = attention === undefined ? undefined : lookAt(attention);
    return Math.min(deadlineOf(replica), side.dueAt(), sleepsAt(wakeful, clock.now()), wakeAt ?? FAR);
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
      if (isPaused()) {
        await sleep(pausedUntil - clock.now());
        // What was asked for meanwhile found nobody.
        if (!isClosing) inbox.splice(0);
        continue;
      }
      turningSince = clock.now();
      await turn();
      turningSince = undefined;
      // What was woken meanwhile is in the inbox.
      if (inbox.length === 0 && !post.hasNews() && !isClosing)
        await sleep(Math.max(DEADLINE_AGAIN_MS, nextAt() - clock.now()));
    }
  };

  let callOffClock = (): void => {};
  const readClock = (): void => {
    arrive({ type: "clock" });
    callOffClock = clock.after(CLOCK_EVERY_MS, readClock);
  };
  readClock();
  // Whoever can go on no more says nothing more.
  const running = loop().catch((error) => {
    post.close();
    throw error;
  });
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    isClosing = true;
    wake();
    callOffClock();
    await running.catch(() => {});
    post.close();
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
    mesh: post.mesh,
    packetCount: post.packetCount,
    submit(seat, operation) {
      const words = side.whyNot();
      const asked = { seat, operation, at: clock.now() };
      const why = words === undefined ? options.door?.own(replica, asked) : { why: "not now", words };
      if (why !== undefined) options.on({ type: "refused", seat, why: "silent" });
      else {
        rouse(wakeful, clock.now());
        arrive({ type: "submit", seat, operation });
      }
      return why;
    },
    ...side.view,
    isPaused,
    turningSince: () => turningSince,
    setPower(told) {
      wakeful.told = told;
      wake();
    },
    pause(ms) {
      pausedUntil = clock.now() + ms;
      wake();
    },
    close: () => (closed ??= close()),
    ended: running,
  };
  return { ok: true, node };
}

const FAR = Number.POSITIVE_INFINITY;
