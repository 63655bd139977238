/** A file's text as YAML, with the place of everything in it. What is no plain tree of keys and values is refused: a file that a
 * person reads says each thing where it stands. */
import { type Document, isAlias, isMap, isPair, isSeq, LineCounter, type Pair, parseDocument, visit } from "yaml";
import { tooDeepAt } from "./depth.ts";
import { CONFIG_SIZE_MAX, FLOW_DEPTH_MAX, INDENT_MAX } from "./limits.ts";
import type { ConfigProblem } from "./problems.ts";
import { yamlWords } from "./yaml-words.ts";

export type KeyPath = readonly (string | number)[];

export interface ConfigDocument {
  readonly yaml: Document;
  /** Keys and values; an empty file has none. */
  readonly value: unknown;
  readonly place: (offset: number) => { readonly line: number; readonly column: number };
}

export type ReadDocument =
  | { readonly ok: true; readonly document: ConfigDocument }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

export function readDocument(text: string): ReadDocument {
  const lines = new LineCounter();
  const size = Buffer.byteLength(text);
  if (size > CONFIG_SIZE_MAX) {
    return refused([{ line: 1, column: 1, key: "", why: `it has ${size} bytes, of at most ${CONFIG_SIZE_MAX}` }]);
  }
  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    const why = `it begins after ${INDENT_MAX} columns, or within ${FLOW_DEPTH_MAX} brackets: no key of a kiosk stands so deep`;
    return refused([{ line: deep, column: 1, key: "", why }]);
  }
  const yaml = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, logLevel: "error" });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems = [...yaml.errors, ...yaml.warnings].map(({ code, pos }): ConfigProblem => {
    return { ...place(pos[0]), key: "", why: yamlWords(code) };
  });
  visit(yaml, {
    Alias(_, { range }) {
      problems.push({ ...place(range?.[0] ?? 0), key: "", why: "it refers to a value elsewhere: write that here" });
    },
  });
  if (problems.length > 0) return refused(problems);
  return { ok: true, document: { yaml, value: yaml.toJS() ?? {}, place } };
}

const refused = (problems: readonly ConfigProblem[]): ReadDocument => ({ ok: false, problems });

/** Of the value at a path; of its key where it has none or where `ofKey`; of what is nearest above, where it is absent. */
export function offsetOf({ yaml }: ConfigDocument, path: KeyPath, ofKey: boolean): number {
  let node: unknown = yaml.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const found = pairAt(node, step);
    if (found === undefined) return offset;
    const isLast = depth === path.length - 1;
    const [key, value] = isPair(found) ? [found.key, found.value] : [found, found];
    offset = (isLast && !ofKey && !isEmpty(value) ? startOf(value) : startOf(key)) ?? offset;
    node = value;
  }
  return offset;
}

/** The pair of a map, or the item of a list. */
export function pairAt(node: unknown, step: string | number): Pair | unknown | undefined {
  if (isMap(node)) return node.items.find(({ key }) => textOf(key) === String(step));
  return isSeq(node) && typeof step === "number" ? node.items[step] : undefined;
}

const textOf = (key: unknown): string => String((key as { readonly value?: unknown } | null)?.value ?? key);
const startOf = (node: unknown): number | undefined =>
  (node as { readonly range?: readonly [number, number, number] } | null)?.range?.[0];
const isEmpty = (node: unknown): boolean =>
  node === null || (!isAlias(node) && (node as { readonly value?: unknown }).value === null);
