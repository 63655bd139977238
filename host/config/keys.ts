/** The keys of the file one by one, as data: for the example, the page of settings, completion, and whoever asks for one by name. */
import { z } from "zod";
import { CONFIG_SCHEMA } from "./schema.ts";

export interface ConfigKey {
  /** As in `consensus.timeout_ms`. */
  readonly name: string;
  readonly path: readonly string[];
  readonly about: string;
  /** What it takes, in words. */
  readonly form: string;
  readonly type: "text" | "number" | "truth" | "list";
  /** The words that it takes, where they are few. */
  readonly choices: readonly string[];
  /** Undefined: it may be absent, and then is what its sentence says. */
  readonly standard: unknown;
  /** A value to show where there is no standard one. */
  readonly example: unknown;
  /** No value of it is ever shown. */
  readonly isSecret: boolean;
  /** It has one value, and is refused with any other. */
  readonly isFixed: boolean;
}

export interface ConfigSection {
  readonly name: string;
  readonly path: readonly string[];
  readonly about: string;
}

/** For a page of settings, and for editors that know JSON Schema. `writeOnly` marks what is never shown. */
export const configJsonSchema = (): JsonSchema => z.toJSONSchema(CONFIG_SCHEMA, { io: "input" }) as JsonSchema;

export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly writeOnly?: boolean;
  readonly additionalProperties?: boolean;
  readonly properties?: { readonly [name: string]: JsonSchema };
}

function walk(schema: JsonSchema, path: readonly string[], keys: ConfigKey[], sections: ConfigSection[]): void {
  for (const [word, inner] of Object.entries(schema.properties ?? {})) {
    const here = [...path, word];
    const name = here.join(".");
    if (inner.properties === undefined) keys.push(keyOf(name, here, inner));
    else {
      sections.push({ name, path: here, about: inner.description ?? "" });
      walk(inner, here, keys, sections);
    }
  }
}

function keyOf(name: string, path: readonly string[], schema: JsonSchema): ConfigKey {
  const isFixed = schema.const !== undefined;
  return {
    ...{ name, path, isFixed, about: schema.description ?? "", form: formOf(schema) },
    type: typeOf(schema),
    choices: schema.enum ?? (isFixed ? [String(schema.const)] : schema.type === "boolean" ? ["true", "false"] : []),
    standard: schema.default,
    example: schema.examples?.[0],
    isSecret: schema.writeOnly === true,
  };
}

function typeOf({ type }: JsonSchema): ConfigKey["type"] {
  if (type === "boolean") return "truth";
  if (type === "array") return "list";
  return type === "integer" || type === "number" ? "number" : "text";
}

function formOf({ const: only, enum: words, type, minimum, maximum }: JsonSchema): string {
  if (only !== undefined) return `always ${String(only)}`;
  if (words !== undefined) return words.length === 1 ? `always ${words[0]}` : `one of ${words.join(", ")}`;
  switch (type) {
    case "integer":
      return `a whole number from ${minimum} to ${maximum}`;
    case "number":
      return `a number from ${minimum} to ${maximum}`;
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    default:
      return "text";
  }
}

function everything(): { readonly keys: readonly ConfigKey[]; readonly sections: readonly ConfigSection[] } {
  const keys: ConfigKey[] = [];
  const sections: ConfigSection[] = [];
  walk(configJsonSchema(), [], keys, sections);
  return { keys: Object.freeze(keys), sections: Object.freeze(sections) };
}

/** In the order of the file. */
export const { keys: CONFIG_KEYS, sections: CONFIG_SECTIONS } = everything();

export const keyNamed = (name: string): ConfigKey | undefined => CONFIG_KEYS.find((key) => key.name === name);
