/** A control for a setting, as its schema wants: a choice, a number within its bounds, or text. */
import type { Settings } from "../../contract/operator-part.ts";
import { type Element, h } from "../dom/element.ts";

type Setting = Settings["settings"][number];
interface Schema {
  readonly [word: string]: unknown;
}

export function controlOf(schema: Settings["schema"], setting: Setting, id: string): Element {
  const { key, value, whyNot, isSecret } = setting;
  const of = schemaOf(schema, key);
  const text = isSecret ? "" : Array.isArray(value) ? value.join(", ") : `${value ?? ""}`;
  const disabled = whyNot !== null;
  const options = choicesOf(of);
  if (options !== undefined) {
    return h(
      "select",
      { id, disabled },
      options.map((option) => h("option", { value: option, selected: option === text }, option)),
    );
  }
  const isNumber = of["type"] === "number" || of["type"] === "integer";
  return h("input", {
    ...{ id, value: text, disabled, type: isSecret ? "password" : isNumber ? "number" : "text" },
    ...{ placeholder: isSecret ? "kept secret" : undefined, title: wordsOf(of) },
    ...(isNumber ? { min: boundOf(of["minimum"]), max: boundOf(of["maximum"]) } : {}),
    autocomplete: "off",
  });
}

/** Of "web.port", within the objects of the schema; empty where it has none. */
export function schemaOf(schema: Schema, key: string): Schema {
  let at: Schema = schema;
  for (const part of key.split(".")) {
    const properties = plain(at["properties"]);
    at = plain(properties[part]);
    const any = at["anyOf"];
    // Null is "as if the file did not say it": the other way is what can be typed.
    if (Array.isArray(any)) at = plain(any.find((each) => plain(each)["type"] !== "null"));
  }
  return at;
}

function choicesOf(schema: Schema): readonly string[] | undefined {
  if (schema["type"] === "boolean") return ["true", "false"];
  const { enum: values } = schema as { readonly enum?: unknown };
  return Array.isArray(values) ? values.map((value) => `${value}`) : undefined;
}

const plain = (value: unknown): Schema => (typeof value === "object" && value !== null ? (value as Schema) : {});
const wordsOf = ({ description }: Schema): string | undefined =>
  typeof description === "string" ? description : undefined;

/** Schemas bound whole numbers by what a program can count, which tells nobody anything. */
const boundOf = (value: unknown): number | undefined =>
  typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;
