/** The text of docs/configuration.md: words about the file, the example as a new kiosk has it, and why some keys have one value. */
import { exampleConfig } from "../../../host/config/example.ts";
import { CONFIG_KEYS, type ConfigKey } from "../../../host/config/keys.ts";
import { parseConfig } from "../../../host/config/parse-config.ts";

export const configurationPage = (): string =>
  `${[INTRODUCTION, `## The file\n\n\`\`\`yaml\n${exampleConfig()}\`\`\``, fixed(), LOGS].join("\n\n")}\n`;

const INTRODUCTION = `# Configuration

The program prints this page, \`npm run docs\` writes it, and a test fails when the two differ.

A kiosk reads one YAML file when it starts, \`hardway.yaml\` where it is started or the one that is named. Everything in it may be
missing: an empty file is a kiosk that encrypts, listens on loopback alone and has no radios. Three commands work on it:

- \`hardway config check [FILE]\` says everything that is wrong at once, and writes nothing. Exit 0, or 18 with a line for each
  problem, as compilers write it: \`hardway.yaml:12:3: consensus.timout_ms: there is no such key; did you mean consensus.timeout_ms?\`
- \`hardway config get [KEY]\` says what holds, whether the file says so or is silent.
- \`hardway config set KEY VALUE …\` changes that key and no other byte where that can be: comments and order stay. A value that
  would make the file wrong is refused (exit 2), and nothing is written. The file is replaced in one step, so that a power cut leaves the
  old one or the new one; if somebody else has written it meanwhile, nothing is done (exit 4). \`--standard\` takes the key away.

**Secrets.** \`table.secret\` is the only one. No command, message or log shows it, and \`config set table.secret --value-file FILE\` keeps
it out of the shell's history. A file that holds it and that others may read is warned of. A passphrase never stands in the
file: \`kiosk.passphrase_file\` names the file that it is in.

**Of the table or of the kiosk.** What stands under \`consensus\`, \`performance\`, \`identity\` and \`table\` is agreed when a table is
founded. Whoever joins one takes what is agreed there, and its own file says it in vain.

**No plain YAML tricks.** References (\`&a\`, \`*a\`), tags (\`!x\`), a second document, a key that stands twice, and tabs are refused:
each thing stands where it is meant. The file has at most 64 KiB.

**No money.** Chips are play money: no key has a price, a currency or a payment, and one that is brought is refused with that word.`;

function fixed(): string {
  const rows = CONFIG_KEYS.filter(({ isFixed }) => isFixed).map(
    (key) => `| \`${key.name}\` | ${String(key.standard)} | ${whyOf(key)} |`,
  );
  return `## Keys with one value

Files of older systems set these to several values. Here each has one, and a file with another one is refused.

| key | always | why |
|---|---|---|
${rows.join("\n")}`;
}

/** As the program says it to whoever wants another value. */
function whyOf({ path: [section, word] }: ConfigKey): string {
  const parsed = parseConfig(`${section}: {${word}: another}\n`, () => undefined);
  return parsed.ok ? "" : parsed.problems[0].why;
}

const LOGS = `## Logs

A kiosk tells what happens on its standard error, and in \`logs.file\` where one is named. On a terminal it is text; under systemd and in
files it is one JSON value a line: \`at\`, \`level\`, \`part\`, \`what\` (the same words for the same kind each time) and \`with\`, the values.

    jq 'select(.part == "radio" and .what == "link lost") | .with' hardway.log

\`logs.level\` and \`logs.levels\` hold at the start; each part's level can be changed while the kiosk runs. Of one kind at most 20
lines come at once and then one a second (200 and 20 of debug): what was kept back is counted in a line \`kept back\`. A full disk
costs lines, which are counted in \`log lines lost\`, and nothing else. Keys are shown by their first four bytes, secrets not at all. A
full file becomes \`hardway.log.1\`, that one \`hardway.log.2\`, and so on.`;
