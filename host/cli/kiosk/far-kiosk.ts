/**
 * A kiosk in a process of its own, as the web server of another one asks it. Its view is there at all times: before the kiosk has told
 * any it is an empty one, and while its process is gone the last, which says so.
 */
import { type Answer, type Refused, refused } from "../../web/contract/answers.ts";
import type { FaultsPart } from "../../web/contract/faults-part.ts";
import type { FaultOrder } from "../../web/contract/orders.ts";
import type { Figures } from "../../web/server/figures.ts";
import { type Health, healthOf } from "../../web/server/health.ts";
import { histogram, LATENCY_BOUNDS_S, ROUND_TRIP_BOUNDS_S } from "../../web/server/histogram.ts";
import type { KioskNow, KioskPort } from "../../web/server/kiosk-port.ts";
import { emptyView } from "./empty-view.ts";
import type { PortAnswers, PortAsks, PortSaid } from "./port-words.ts";

export interface FarKiosk {
  readonly port: KioskPort;
  readonly heard: (said: PortSaid) => void;
  /** Its process has ended, as somebody wanted or by itself. */
  readonly gone: () => void;
  /** What is wrong with the air or with other kiosks may be other. */
  readonly look: () => void;
}

export interface FarKioskOptions {
  readonly name: string;
  readonly version: string;
  readonly isVirtual: boolean;
  readonly ask: (id: number, asks: PortAsks) => void;
  /** Of the air and of all kiosks: whoever started them does it. */
  readonly fault: (order: FaultOrder) => Answer;
  readonly faults: () => FaultsPart;
}

type View = KioskNow["view"];

/** Asked and not answered: whoever presses buttons is told so. */
const ASKED_MAX = 64;
const AWAY_WORDS = "Its process was killed: start it, or heal everything.";

export function farKiosk(options: FarKioskOptions): FarKiosk {
  const { ask, fault, faults } = options;
  const listeners = new Set<() => void>();
  const asked = new Map<number, (answer: PortAnswers[keyof PortAnswers] | undefined) => void>();
  let now: KioskNow = { revision: 1, view: emptyView(options) };
  /** Its own number of what it has told last; it begins anew with each process. */
  let toldRevision = 0;
  let [figures, health]: [Figures, Health] = [noFigures(), away("Its process starts.")];
  let lastId = 0;
  let isHere = false;

  const change = (parts: Partial<View>): void => {
    const view = { ...now.view, ...parts };
    const { operator } = view;
    now = { revision: now.revision + 1, view: { ...view, operator: operator && { ...operator, faults: faults() } } };
    for (const listener of listeners) listener();
  };

  /** Undefined where there is nobody to answer. */
  const answerTo = <What extends PortAsks["what"]>(
    asks: PortAsks & { readonly what: What },
  ): Promise<PortAnswers[What] | undefined> => {
    if (!isHere || asked.size >= ASKED_MAX) return Promise.resolve(undefined);
    lastId += 1;
    const id = lastId;
    return new Promise((resolve) => {
      asked.set(id, (answer) => resolve(answer as PortAnswers[What] | undefined));
      ask(id, asks);
    });
  };
  const nobody = (): Refused => (isHere ? refused("busy") : OFF);
  const order: KioskPort["order"] = async (wanted) => {
    if (wanted.type === "fault") return fault(wanted);
    const answer = await answerTo({ what: "order", order: wanted });
    if (answer === undefined) return nobody();
    // What its next view shows, the next one here does.
    return answer.ok ? { ...answer, revision: now.revision + Math.max(0, answer.revision - toldRevision) } : answer;
  };

  return {
    port: {
      view: () => now,
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      order,
      proof: async (roll) => (await answerTo({ what: "proof", roll })) ?? undefined,
      health: () => health,
      figures: () => figures,
      settings: async () => (await answerTo({ what: "settings" })) ?? { schema: {}, settings: [] },
      logs: async () => (await answerTo({ what: "logs" })) ?? { level: "info", levels: {}, lines: [] },
      ledger: async () => (await answerTo({ what: "ledger" })) ?? nobody(),
    },
    heard(said) {
      switch (said.type) {
        case "shown":
          toldRevision = said.revision;
          isHere = true;
          change(said.parts);
          break;
        case "counted":
          figures = said.figures;
          health = said.health;
          break;
        case "answered":
          asked.get(said.id)?.(said.answer);
          asked.delete(said.id);
          break;
      }
    },
    gone() {
      toldRevision = 0;
      isHere = false;
      health = away(AWAY_WORDS);
      const { recovery } = now.view;
      change({ recovery: { ...recovery, state: "away", words: AWAY_WORDS, waits: [], behind: null } });
      for (const answer of asked.values()) answer(undefined);
      asked.clear();
    },
    look: () => change({}),
  };
}

const OFF: Refused = Object.freeze({ ...refused("not now"), words: "This kiosk is switched off." });

const away = (words: string): Health =>
  healthOf([{ component: "process", state: "failed", words }], { isReady: false, awaits: words });

const noFigures = (): Figures => ({
  ...{ rounds: 0, requests: 0, batches: 0, batchLengthMax: 1, writtenBytes: 0, flushes: 0 },
  ...{ latency: histogram(LATENCY_BOUNDS_S), roundTrip: histogram(ROUND_TRIP_BOUNDS_S) },
});
