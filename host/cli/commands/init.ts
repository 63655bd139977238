/** `hardway init`: makes a kiosk of this machine, or asks again what it is. What is there stays: a key is never replaced, and a file
 * only changed after a yes. */
import { existsSync, mkdirSync } from "node:fs";
import { CONFIG_FILE, createConfig, placesOf, replaceConfig } from "../../config/config-file.ts";
import type { Config } from "../../config/defaults.ts";
import { editConfig } from "../../config/edit.ts";
import { exampleConfig } from "../../config/example.ts";
import { keyNamed } from "../../config/keys.ts";
import { parseConfig } from "../../config/parse-config.ts";
import { configValue, valueText } from "../../config/value-text.ts";
import { ownKey } from "../../node/key-file.ts";
import { discoverAll } from "../../radio/listed.ts";
import { type Command, InputError } from "../command.ts";
import { nearest } from "../nearest.ts";
import { exitOfFault } from "../read-text.ts";
import { configText, tellProblems } from "./config-source.ts";
import { worstOf } from "./doctor-check.ts";
import { examine } from "./doctor-kiosk.ts";
import { fingerprint } from "./identity-words.ts";
import { type Answers, type Asked, answersOf, askLine, isAsking } from "./init-answers.ts";
import { keepPassphrase, keepSecret, passphraseAnswer, secretAnswer } from "./init-secrets.ts";
import { fileWords, hex, journalPath, keyThere, type OwnKiosk, secretPath, tableSecret } from "./own-kiosk.ts";

export const init: Command = {
  words: ["init"],
  about:
    "Makes a kiosk of this machine: finds its radios, writes its configuration, makes its key, and looks at it all.",
  more: `It asks, and suggests what is here; --yes takes that. It can be run again: what is there is suggested then, a key stays, and
the file is only changed after a yes. It ends with doctor, whose findings are not its exit.`,
  options: {
    file: { value: "FILE", default: CONFIG_FILE, about: "the configuration" },
    name: { value: "NAME", about: "of the kiosk, on screens; else what this machine is called" },
    folder: { value: "FOLDER", about: "for key and journal" },
    radio: { value: "DEVICE", many: true, about: "a radio; else all that are found" },
    kiosks: { value: "N", about: "how many sit at the table" },
    "secret-file": { value: "FILE", about: "the table's secret, brought from another kiosk of it" },
    "new-secret": { about: "draws another secret, for a new table" },
    "passphrase-file": { value: "FILE", about: "its first line encrypts the key" },
    yes: { about: "asks nothing, and takes what is suggested" },
  },
  async run(input, io) {
    const file = input.text("file") as string;
    const isNew = !existsSync(file);
    const before = isNew ? "" : await configText(file);
    const parsed = parseConfig(before, nearest);
    if (!parsed.ok) return tellProblems(io, file, parsed.problems);
    const ports = (await discoverAll()).filter(({ isOwn }) => !isOwn);
    const asked: Asked = { input, io, file, config: parsed.config, isNew, ports };

    const answers = await answersOf(asked);
    const first = written(before, isNew, answers);
    const { folder, passphraseFile } = placesOf(first.config, file);
    const secret = await secretAnswer(asked, folder);
    if (secret !== undefined) answers["table.secret"] = hex(secret.secret);
    const passphrase = await passphraseAnswer(asked, passphraseFile);
    if (passphrase.file !== undefined) answers["kiosk.passphrase_file"] = passphrase.file;
    const { text, config } = written(before, isNew, answers);
    const changed = changedKeys(parsed.config, config);
    if (!isNew && text !== before && !(await isAgreed(file, parsed.config, config, changed, asked))) {
      io.err("Nothing was written.");
      return "done";
    }

    const kiosk: OwnKiosk = { file, config, ...placesOf(config, file) };
    const words = await store(kiosk, { before, text, isNew }, passphrase);
    if (io.json) io.record({ type: "init", file, isNew, changed, folder, ...words, radios: config.radios });
    io.out(`${file}: ${isNew ? "written" : text === before ? "as it was" : `changed: ${changed.join(", ")}`}.`);
    io.out(`This kiosk is ${words.words}.`);
    if (secret?.isFounded === true) {
      io.out(
        `The table's secret is in ${secretPath(folder)}: carry that file to each other kiosk of it, and say there`,
      );
      io.out("  hardway init --secret-file secret");
    }
    io.out("");
    const checks = await examine(file, true, io);
    if (io.signal.aborted) return "interrupted";
    io.out("");
    const isUnidentified = checks.some(({ check, state }) => check === "identity" && state !== "OK");
    if (worstOf(checks) === "FAIL") io.out(`Next: mend what FAILs, then hardway doctor${fileWords(kiosk)}`);
    else io.out(`Next: hardway ${isUnidentified ? "identity mine" : "run"}${fileWords(kiosk)}`);
    return "done";
  },
};

