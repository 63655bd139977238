/** JSON files that people write, against a schema: every complaint names the file, line, column and key, and a key that
 * nobody knows the nearest one that somebody does. */
import { z } from "zod";
import { type JsonPlaces, jsonPlaces, lineAndColumn, offsetOf } from "./json-places.ts";

export type Parsed<T> = { readonly ok: true; readonly value: T } | Complaint;

export interface Complaint {
  readonly ok: false;
  readonly why: string;
  readonly next: string;
}

/** The path of a key, and what is wrong with it. */
export type Fault = readonly [path: string, why: string];

/** The nearest of some words, if one is near. */
export type Suggest = (word: string, words: readonly string[]) => string | undefined;

export type JsonFile<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** About what the schema cannot see. */
      readonly complain: (faults: readonly Fault[]) => Complaint;
    }
  | Complaint;

export function parseJsonFile<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
  suggest: Suggest,
): JsonFile<z.output<S>> {
  const places = jsonPlaces(text);
  const complain = (faults: readonly Fault[]) => complaintAt(file, text, places, faults);
  if (places.errorAt !== undefined)
    return refuse(file, [`${file}:${lineAndColumn(text, places.errorAt)}: no JSON from here on`]);
  if (places.twice.length > 0) return complain(places.twice.map((path) => [path, "the key is there twice"]));
  const parsed = schema.safeParse(JSON.parse(text));
  if (parsed.success) return { ok: true, value: parsed.data, complain };
  return complain(parsed.error.issues.flatMap((issue) => faultsOf(issue, schema, suggest)));
}

/** About what stands in no file, such as an option. */
export const complaint = (where: string, why: string): Complaint => ({
  ok: false,
  why: `${where}: ${why}`,
  next: "Correct it and run it again; docs/bench.md has the words.",
});

/** As in radios[2].device; the file itself has an empty path. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = "";
  for (const part of path) text += typeof part === "number" ? `[${part}]` : `${text === "" ? "" : "."}${String(part)}`;
  return text;
}

/** "did you mean …?", or what there is. */
export function instead(word: string, known: readonly string[], suggest: Suggest): string {
  const meant = suggest(word, known);
  return meant === undefined ? `known are ${known.join(", ")}` : `did you mean "${meant}"?`;
}

function complaintAt(file: string, text: string, places: JsonPlaces, faults: readonly Fault[]): Complaint {
  const lines = faults.map(([path, why]) => {
    const at = lineAndColumn(text, offsetOf(places, path));
    return `${file}:${at}: ${path === "" ? "" : `${path}: `}${why}`;
  });
  return refuse(file, lines);
}

const refuse = (file: string, lines: readonly string[]): Complaint => ({
  ok: false,
  why: lines.join("\n"),
  next: `Correct ${file} and run it again; docs/bench.md lists the keys.`,
});

function faultsOf(issue: z.core.$ZodIssue, schema: z.ZodType, suggest: Suggest): Fault[] {
  if (issue.code !== "unrecognized_keys") return [[pathText(issue.path), issue.message]];
  const known = keysAt(schema, issue.path);
  return issue.keys.map((key) => [
    pathText([...issue.path, key]),
    `there is no such key; ${instead(key, known, suggest)}`,
  ]);
}

function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const part of path) {
    at = bare(at);
    if (at instanceof z.ZodObject) at = (at.shape as { [key: string]: unknown })[String(part)];
    else if (at instanceof z.ZodArray) at = at.element;
  }
  at = bare(at);
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function bare(schema: unknown): unknown {
  let at = schema;
  while (at instanceof z.ZodOptional || at instanceof z.ZodDefault) at = at.unwrap();
  return at;
}
