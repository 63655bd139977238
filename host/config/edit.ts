/**
 * One key of a file set or taken away. All else stays as a person wrote it, to the byte where that can be: a value is put in the
 * place of another one, or of the comment that stood there for it. What is written in an unusual way is written anew by YAML's
 * own document, which keeps comments and order but not every space.
 */
import { assert } from "../../protocol/core/assert.ts";
import { readDocument } from "./document.ts";
import { edits } from "./edit-ways.ts";
import type { ConfigKey } from "./keys.ts";
import { configOf, type ParsedConfig } from "./parse-config.ts";
import type { ConfigProblem, Nearest } from "./problems.ts";

export type EditedConfig =
  | { readonly ok: true; readonly text: string; readonly config: Extract<ParsedConfig, { ok: true }>["config"] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Undefined as a value takes the key away. Refused where the file would be wrong after it. */
export function editConfig(text: string, key: ConfigKey, value: unknown, nearest: Nearest): EditedConfig {
  const before = readDocument(text);
  if (!before.ok) return before;
  const wanted = plain(changed(before.document.value, key.path, value));
  for (const edited of edits(text, before.document, key, value)) {
    const after = readDocument(edited);
    // A place that looked right and was not: the next way is taken.
    if (!after.ok || plain(after.document.value) !== wanted) continue;
    const parsed = configOf(after.document, nearest);
    return parsed.ok ? { ok: true, text: edited, config: parsed.config } : parsed;
  }
  return {
    ok: false,
    problems: [{ line: 1, column: 1, key: key.name, why: "the file is no tree of keys and values" }],
  };
}

/** The same tree with one value more, another or less. */
function changed(tree: unknown, path: readonly string[], value: unknown): unknown {
  assert(path.length > 0, "a key has a name");
  const [word, ...rest] = path;
  const entries = Object.entries((tree ?? {}) as { readonly [word: string]: unknown });
  const at = entries.findIndex(([name]) => name === word);
  const inner = rest.length === 0 ? value : changed(at < 0 ? {} : (entries[at][1] ?? {}), rest, value);
  if (at < 0) {
    if (value !== undefined) entries.push([word, inner]);
  } else if (inner === undefined) entries.splice(at, 1);
  else entries[at] = [word, inner];
  return Object.fromEntries(entries);
}

/** A tree to compare: in whatever order, and a section without keys is none. */
function plain(tree: unknown): string {
  return JSON.stringify(tree, (_, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const kept = Object.entries(value).filter(([, inner]) => inner !== null && !isEmpty(inner));
    return Object.fromEntries(kept.sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

const isEmpty = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((inner) => inner === null || isEmpty(inner));
