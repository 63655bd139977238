/** `hardway run`: the kiosk that a configuration describes, until it is told to stop. One process a kiosk. */
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { millis } from "../../../protocol/core/units.ts";
import { warningsOf } from "../../config/config-file.ts";
import type { Config } from "../../config/defaults.ts";
import { type Logger, logger } from "../../logs/logger.ts";
import { openSinks } from "../../logs/open-sinks.ts";
import { nodeClock } from "../../node/clock.ts";
import { rolesAlone } from "../../node/mesh-plan.ts";
import { writePrivate } from "../../node/private-file.ts";
import { parseDevice } from "../../radio/device-url.ts";
import { HISTORY_NAME } from "../../storage/history/history.ts";
import { type Command, InputError, UsageError } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { deskOf } from "../kiosk/desk-of-config.ts";
import { brokerOf } from "../kiosk/house-broker.ts";
import { lastLines } from "../kiosk/last-lines.ts";
import { openLobby } from "../kiosk/lobby.ts";
import { looksOnIn, onlookerRequest } from "../kiosk/onlooker-file.ts";
import { BACKUPS_FOLDER, backedUp } from "../kiosk/page-backup.ts";
import { ledgerExporter } from "../kiosk/page-ledger.ts";
import { type ServedKiosk, type ServedOptions, serveKiosk } from "../kiosk/served-kiosk.ts";
import { readTable, type TableFile, tablePath } from "../kiosk/table-file.ts";
import { ADDRESS_FILE, untilStopped } from "../kiosk/until-stopped.ts";
import { HOUSE_ADDRESSES, webOf } from "../kiosk/web-of-config.ts";
import { packageFacts, softwareName } from "../version.ts";
import { FILE_OPTION } from "./config-source.ts";
import { identityScope } from "./identity-record.ts";
import { fileWords, kioskAt, type OwnKiosk, openedKey, PASSPHRASE_OPTION, tableSecret } from "./own-kiosk.ts";

const MEBIBYTE = 1_048_576;
/** All of them answer this machine too, whose own commands ask the page. */
const LISTENS: readonly string[] = Object.freeze(["127.0.0.1", "::1", ...HOUSE_ADDRESSES]);

export const run: Command = {
  words: ["run"],
  about:
    "Runs the kiosk that its configuration describes: it finds its neighbours, sits down, plays, and shows its page.",
  more: `It ends with Ctrl-C or SIGTERM, its journal closed. What it tells of itself goes to the standard error, as logs.form has it;
under systemd it says when it is ready, and feeds the watchdog while a radio answers.`,
  options: {
    ...FILE_OPTION,
    ...PASSPHRASE_OPTION,
    listen: {
      value: "ADDRESS",
      about: `where its page listens, ${LISTENS.join(", ")}; the last two are for the house, and want a PIN`,
    },
  },
  async run(input, io) {
    if (input.operands.length > 0) throw new UsageError("run takes no operands; --file names a configuration");
    const listen = input.text("listen");
    if (listen !== undefined && !LISTENS.includes(listen)) {
      throw new UsageError(`--listen takes one of ${LISTENS.join(", ")}, not "${listen}"`);
    }
    const kiosk = await kioskAt(input, io);
    if (typeof kiosk === "string") return kiosk;
    const { file, folder, config } = kiosk;
    for (const warning of warningsOf(config, file)) io.err(`${file}: ${warning}`);
    const secret = tableSecret(kiosk);
    if (secret === undefined) {
      const next = `hardway init${fileWords(kiosk)} draws one, or takes the one of a table that is there.`;
      throw new InputError("unsound", `${file} has no table.secret, without which nobody gets a link.`, next);
    }
    const own = await openedKey(kiosk, input, io);
    const table = tableAt(kiosk);
    const lines = lastLines();
    const log = logOf(kiosk, lines.sink);
    const web = webOf(kiosk, listen, log.of("web"));
    const historySize = sizeOf(join(folder, HISTORY_NAME));
    const writtenBytes = (): number =>
      Math.max(0, sizeOf(join(folder, HISTORY_NAME)) - historySize) +
      (served?.running.node.tally.records ?? 0) * RECORD_SIZE;
    let served: ServedKiosk | undefined;
    const options: ServedOptions = {
      ...{
        name: config.kiosk.name,
        version: packageFacts().version,
        folder,
        own,
        table,
        secret,
        clock: nodeClock,
        log,
      },
      ...{
        seats: [0],
        isVirtual: config.radios.every((device) => device.startsWith("virtual:")) && config.radios.length > 0,
      },
      ...{ radios: radiosOf(config), planned: undefined },
      identity: { profile: config.identity.profile, work_bits: config.identity.work_bits },
      ...(looksOnIn(folder)
        ? { looksOn: onlookerRequest(config.kiosk.name, softwareName()) }
        : { lobby: openLobby(config, identityScope(secret), table.members.length) }),
      desk: deskOf({
        ...{ file, config, log, lines, writtenBytes, backup: () => backedUp(resolve(file), folder) },
        ...{ flushes: () => served?.running.node.tally.flushes ?? 0, backups: join(folder, BACKUPS_FOLDER) },
        point: (device, wanted) => served?.running.radios.point(device, wanted) ?? false,
        exportLedger: ledgerExporter(folder, own.pair),
      }),
      mqtt: brokerOf(kiosk),
      web,
    };
    const started = await serveKiosk(options);
    if (!started.ok) {
      await log.close();
      const exit: Exit = started.kind === "locked" ? "busy" : started.kind === "foreign" ? "foreign" : "failed";
      throw new InputError(exit, `${started.why}.`, `${started.next}.`);
    }
    served = started.kiosk;
    greet(io, kiosk, table, served);
    return untilStopped(served, folder, log, io);
  },
};

