/** The file that a new kiosk begins with: every key that can be set, as a comment, with the value that it has without one. */
import { stringify } from "yaml";
import { CONFIG_KEYS, CONFIG_SECTIONS, type ConfigKey, keyNamed } from "./keys.ts";

const WIDTH = 100;

const HEAD =
  "What this kiosk is and does. Each key stands here as a comment, with the value that it has without one, or with an example \
where it has none: take the # away and change it, or let hardway config set do it. hardway config check says what is wrong, and \
in which line.";

/** `values`: keys that are set in it, by their names. */
export function exampleConfig(values: { readonly [name: string]: unknown } = {}): string {
  const out = comment(HEAD, "");
  for (const { name, path } of PARTS_OF_FILE) {
    const indent = "  ".repeat(path.length - 1);
    const word = path[path.length - 1];
    if (path.length === 1) out.push("");
    const key = keyNamed(name);
    if (key === undefined) {
      const about = CONFIG_SECTIONS.find((section) => section.name === name)?.about ?? "";
      out.push(...comment(about, indent), `${indent}${word}:`);
      continue;
    }
    out.push(...comment(aboutKey(key), indent));
    if (Object.hasOwn(values, name)) out.push(...lines({ [word]: values[name] }, indent));
    else out.push(...standardLines(key));
  }
  return `${out.join("\n")}\n`;
}

/** A key as a comment that says what holds without it. */
export function standardLines({ path, standard, example }: ConfigKey): string[] {
  const indent = "  ".repeat(path.length - 1);
  const pair = { [path[path.length - 1]]: standard ?? example ?? "" };
  return lines(pair, indent).map((line) => `${indent}# ${line.slice(indent.length)}`);
}

/** Every section with a key that can be set, and after it those keys. */
const PARTS_OF_FILE = Object.freeze(
  [
    ...new Set(
      CONFIG_KEYS.filter(({ isFixed }) => !isFixed).flatMap(({ path }) =>
        path.map((_, at) => path.slice(0, at + 1).join(".")),
      ),
    ),
  ].map((name) => ({ name, path: name.split(".") })),
);

function aboutKey({ about, form, type }: ConfigKey): string {
  if (about === "" || type === "list" || form === "text") return about;
  return `${about} ${form[0].toUpperCase()}${form.slice(1)}.`;
}

/** A key and its value, as they stand in a file. */
export const lines = (pair: { readonly [key: string]: unknown }, indent: string): string[] =>
  stringify(pair, { lineWidth: 0 })
    .trimEnd()
    .split("\n")
    .map((line) => `${indent}${line}`);

function comment(text: string, indent: string): string[] {
  const rows: string[] = [];
  for (const word of text.split(" ").filter((each) => each !== "")) {
    const row = rows.at(-1);
    if (row !== undefined && indent.length + 2 + row.length + 1 + word.length <= WIDTH)
      rows[rows.length - 1] += ` ${word}`;
    else rows.push(word);
  }
  return rows.map((row) => `${indent}# ${row}`);
}
