/** Values in a vector file: byte strings are `{ "hex": "…" }`, and what is absent is left out. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export function toJson(value: unknown): Json {
  if (value instanceof Uint8Array) return { hex: toHex(value) };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    return Object.fromEntries(entries.map(([name, each]) => [name, toJson(each)]));
  }
  return value as Json;
}

export function fromJson(json: Json): unknown {
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== "object" || json === null) return json;
  if (typeof json["hex"] === "string" && Object.keys(json).length === 1) return fromHex(json["hex"]);
  return Object.fromEntries(Object.entries(json).map(([name, each]) => [name, fromJson(each)]));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}
