/**
 * A kiosk's history: what was decided, what fell, who did wrong, and that no chip was lost, for people to look at. It stands behind
 * the journal and nothing depends on it: what is noted here is written some seconds later, by a thread of its own, and what a
 * kill or a full disk takes the journal tells again at the next start. Whoever opens one holds the lock of the kiosk's folder.
 */
import { Worker } from "node:worker_threads";
import type { AuditEntry, BatchEntry, Entry, EvidenceEntry, RollEntry, SessionEntry } from "./entry.ts";
import { keeper, NOTHING, type Order, type Place, type Said } from "./keeper.ts";
import { ANSWER_WITHIN_MS, WAITING_LENGTH_MAX, WRITE_EVERY_MS, WRITE_LENGTH_MAX } from "./limits.ts";
import type { Answers, Question } from "./questions.ts";

export interface History {
  /** Never throws, and costs no call to the disk. What is known already changes nothing. */
  readonly note: (entry: Entry) => void;
  readonly rolls: (limit: number, before?: number) => Promise<RollEntry[]>;
  readonly batches: (limit: number, before?: number) => Promise<BatchEntry[]>;
  readonly operations: (sequence: number) => Promise<BatchEntry | undefined>;
  readonly audits: (limit: number, before?: number) => Promise<AuditEntry[]>;
  readonly evidence: (limit: number, before?: number) => Promise<EvidenceEntry[]>;
  readonly sessions: () => Promise<SessionEntry[]>;
  readonly newest: () => Promise<number | undefined>;
  readonly tally: Tally;
  /** When what was noted is written, or cannot be. */
  readonly close: () => Promise<void>;
}

export interface Tally {
  noted: number;
  written: number;
  /** Until the journal tells of them again. */
  lost: number;
}

/** Where the keeper runs. */
export type Hire = (place: Place, onSaid: (said: Said) => void, onGone: (why: string) => void) => Hired;
export interface Hired {
  readonly tell: (order: Order) => void;
  readonly dismiss: () => Promise<void>;
}

/** In a kiosk's folder. */
export const HISTORY_NAME = "history.db";

export interface HistoryOptions {
  /** One plain sentence, when something is not as it should be. */
  readonly onNotice?: (text: string) => void;
  readonly hire?: Hire;
}

export function openHistory(place: Place, { onNotice, hire = inThread }: HistoryOptions = {}): History {
  const tally: Tally = { noted: 0, written: 0, lost: 0 };
  const asked = new Map<number, (answer: unknown) => void>();
  let waiting: Entry[] = [];
  let underWay = 0;
  let lastId = 0;
  let isGone = false;
  let onClosed: (() => void) | undefined;
  let closed: Promise<void> | undefined;

  const onSaid = (said: Said): void => {
    if (said.type === "notice") onNotice?.(said.text);
    else if (said.type === "closed") onClosed?.();
    else if (said.type === "answer") asked.get(said.id)?.(said.answer);
    else {
      underWay -= said.count;
      tally.written += said.count - said.lostCount;
      tally.lost += said.lostCount;
    }
  };
  const onGone = (why: string): void => {
    if (isGone) return;
    isGone = true;
    tally.lost += underWay + waiting.length;
    waiting = [];
    if (closed === undefined) onNotice?.(`the history in ${place.path} is not kept: ${why}; play goes on`);
    for (const answer of [...asked.values()]) answer(undefined);
    onClosed?.();
  };
  const hired = hire(place, onSaid, onGone);

  const hand = (): void => {
    while (waiting.length > 0) {
      const entries = waiting.splice(0, WRITE_LENGTH_MAX);
      underWay += entries.length;
      hired.tell({ type: "write", entries });
    }
  };
  // A process that has nothing else to do may end; whoever wants the last rows closes.
  const timer = setInterval(hand, WRITE_EVERY_MS);
  timer.unref();

  const ask = <Q extends Question>(question: Q, ...words: Parameters<Answers[Q]>): Promise<ReturnType<Answers[Q]>> => {
    const nothing = NOTHING[question] as ReturnType<Answers[Q]>;
    if (isGone || closed !== undefined) return Promise.resolve(nothing);
    hand();
    lastId += 1;
    const id = lastId;
    return new Promise((resolve) => {
      const late = setTimeout(() => asked.get(id)?.(undefined), ANSWER_WITHIN_MS);
      asked.set(id, (answer) => {
        clearTimeout(late);
        asked.delete(id);
        resolve((answer ?? nothing) as ReturnType<Answers[Q]>);
      });
      hired.tell({ type: "ask", id, question, words });
    });
  };

  const close = async (): Promise<void> => {
    clearInterval(timer);
    if (!isGone) {
      hand();
      const done = new Promise<void>((resolve) => {
        onClosed = resolve;
      });
      hired.tell({ type: "close" });
      await done;
    }
    await hired.dismiss();
  };

  return {
    note(entry) {
      if (isGone || closed !== undefined) return;
      tally.noted += 1;
      if (waiting.length + underWay >= WAITING_LENGTH_MAX) {
        tally.lost += 1;
        return;
      }
      waiting.push(entry);
      if (waiting.length >= WRITE_LENGTH_MAX) hand();
    },
    rolls: (limit, before) => ask("rolls", limit, before),
    batches: (limit, before) => ask("batches", limit, before),
    operations: (sequence) => ask("operations", sequence),
    audits: (limit, before) => ask("audits", limit, before),
    evidence: (limit, before) => ask("evidence", limit, before),
    sessions: () => ask("sessions"),
    newest: () => ask("newest"),
    tally,
    close: () => (closed ??= close()),
  };
}

/** Of the built program: the sources cannot be started by themselves. */
export const inThread: Hire = (place, onSaid, onGone) => {
  const worker = new Worker(new URL("./keeper-thread.js", import.meta.url), {
    workerData: place,
    // Node calls its own binding experimental, once a process; a kiosk's log is not the place to read that.
    execArgv: ["--no-warnings"],
  });
  worker.unref();
  worker.on("message", onSaid);
  worker.on("error", (error) => onGone(error.message));
  worker.on("exit", () => onGone("its thread has ended"));
  return {
    tell(order) {
      // The last rows keep the process alive; answers have a clock that does.
      if (order.type === "close") worker.ref();
      worker.postMessage(order);
    },
    async dismiss() {
      await worker.terminate();
    },
  };
};

/** Here and now: for programs that may wait for a disk, and for tests. */
export const inPlace: Hire = (place, onSaid) => {
  const { obey } = keeper(place, onSaid, () => performance.now());
  return { tell: obey, dismiss: async () => {} };
};
