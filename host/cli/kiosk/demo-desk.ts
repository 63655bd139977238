/** What an operator sees and does at a kiosk of a demonstration: there is no configuration, and whoever started all kiosks makes the air
 * and them wrong. */
import type { Logger } from "../../logs/logger.ts";
import { refused } from "../../web/contract/answers.ts";
import { NO_FAULTS } from "../../web/contract/faults-part.ts";
import { USUAL_DETECTION } from "../../web/view/conduct-watch.ts";
import type { OperatorDesk } from "../../web/view/seen-kiosk.ts";
import { logsOf } from "./desk-of-config.ts";
import type { LastLines } from "./last-lines.ts";

export function demoDesk(log: Logger, lines: LastLines, exportLedger: OperatorDesk["exportLedger"]): OperatorDesk {
  const order: OperatorDesk["order"] = async (wanted) => {
    switch (wanted.type) {
      case "logLevel":
        log.set(wanted.part, wanted.level);
        return { ok: true, revision: 0, words: "" };
      case "set":
        return refused("no such setting", "A kiosk of hardway start has no configuration: hardway init makes one.");
      default:
        return refused("not now", "That is for a kiosk of its own: hardway run.");
    }
  };
  return {
    part: () => ({ faults: NO_FAULTS, backups: [], writtenBytesADay: null }),
    settings: () => ({ schema: {}, settings: [] }),
    logs: () => logsOf(log, { level: "info" }, lines),
    ...{ order, writtenBytes: () => 0, detection: USUAL_DETECTION, exportLedger },
  };
}
