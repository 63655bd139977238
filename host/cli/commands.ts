/** Every command there is, in the order in which a newcomer meets them. */
import type { Command } from "./command.ts";
import { backup } from "./commands/backup.ts";
import { bench, benchDual } from "./commands/bench.ts";
import { completion } from "./commands/completion.ts";
import { configCheck } from "./commands/config-check.ts";
import { configGet } from "./commands/config-get.ts";
import { configSet } from "./commands/config-set.ts";
import { doctor } from "./commands/doctor.ts";
import { explain } from "./commands/explain.ts";
import { firmwareBuild } from "./commands/firmware-build.ts";
import { flashCommand } from "./commands/flash.ts";
import { gameCheck } from "./commands/game-check.ts";
import { identityBackup } from "./commands/identity-backup.ts";
import { identityMine } from "./commands/identity-mine.ts";
import { identityRestore } from "./commands/identity-restore.ts";
import { identityShow } from "./commands/identity-show.ts";
import { init } from "./commands/init.ts";
import { install } from "./commands/install.ts";
import { ledgerAudit } from "./commands/ledger-audit.ts";
import { ledgerExport } from "./commands/ledger-export.ts";
import { pair } from "./commands/pair.ts";
import { pin } from "./commands/pin.ts";
import { radioList } from "./commands/radio-list.ts";
import { radioMonitor, traceRecord } from "./commands/radio-monitor.ts";
import { replay } from "./commands/replay.ts";
import { restore } from "./commands/restore.ts";
import { rollVerify } from "./commands/roll-verify.ts";
import { run } from "./commands/run.ts";
import { start } from "./commands/start.ts";
import { status } from "./commands/status.ts";
import { support } from "./commands/support.ts";
import { tableCreate } from "./commands/table-create.ts";
import { tableJoin } from "./commands/table-join.ts";
import { tableLeave } from "./commands/table-leave.ts";
import { tableList } from "./commands/table-list.ts";
import { traceReplay } from "./commands/trace-replay.ts";
import { uninstall } from "./commands/uninstall.ts";
import { virtual } from "./commands/virtual.ts";

export const COMMANDS: readonly Command[] = Object.freeze([
  start,
  init,
  run,
  status,
  pair,
  tableCreate,
  tableJoin,
  tableLeave,
  tableList,
  rollVerify,
  replay,
  explain,
  ledgerAudit,
  ledgerExport,
  gameCheck,
  virtual,
  radioList,
  radioMonitor,
  traceRecord,
  traceReplay,
  doctor,
  identityShow,
  identityMine,
  identityBackup,
  identityRestore,
  configCheck,
  configGet,
  configSet,
  pin,
  install,
  uninstall,
  backup,
  restore,
  support,
  firmwareBuild,
  flashCommand,
  bench,
  benchDual,
  completion(() => COMMANDS),
]);
