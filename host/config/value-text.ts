/** A key's value from the words of a command line, and back into words. */
import { isScalar, parseDocument, stringify } from "yaml";
import type { Config } from "./defaults.ts";
import type { ConfigKey } from "./keys.ts";

export type ParsedValue = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string };

/** Text is taken as it is: a kiosk may be called 12. */
export function parseValue(key: ConfigKey, words: readonly string[]): ParsedValue {
  if (key.type === "list") return { ok: true, value: [...words] };
  if (words.length !== 1) return { ok: false, why: `${key.name} takes one value` };
  const [word] = words;
  if (key.type === "text") return { ok: true, value: word };
  const read = parseDocument(word, { prettyErrors: false, logLevel: "error" });
  const value: unknown = isScalar(read.contents) && read.errors.length === 0 ? read.contents.value : undefined;
  const fits = key.type === "number" ? typeof value === "number" : typeof value === "boolean";
  return fits ? { ok: true, value } : { ok: false, why: `${key.name} is ${key.form}` };
}

/** What a kiosk is told; undefined where nothing is. */
export function configValue(config: Config, { path }: ConfigKey): unknown {
  let here: unknown = config;
  for (const step of path) here = (here as { readonly [step: string]: unknown } | undefined)?.[step];
  return here;
}

/** To a person; never that of a secret. */
export function valueText(key: ConfigKey, value: unknown): string {
  if (value === undefined) return "(not set)";
  if (key.isSecret) return "(set, and not shown)";
  if (Array.isArray(value)) return value.length === 0 ? "(none)" : value.join("\n");
  return typeof value === "string" ? value : stringify(value).trimEnd();
}

/** As JSON: a secret is only said to be there. */
export const valueRecord = (key: ConfigKey, value: unknown) =>
  key.isSecret ? { key: key.name, secret: true, set: value !== undefined } : { key: key.name, value: value ?? null };