/** A record of the journal with its head: a vote, mostly. */
const RECORD_SIZE = 220;

function tableAt(kiosk: OwnKiosk): TableFile {
  const { folder, config } = kiosk;
  const read = readTable(tablePath(folder));
  if (read.ok) return read.table;
  if (read.isThere) throw new InputError("unsound", `${read.why}.`, "Bring it anew: hardway table join FILE.");
  const others = config.table.kiosks - 1;
  const next = `One of its kiosks founds it: hardway table create${fileWords(kiosk)} with the ${others} keys that hardway identity show says at the others; they join with its file.`;
  throw new InputError("missing", "this kiosk is of no table yet.", next);
}

/** Each opens links or accepts them, by turns: what others have is not known here. */
export function radiosOf({ radios }: Config): ServedOptions["radios"] {
  const roles = rolesAlone(radios.length);
  return radios.map((text, at) => {
    const parsed = parseDevice(text);
    if (!parsed.ok)
      throw new InputError("unsound", `radios: ${parsed.why}.`, "hardway radio list shows those that are here.");
    return { device: parsed.device, role: roles[at] };
  });
}

function logOf({ config: { logs }, logFile }: OwnKiosk, more: Parameters<typeof logger>[0]["sinks"][number]): Logger {
  const file =
    logFile === undefined
      ? undefined
      : { path: logFile, sizeMax: logs.file_size_mib * MEBIBYTE, filesMax: logs.files_max };
  const sinks = openSinks({ form: logs.form, file }, process.stderr, process.env["JOURNAL_STREAM"]);
  const clock = { now: () => millis(performance.now()), wall: () => Date.now() };
  return logger({ level: logs.level, levels: logs.levels, clock, sinks: [...sinks, more] });
}

function greet(
  io: Io,
  { config, folder }: OwnKiosk,
  { table, members }: TableFile,
  { running, web }: ServedKiosk,
): void {
  const { node } = running;
  const url = web?.url;
  if (url !== undefined) writePrivate(join(folder, ADDRESS_FILE), Buffer.from(`${url}\n`));
  if (io.json) {
    const { me, executed } = node.replica;
    io.record({ type: "running", name: config.kiosk.name, table, member: me, sequence: executed, url: url ?? null });
  }
  const how = looksOnIn(folder) ? "looks on at" : "sits at";
  io.out(`${config.kiosk.name} ${how} the table ${table.slice(0, 8)} of ${members.length} kiosks.`);
  if (url !== undefined)
    io.out(`Its page: ${url}${web?.isMoved === true ? " (the port that web.port names is taken)" : ""}`);
  for (const other of web?.inHouse ?? []) io.out(`In the house, with the PIN: ${other}`);
  if (url === undefined && config.web.enabled) io.err("It has no page; the log says why. It plays without.");
  if (config.radios.length === 0)
    io.err("It has no radio: hardway radio list, then hardway config set radios DEVICE …");
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
