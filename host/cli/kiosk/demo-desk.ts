/** What an operator sees and does at a kiosk of a demonstration: there is no configuration, and the air and the other kiosks can be made
 * wrong by whoever started them all. */
import type { Logger } from "../../logs/logger.ts";
import { type Answer, refused } from "../../web/contract/answers.ts";
import type { FaultsPart } from "../../web/contract/operator-part.ts";
import type { FaultOrder } from "../../web/contract/orders.ts";
import type { OperatorDesk } from "../../web/view/seen-kiosk.ts";
import { logsOf } from "./desk-of-config.ts";
import type { LastLines } from "./last-lines.ts";

export interface DemoDesk {
  readonly desk: OperatorDesk;
  /** What was asked under that number came to this. */
  readonly done: (id: number, answer: Answer) => void;
  readonly show: (faults: FaultsPart) => void;
}

export interface DemoDeskOptions {
  readonly log: Logger;
  readonly lines: LastLines;
  readonly isVirtual: boolean;
  readonly ask: (id: number, order: FaultOrder) => void;
}

/** Asked and not answered: whoever presses buttons is told so. */
const ASKED_MAX = 32;

export function demoDesk({ log, lines, isVirtual, ask }: DemoDeskOptions): DemoDesk {
  let faults: FaultsPart = {
    ...{ whyNot: isVirtual ? null : "real radios", loss: 0, groups: [], killed: [], cheating: [] },
  };
  const asked = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  const order: OperatorDesk["order"] = async (wanted) => {
    switch (wanted.type) {
      case "logLevel":
        log.set(wanted.part, wanted.level);
        return { ok: true, revision: 0, words: "" };
      case "fault": {
        if (!isVirtual) return refused("real radios");
        if (asked.size >= ASKED_MAX) return refused("busy");
        lastId += 1;
        const id = lastId;
        return new Promise((resolve) => {
          asked.set(id, resolve);
          ask(id, wanted);
        });
      }
      case "set":
        return refused("no such setting", "A kiosk of hardway start has no configuration: hardway init makes one.");
      default:
        return refused("not now", "That is for a kiosk of its own: hardway run.");
    }
  };
  return {
    desk: {
      part: () => ({ faults, backups: [], writtenBytesADay: null }),
      settings: () => ({ schema: {}, settings: [] }),
      logs: () => logsOf(log, { level: "info" }, lines),
      ...{ order, writtenBytes: () => 0 },
    },
    done(id, answer) {
      asked.get(id)?.(answer);
      asked.delete(id);
    },
    show(now) {
      faults = now;
    },
  };
}
