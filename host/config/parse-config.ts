/** From a file's text to what a kiosk is told, or to everything that is wrong with it at once. */

import { type Config, withDefaults } from "./defaults.ts";
import { type ConfigDocument, type KeyPath, offsetOf, readDocument } from "./document.ts";
import { type Issue, issueWords } from "./issue-words.ts";
import { CONFIG_SECTIONS } from "./keys.ts";
import { likelyStranger } from "./likely.ts";
import { PROBLEMS_MAX, SHOWN_LENGTH_MAX } from "./limits.ts";
import type { ConfigProblem, Nearest } from "./problems.ts";
import { brokenRules } from "./rules.ts";
import { CONFIG_SCHEMA } from "./schema.ts";
import { whyNone } from "./strangers.ts";

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

export function parseConfig(text: string, nearest: Nearest): ParsedConfig {
  const read = readDocument(text);
  if (!read.ok) return refused(read.problems);
  return configOf(read.document, nearest);
}

export function configOf(document: ConfigDocument, nearest: Nearest): ParsedConfig {
  const parsed = CONFIG_SCHEMA.safeParse(withoutEmptySections(document.value), { error: issueWords });
  if (!parsed.success) return refused(parsed.error.issues.flatMap((issue) => problemsOf(document, issue, nearest)));
  const config = withDefaults(parsed.data);
  const broken = brokenRules(config);
  if (broken.length === 0) return { ok: true, config };
  return refused(broken.map(({ path, why }) => problemAt(document, path, why)));
}

function refused(problems: readonly ConfigProblem[]): ParsedConfig {
  const inOrder = [...problems].sort((one, other) => one.line - other.line || one.column - other.column);
  return { ok: false, problems: inOrder.slice(0, PROBLEMS_MAX) };
}

/** A section all of whose keys are comments is nothing at all to YAML. */
function withoutEmptySections(value: unknown, depth: readonly string[] = []): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const kept: [string, unknown][] = [];
  for (const [word, inner] of Object.entries(value)) {
    const path = [...depth, word];
    const isSection = CONFIG_SECTIONS.some(({ name }) => name === path.join("."));
    if (!isSection) kept.push([word, inner]);
    else if (inner !== null) kept.push([word, withoutEmptySections(inner, path)]);
  }
  return Object.fromEntries(kept);
}

function problemsOf(document: ConfigDocument, issue: Issue, nearest: Nearest): ConfigProblem[] {
  const path = issue.path as KeyPath;
  if (issue.code === "unrecognized_keys") {
    return (issue.keys ?? []).map((key) => strangerAt(document, path, key, nearest));
  }
  const problem = problemAt(document, path, issue.message);
  const value = valueAt(document.value, path);
  if (issue.code !== "invalid_value" || typeof value !== "string") return [problem];
  const likely = nearest(value, issue.values?.map(String) ?? []);
  return [likely === undefined ? problem : { ...problem, likely }];
}

function problemAt(document: ConfigDocument, path: KeyPath, why: string): ConfigProblem {
  return { ...document.place(offsetOf(document, path, false)), key: path.map(shown).join("."), why };
}

function strangerAt(document: ConfigDocument, path: KeyPath, key: string, nearest: Nearest): ConfigProblem {
  const here = [...path, key];
  const none = whyNone(key);
  const problem = {
    ...document.place(offsetOf(document, here, true)),
    key: here.map(shown).join("."),
    why: none ?? "there is no such key",
  };
  const likely = none === undefined ? likelyStranger(path.map(String), key, nearest) : undefined;
  return likely === undefined ? problem : { ...problem, likely };
}

const shown = (step: string | number): string => {
  const text = String(step);
  return text.length <= SHOWN_LENGTH_MAX ? text : `${text.slice(0, SHOWN_LENGTH_MAX)}…`;
};

function valueAt(value: unknown, path: KeyPath): unknown {
  let here = value;
  for (const step of path) here = (here as { readonly [step: string]: unknown } | null | undefined)?.[step];
  return here;
}
