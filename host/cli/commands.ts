/** Every command there is, in the order in which a newcomer meets them. */
import type { Command } from "./command.ts";
import { bench, benchDual } from "./commands/bench.ts";
import { doctor } from "./commands/doctor.ts";
import { firmwareBuild } from "./commands/firmware-build.ts";
import { flashCommand } from "./commands/flash.ts";
import { radioList } from "./commands/radio-list.ts";
import { radioMonitor, traceRecord } from "./commands/radio-monitor.ts";
import { start } from "./commands/start.ts";
import { traceReplay } from "./commands/trace-replay.ts";
import { virtual } from "./commands/virtual.ts";

export const COMMANDS: readonly Command[] = Object.freeze([
  start,
  virtual,
  radioList,
  radioMonitor,
  traceRecord,
  traceReplay,
  doctor,
  firmwareBuild,
  flashCommand,
  bench,
  benchDual,
]);
