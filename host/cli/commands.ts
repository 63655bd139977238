/** Every command there is, in the order in which a newcomer meets them. */
import type { Command } from "./command.ts";
import { bench, benchDual } from "./commands/bench.ts";
import { completion } from "./commands/completion.ts";
import { configCheck } from "./commands/config-check.ts";
import { configGet } from "./commands/config-get.ts";
import { configSet } from "./commands/config-set.ts";
import { doctor } from "./commands/doctor.ts";
import { firmwareBuild } from "./commands/firmware-build.ts";
import { flashCommand } from "./commands/flash.ts";
import { gameCheck } from "./commands/game-check.ts";
import { radioList } from "./commands/radio-list.ts";
import { radioMonitor, traceRecord } from "./commands/radio-monitor.ts";
import { rollVerify } from "./commands/roll-verify.ts";
import { start } from "./commands/start.ts";
import { traceReplay } from "./commands/trace-replay.ts";
import { virtual } from "./commands/virtual.ts";

export const COMMANDS: readonly Command[] = Object.freeze([
  start,
  rollVerify,
  gameCheck,
  virtual,
  radioList,
  radioMonitor,
  traceRecord,
  traceReplay,
  doctor,
  configCheck,
  configGet,
  configSet,
  firmwareBuild,
  flashCommand,
  bench,
  benchDual,
  completion(() => COMMANDS),
]);
