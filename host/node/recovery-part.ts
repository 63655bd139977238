/** The loop's own end of recovery: what the watch wants done becomes effects, orders, and the record that ends everything. */
import { assert, unreachable } from "../../protocol/core/assert.ts";
import { KIOSK_SEAT } from "../../protocol/message/fields.ts";
import type { Effect, Event } from "../engine/consensus/events.ts";
import type { RecoveryEvent } from "../engine/recovery/events.ts";
import type { Letter } from "../mesh/judge.ts";
import type { NodeClock } from "./clock.ts";
import type { StoppedRecord } from "./memory.ts";
import {
  isStopped,
  mayWish,
  type RecoveryPorts,
  type RecoveryTask,
  recoveryDue,
  recoveryWatch,
  type StandingPage,
  standingPage,
  watchDamage,
  watchLetter,
  watchPeople,
  watchTurn,
} from "./recovery-watch.ts";

export interface RecoveryPart {
  /** Before the engine hears it. `place`: of its sender now. */
  readonly letter: (letter: Letter, place: number | undefined, effects: Effect[]) => void;
  /** After all that a turn has brought. */
  readonly turn: (effects: Effect[]) => void;
  readonly dueAt: () => number;
  /** Why people's wishes are not taken now, in plain words; undefined where they are. */
  readonly whyNot: () => string | undefined;
  readonly page: (names: readonly string[]) => StandingPage;
  readonly people: (event: Untimed<PeoplesEvent>, effects: Effect[]) => void;
  /** To be made durable, once. */
  readonly takeStop: () => StoppedRecord | undefined;
  readonly isStopped: () => boolean;
}

type PeoplesEvent = Extract<RecoveryEvent, { type: "operator" | "rollBack" | "exclude" }>;

export interface RecoveryPartOptions extends RecoveryPorts {
  readonly clock: NodeClock;
  readonly wasStopped: boolean;
  readonly isDamaged: boolean;
  /** For the consensus, by this kiosk. */
  readonly submit: (event: Event, effects: Effect[]) => void;
}

export function recoveryPart({ clock, wasStopped, isDamaged, submit, ...ports }: RecoveryPartOptions): RecoveryPart {
  const watch = recoveryWatch(ports, clock.now(), { wasStopped });
  let stop: StoppedRecord | undefined;

  const follow = (tasks: readonly RecoveryTask[], effects: Effect[]): void => {
    for (const task of tasks) {
      switch (task.type) {
        case "say":
          effects.push({ type: "send", to: "all", message: task.message });
          break;
        case "order":
          submit({ type: "submit", at: clock.now(), seat: KIOSK_SEAT, operation: task.operation }, effects);
          break;
        case "stop":
          stop = { type: "stopped", first: task.first, second: task.second };
          break;
        default:
          unreachable(task);
      }
    }
  };
  if (isDamaged && !wasStopped) {
    const tasks = watchDamage(watch, clock.now(), ports);
    assert(
      tasks.every(({ type }) => type === "say"),
      "damage of its own orders nothing",
    );
  }

  return {
    letter: (letter, place, effects) => follow(watchLetter(watch, letter, { place, at: clock.now() }, ports), effects),
    turn: (effects) => follow(watchTurn(watch, clock.now(), ports), effects),
    dueAt: () => recoveryDue(watch),
    whyNot() {
      if (ports.replica.me < 0 && !isStopped(watch)) return ONLOOKER;
      return mayWish(watch) ? undefined : standingPage(watch, []).sentences[0];
    },
    page: (names) => standingPage(watch, names),
    people: (event, effects) =>
      follow(watchPeople(watch, { ...event, at: clock.now() } as PeoplesEvent, ports), effects),
    takeStop() {
      const taken = stop;
      stop = undefined;
      return taken;
    },
    isStopped: () => isStopped(watch),
  };
}

const ONLOOKER = "This kiosk has no place at the table: you can look and not play.";

type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;
