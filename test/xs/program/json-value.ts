/** Values as a vector file has them: byte strings are `{ "hex": "…" }`, and what is absent is left out. Without Buffer,
 * which XS does not have. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Names are in order, so that equal values have equal text. */
export function toJson(value: unknown): Json {
  if (value instanceof Uint8Array) return { hex: toHex(value) };
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value as Json;
  const json: { [name: string]: Json } = {};
  for (const name of Object.keys(value).sort()) {
    const part = (value as { [name: string]: unknown })[name];
    if (part !== undefined) json[name] = toJson(part);
  }
  return json;
}

export function fromJson(json: Json): unknown {
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== "object" || json === null) return json;
  const names = Object.keys(json);
  if (names.length === 1 && typeof json["hex"] === "string") return fromHex(json["hex"]);
  const value: { [name: string]: unknown } = {};
  for (const name of names) value[name] = fromJson(json[name]);
  return value;
}

export function toHex(bytes: Uint8Array): string {
  let hex = "";
  for (let at = 0; at < bytes.length; at++) hex += bytes[at].toString(16).padStart(2, "0");
  return hex;
}

export function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}