/** What the file would be. */
function written(before: string, isNew: boolean, answers: Answers): { readonly text: string; readonly config: Config } {
  let text = isNew ? exampleConfig() : before;
  for (const [name, value] of Object.entries(answers)) {
    const key = keyNamed(name);
    if (key === undefined) throw new Error(`there is a key ${name}`);
    const now = parseConfig(text, nearest);
    // What holds already is not said again: the file stays as a person wrote it.
    if (now.ok && JSON.stringify(configValue(now.config, key)) === JSON.stringify(value)) continue;
    const edited = editConfig(text, key, value, nearest);
    if (!edited.ok) {
      const { key: where, why } = edited.problems[0];
      throw new InputError("unsound", `${where}: ${why}.`, "hardway config check says where; nothing was written.");
    }
    text = edited.text;
  }
  const parsed = parseConfig(text, nearest);
  if (!parsed.ok) throw new Error("each edit was read again");
  return { text, config: parsed.config };
}

const WRITTEN_KEYS = ["kiosk.name", "kiosk.folder", "kiosk.passphrase_file", "radios", "table.kiosks", "table.secret"];

const changedKeys = (before: Config, after: Config): string[] =>
  WRITTEN_KEYS.filter((name) => {
    const key = keyNamed(name);
    return key !== undefined && JSON.stringify(configValue(before, key)) !== JSON.stringify(configValue(after, key));
  });

async function isAgreed(
  file: string,
  before: Config,
  after: Config,
  changed: readonly string[],
  asked: Asked,
): Promise<boolean> {
  const { io } = asked;
  for (const name of changed) {
    const key = keyNamed(name);
    if (key === undefined) continue;
    const [was, is] = [before, after].map((config) => valueText(key, configValue(config, key)).replaceAll("\n", ", "));
    io.err(`  ${name}: ${was} → ${is}`);
  }
  if (!isAsking(asked)) return true;
  return /^y(es)?$/i.test(await askLine(io, `Write that into ${file}? [y/N]`));
}

interface Texts {
  readonly before: string;
  readonly text: string;
  readonly isNew: boolean;
}

/** The secrets first: a configuration never names what is not there. */
async function store(
  kiosk: OwnKiosk,
  { before, text, isNew }: Texts,
  passphrase: { readonly passphrase: string | undefined; readonly isNew: boolean },
): Promise<{ readonly key: string; readonly words: string }> {
  const { file, folder, passphraseFile } = kiosk;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const key = keyMade(folder, passphrase.passphrase);
    if (passphrase.isNew && passphraseFile !== undefined && passphrase.passphrase !== undefined) {
      keepPassphrase(passphraseFile, passphrase.passphrase);
    }
    const secret = tableSecret(kiosk);
    if (secret !== undefined) keepSecret(folder, secret);
    const isWritten = isNew ? createConfig(file, text) : text === before || replaceConfig(file, before, text);
    if (!isWritten) {
      throw new InputError(
        "busy",
        `writing ${file}: somebody else has written it just now.`,
        "hardway init, once more.",
      );
    }
    return { key: hex(key), words: fingerprint(key) };
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { message } = error as Error;
    throw new InputError(exitOfFault(message), `${message}.`, "Choose places that this user may write.");
  }
}

/** The one that is there, or a new one. Whose a key is stands outside it: it need not be opened for that. */
function keyMade(folder: string, passphrase: string | undefined): Uint8Array {
  const there = keyThere(folder);
  if (there.type === "none" && existsSync(journalPath(folder))) {
    const next = "hardway identity restore FILE --replace, or init with another --folder.";
    throw new InputError("mismatch", `the key of the journal in ${folder} is gone; nothing was written.`, next);
  }
  if (there.type === "sealed" && passphrase === undefined) return there.owner;
  const key = ownKey(folder, passphrase);
  if (key.ok) return key.pair.publicKey.bytes;
  throw new InputError("unsound", `${key.why}.`, `${key.next}; nothing was written.`);
}
