/** The loop of a kiosk's process: what has come is stepped, and what follows from it is performed. Everything above is pure,
 * everything below is a port. */
import type { Effect, Event } from "../engine/consensus/events.ts";
import type { Founding } from "../engine/consensus/found.ts";
import type { Replica } from "../engine/consensus/state.ts";
import { deadlineOf, step } from "../engine/consensus/step.ts";
import type { Machine } from "../engine/machine.ts";
import type { Ports } from "../engine/ports.ts";
import type { Mesh } from "../mesh/state.ts";
import type { Disk } from "../storage/disk.ts";
import type { Verdict } from "../storage/journal/open-journal.ts";
import { accuse } from "./accuse.ts";
import { type Attention, heardFor, look, lookAt } from "./attend.ts";
import type { Attendant } from "./attendant.ts";
import { type NodeClock, nodeClock } from "./clock.ts";
import { type Ears, ears, hear, refuse } from "./ears.ts";
import { heartbeat } from "./heartbeat.ts";
import { CLOCK_EVERY_MS, COMPACT_ABOVE_SIZE, DEADLINE_AGAIN_MS, EVENTS_TOGETHER_MAX } from "./limits.ts";
import type { Mail, MailNews, OpenMail } from "./mail.ts";
import { type Remembered, remember } from "./memory.ts";
import { type Hands, type HandsTally, perform, voiceOf } from "./perform.ts";
import { tablesOf } from "./tables.ts";

export interface NodeOptions<S> {
  readonly founding: Omit<Founding, "at" | "wallMs">;
  /** With the kiosk's own key. */
  readonly ports: Ports;
  readonly machine: Machine<S>;
  readonly disk: Disk;
  readonly mail: OpenMail<S>;
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
  /** To look at: who is a neighbour, who is heard, who is suspected. */
  readonly mesh: Mesh;
  readonly packetCount: () => number;
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
    inbox.push(arrival);
    wake();
  };
  const isPaused = (): boolean => clock.now() < pausedUntil;

  const heard = ears();
  let tables = tablesOf(replica, memory.founders, []);
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
    tally: { records: 0, flushes: 0, compactions: 0 },
    voice: voiceOf(memory),
  };

  const attention: Attention<S> | undefined =
    attendant === undefined
      ? undefined
      : { of: replica, world, attendant, onRefused: (why) => refuse(heard, why), seen: undefined };

  const stepped = (event: Event | undefined, effects: Effect[]): void => {
    if (event !== undefined && !heardFor(attention, event, effects)) step(replica, event, effects, world);
  };

  const onNews = (news: MailNews, effects: Effect[]): void => {
    const at = clock.now();
    if (news.type === "letter") stepped(hear(heard, news.letter, { of: replica, tables, at }), effects);
    else if (news.type === "beat") {
      effects.push({ type: "send", to: "all", message: heartbeat(replica, clock.wallMs(), news.peers) });
    }
  };

  const turn = async (): Promise<void> => {
    const effects: Effect[] = [];
    const epochBefore = replica.epoch;
    for (const arrival of inbox.splice(0, EVENTS_TOGETHER_MAX)) {
      const at = clock.now();
      stepped(arrival.type === "clock" ? { type: "clock", at, wallMs: clock.wallMs() } : { ...arrival, at }, effects);
    }
    for (const news of post.take(EVENTS_TOGETHER_MAX)) onNews(news, effects);
    const at = clock.now();
    if (at >= deadlineOf(replica)) step(replica, { type: "tick", at }, effects, world);
    if (attention !== undefined) look(attention, clock.now(), effects);
    accuse(replica, clock.now(), effects, world);
    for (const effect of effects) if (effect.type === "malformed") refuse(heard, effect.why);
    if (replica.epoch !== epochBefore) {
      tables = tablesOf(replica, memory.founders, tables);
      post.know(tables);
    }
    await perform(effects, hands);
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
      if (isPaused()) {
        await sleep(pausedUntil - clock.now());
        // What was asked for meanwhile found nobody.
        if (!isClosing) inbox.splice(0);
        continue;
      }
      await turn();
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
    submit: (seat, operation) => arrive({ type: "submit", seat, operation }),
    isPaused,
    pause(ms) {
      pausedUntil = clock.now() + ms;
      wake();
    },
    close: () => (closed ??= close()),
    ended: running,
  };
  return { ok: true, node };
}
