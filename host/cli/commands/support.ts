/** `hardway support`: what somebody who helps wants to know of a kiosk, in one file without a secret in it. */
import { existsSync, lstatSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeArchive } from "../../backup/archive.ts";
import { Bundle } from "../../backup/bundle.ts";
import { hasJournal, KEY_FILE, SECRET_FILE, smallFile } from "../../backup/kiosk-folder.ts";
import { LEFT_OUT_COUNT_MAX } from "../../backup/limits.ts";
import { redactor } from "../../backup/redact.ts";
import { bareSeed } from "../../backup/secrets.ts";
import { type ConfigPlaces, placesOf } from "../../config/config-file.ts";
import type { Config } from "../../config/defaults.ts";
import { parseConfig } from "../../config/parse-config.ts";
import { problemWords } from "../../config/problems.ts";
import { readPassphrase } from "../../node/passphrase-file.ts";
import { readSecret } from "../../secure/secret-text.ts";
import { budgetLine } from "../../service/card-budget.ts";
import { type Command, type Input, InputError, UsageError } from "../command.ts";
import type { Io } from "../io.ts";
import { nearest } from "../nearest.ts";
import { exitOfFault } from "../read-text.ts";
import { SOURCE_OPTIONS } from "./backup-source.ts";
import { configText } from "./config-source.ts";
import { doctor } from "./doctor.ts";
import { journalFigures } from "./support-journal.ts";
import { machineFacts, pageAnswer, serviceLog, serviceState, tailOf } from "./support-machine.ts";

export const support: Command = {
  words: ["support"],
  about: "Puts what somebody who helps wants to know into one file, without a secret.",
  more: `Logs, the configuration, versions, figures of the journal and the radios, and what hardway doctor says. Keys, secrets,
passphrases and PINs are taken out; look at it before you send it: tar -xzf FILE.`,
  options: {
    ...SOURCE_OPTIONS,
    out: { value: "FILE", about: "where it goes; a file that is there is not written over" },
    "no-doctor": { about: "does not try the radios" },
  },
  async run(input, io) {
    const out = input.text("out");
    if (out === undefined) throw new UsageError("support takes --out FILE");
    if (existsSync(out)) throw new InputError("failed", `${out} is there.`, "Choose another name.");
    const kiosk = await lookedUp(input);
    const bundle = new Bundle(redactor(kiosk.bytes, kiosk.words));
    await fill(bundle, kiosk, input, io);
    if (io.signal.aborted) return "interrupted";
    const names = bundle.entries.map(({ name }) => name);
    const size = await writeArchive(out, bundle.entries, Date.now()).catch((error: Error) => {
      throw new InputError(exitOfFault(error.message), `writing ${out}: ${error.message}.`, "Choose another place.");
    });
    if (io.json) io.record({ type: "support", path: out, size, names });
    io.out(`${out}: ${size} bytes: ${names.join(", ")}.`);
    return "done";
  },
};

interface LookedUp {
  readonly file: string;
  readonly text: string | undefined;
  readonly problems: readonly string[];
  readonly config: Config | undefined;
  readonly places: ConfigPlaces | undefined;
  readonly folder: string | undefined;
  /** What must not be in the bundle. */
  readonly bytes: readonly Uint8Array[];
  readonly words: readonly string[];
}

/** A kiosk may be so broken that little of it is found: the bundle tells of the rest. */
async function lookedUp(input: Input): Promise<LookedUp> {
  const file = input.text("file") as string;
  const text = existsSync(file) ? await configText(file) : undefined;
  const parsed = text === undefined ? undefined : parseConfig(text, nearest);
  const config = parsed?.ok ? parsed.config : undefined;
  const places = config === undefined ? undefined : placesOf(config, file);
  const folder = input.text("at") ?? places?.folder;
  const problems = parsed?.ok === false ? parsed.problems.map((problem) => problemWords(file, problem)) : [];

  const passphrase = places?.passphraseFile === undefined ? undefined : readPassphrase(places.passphraseFile);
  const key = folder === undefined ? undefined : smallFile(folder, KEY_FILE);
  const seed = key === undefined ? undefined : bareSeed(key);
  // A table's kiosks on one machine share the file of its secret, a folder further up.
  const files = folder === undefined ? [] : [smallFile(folder, SECRET_FILE), smallFile(dirname(folder), SECRET_FILE)];
  const texts = [config?.table.secret, ...files.map((each) => each && Buffer.from(each).toString("utf8"))];
  const secrets = texts.flatMap((each) => {
    const read = each === undefined ? undefined : readSecret(each);
    return read?.ok ? [read.secret] : [];
  });
  return {
    ...{ file, text, problems, config, places, folder },
    bytes: seed === undefined ? secrets : [...secrets, seed],
    words: passphrase?.ok ? [passphrase.passphrase] : [],
  };
}

async function fill(bundle: Bundle, kiosk: LookedUp, input: Input, io: Io): Promise<void> {
  const { text, problems, config, places, folder } = kiosk;
  bundle.addJson("about.json", machineFacts(folder ?? "."));
  bundle.add("config.yaml", text ?? `# there is no ${kiosk.file}\n`);
  if (problems.length > 0) bundle.add("config-problems.txt", `${problems.join("\n")}\n`);
  if (folder !== undefined && existsSync(folder)) {
    bundle.addJson("files.json", filesIn(folder));
    if (hasJournal(folder)) {
      io.err("reading the journal …");
      const figures = journalFigures(folder);
      bundle.addJson("journal.json", figures);
      if (figures.budget !== undefined) io.err(`${budgetLine(figures.budget)}.`);
    }
  }
  if (places?.logFile !== undefined) addLogs(bundle, places.logFile);
  io.err("asking systemd and the page …");
  bundle.add("service.txt", await serviceState());
  bundle.add("service-log.txt", await serviceLog());
  if (config?.web.enabled) {
    const { host, port } = config.web;
    const page = `http://${host === "::1" ? "[::1]" : host}:${port}`;
    bundle.add("health.json", await pageAnswer(`${page}/health`));
    bundle.add("metrics.txt", await pageAnswer(`${page}/metrics`));
  }
  if (input.flag("no-doctor") || io.signal.aborted) return;
  bundle.add("doctor.txt", await doctorSays(kiosk, io));
}

/** Names, lengths and rights; nothing of what is in them. */
function filesIn(folder: string): object[] {
  return readdirSync(folder)
    .sort()
    .slice(0, LEFT_OUT_COUNT_MAX)
    .map((name) => {
      const there = lstatSync(join(folder, name));
      const mode = (there.mode & 0o777).toString(8);
      return { name, size: there.size, mode, uid: there.uid, changed: there.mtime.toISOString() };
    });
}

/** The present one and the one before. */
function addLogs(bundle: Bundle, logFile: string): void {
  for (const [name, path] of [
    ["logs/hardway.log", logFile],
    ["logs/hardway.log.1", `${logFile}.1`],
  ] as const) {
    const tail = tailOf(path);
    if (tail !== undefined) bundle.addTail(name, tail.bytes, tail.isCut);
  }
}

/** As a person reads it; its progress goes on to whoever waits. */
async function doctorSays({ file, text }: LookedUp, io: Io): Promise<string> {
  const lines: string[] = [];
  const out = (line: string): void => void lines.push(line);
  const input: Input = {
    operands: [],
    text: (name) => (name === "file" && text !== undefined ? file : undefined),
    all: () => [],
    flag: () => false,
  };
  const exit = await doctor.run(input, { ...io, json: false, out, record: () => {} });
  return `${lines.join("\n")}\nexit ${exit}\n`;
}
