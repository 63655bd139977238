/** Ways to set a key in a text, or to take it away. None is sure of what it does: whoever takes one reads the outcome. */
import { isMap, isPair, isScalar, type Node, type Pair, parseDocument } from "yaml";
import { type ConfigDocument, pairAt } from "./document.ts";
import { lines, standardLines } from "./example.ts";
import type { ConfigKey } from "./keys.ts";

/** The one that touches least first. */
export function* edits(text: string, document: ConfigDocument, key: ConfigKey, value: unknown): Generator<string> {
  const { path } = key;
  const pair = pairOf(document, path);
  if (pair !== undefined) {
    if (value !== undefined) yield* otherValue(text, pair, value);
    const [from, to] = spanOf(pair);
    // Where a person has it further right, a list stays there too.
    const own = indentAt(text, from);
    const indent = own.trim() === "" ? own : "  ".repeat(path.length - 1);
    const rows = value === undefined ? standardLines(key) : lines({ [path[path.length - 1]]: value }, indent);
    const ending = text.slice(from, to).endsWith("\n") ? "\n" : "";
    yield `${text.slice(0, from)}${rows.join("\n").trimStart()}${ending}${text.slice(to)}`;
  } else if (value !== undefined) {
    const uncommented = withoutHash(text, key, value);
    if (uncommented !== undefined) yield uncommented;
    yield added(text, document, path, value);
  }
  yield rewritten(text, key, value);
}

function pairOf({ yaml }: ConfigDocument, path: readonly string[]): Pair | undefined {
  let pair: Pair | undefined;
  let node: unknown = yaml.contents;
  for (const step of path) {
    const found = pairAt(node, step);
    if (!isPair(found)) return undefined;
    pair = found;
    node = found.value;
  }
  return pair;
}

/** One value on one line for another one. */
function* otherValue(text: string, { value: node }: Pair, value: unknown): Generator<string> {
  if (!isScalar(node) || !node.range || typeof value === "object") return;
  const [from, to] = node.range;
  if (to === from || text.slice(from, to).includes("\n")) return;
  const [line] = lines({ key: value }, "");
  yield text.slice(0, from) + line.slice("key: ".length) + text.slice(to);
}

/** From a key to the end of its value. */
function spanOf({ key, value }: Pair): readonly [number, number] {
  const [from, keyEnd] = (key as Node).range ?? [0, 0];
  return [from, (value as Node | null)?.range?.[1] ?? keyEnd];
}

/** The comment that says `# key: …`, in its section, becomes the key. */
function withoutHash(text: string, { path }: ConfigKey, value: unknown): string | undefined {
  const rows = text.split("\n");
  let from = 0;
  let to = rows.length;
  for (const [depth, word] of path.slice(0, -1).entries()) {
    const indent = "  ".repeat(depth);
    const head = rows.findIndex((row, at) => at >= from && at < to && row.startsWith(`${indent}${word}:`));
    if (head < 0) return undefined;
    from = head + 1;
    const next = rows.findIndex((row, at) => at >= from && at < to && endsSection(row, indent.length));
    if (next >= 0) to = next;
  }
  const indent = "  ".repeat(path.length - 1);
  const word = path[path.length - 1];
  const at = rows.findIndex((row, i) => i >= from && i < to && row.startsWith(`${indent}# ${word}:`));
  if (at < 0) return undefined;
  const ending = rows[at].endsWith("\r") ? "\r" : "";
  const written = lines({ [word]: value }, indent).map((row) => `${row}${ending}`);
  return [...rows.slice(0, at), ...written, ...rows.slice(at + 1)].join("\n");
}

/** A key that stands no further right than the section's own. */
const endsSection = (row: string, indent: number): boolean => {
  const begin = row.search(/\S/);
  return begin >= 0 && begin <= indent && row[begin] !== "#";
};

/** Behind the last key of its section, or under its name where it has none; a section that is missing comes at the end. */
function added(text: string, { yaml }: ConfigDocument, path: readonly string[], value: unknown): string {
  let map: unknown = yaml.contents;
  let at = text.length;
  let indent = "";
  let depth = 0;
  for (; depth < path.length - 1; depth++) {
    const found = pairAt(map, path[depth]);
    if (!isPair(found)) break;
    map = found.value;
    if (isMap(map) && map.items.length > 0) continue;
    indent = `${indentAt(text, spanOf(found)[0])}  `;
    at = nextRow(text, spanOf(found)[0]);
    depth += 1;
    break;
  }
  if (isMap(map) && map.items.length > 0 && depth > 0) {
    indent = indentAt(text, spanOf(map.items[0])[0]);
    at = nextRow(text, Math.max(0, spanOf(map.items[map.items.length - 1])[1] - 1));
  }
  const pair = path.slice(depth).reduceRight<unknown>((inner, word) => ({ [word]: inner }), value);
  return withRows(text, at, lines(pair as { readonly [key: string]: unknown }, indent));
}

const indentAt = (text: string, at: number): string => text.slice(text.lastIndexOf("\n", at - 1) + 1, at);

function nextRow(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

function withRows(text: string, at: number, rows: readonly string[]): string {
  const [before, after] = [text.slice(0, at), text.slice(at)];
  return `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${rows.join("\n")}\n${after}`;
}

function rewritten(text: string, { path }: ConfigKey, value: unknown): string {
  const yaml = parseDocument(text, { prettyErrors: false, stringKeys: true, logLevel: "error" });
  if (value === undefined) {
    if (yaml.hasIn(path)) yaml.deleteIn(path);
    return yaml.toString({ lineWidth: 0 });
  }
  for (let depth = 0; depth < path.length; depth++) {
    const above = path.slice(0, depth);
    // A section without keys is nothing to YAML, and nothing can be set in that.
    const there: unknown = depth === 0 ? yaml.contents : yaml.getIn(above, true);
    if (isMap(there)) continue;
    if (depth === 0) yaml.contents = yaml.createNode({}) as never;
    else yaml.setIn(above, yaml.createNode({}));
  }
  yaml.setIn(path, yaml.createNode(value));
  return yaml.toString({ lineWidth: 0 });
}
