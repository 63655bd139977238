/** Reads golden vectors, encodes and decodes each, and prints a line for each: file, name, what differs or "ok", and the
 * bytes that this engine made of the value. The arguments are the files. */
import { type Codec, decode, encode } from "../../../protocol/bytes/codec.ts";
import { crc16 } from "../../../protocol/bytes/crc16.ts";
import { SERIAL_FRAME_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { Envelope } from "../../../protocol/envelope/envelope.ts";
import { Signing } from "../../../protocol/envelope/signing.ts";
import { decodeFrame, encodeFrame, type Frame } from "../../../protocol/frame/frame.ts";
import { slip, slipDecode, slipEncode, slipSizeMax } from "../../../protocol/frame/slip.ts";
import { Message } from "../../../protocol/message/kinds.ts";
import { Fragment } from "../../../protocol/packet/fragment.ts";
import { Command } from "../../../protocol/radio/command.ts";
import { Report } from "../../../protocol/radio/report.ts";
import { fromHex, fromJson, type Json, toHex, toJson } from "./json-value.ts";

interface Vector {
  readonly name: string;
  readonly hex: string;
  /** Absent where the bytes are to be refused: then `why` is there. */
  readonly value?: Json;
  readonly why?: string;
  readonly layout?: string;
  readonly crc?: string;
  readonly wire?: string;
}

interface Verdict {
  /** What this engine made of the value. */
  readonly hex: string;
  readonly differs: readonly string[];
}

/** The layout belongs to the tests of Node: one more module that was emitted once and runs on both. */
const everything: { Everything: Codec<unknown> } = await import("../../protocol/bytes/everything.js" as string);

/** By the name that a vector gives. */
const LAYOUTS: { readonly [layout: string]: Codec<unknown> } = {
  Everything: everything.Everything,
  Command,
  Envelope,
  Fragment,
  Message,
  Report,
  Signing,
};

type Check = (vector: Vector) => Verdict;

/** Files that are read otherwise than by the layout that each vector names. */
const CHECKS: { readonly [file: string]: Check } = {
  "codec.json": (vector) => checkLayout("Everything", vector),
  "message-kinds.json": (vector) => checkLayout("Message", vector),
  "frame.json": checkFrame,
  "crc16.json": checkCrc,
};

function checkLayout(name: string, vector: Vector): Verdict {
  const layout = LAYOUTS[name];
  if (layout === undefined) return { hex: "", differs: [`no layout "${name}"`] };
  const decoded = decode(layout, fromHex(vector.hex));
  if (vector.value === undefined) return refusal(decoded, vector);
  const hex = toHex(encode(layout, fromJson(vector.value)));
  const value = decoded.ok ? decoded.value : decoded.why;
  return { hex, differs: [...same("bytes", hex, vector.hex), ...sameValue(value, vector.value)] };
}

function checkFrame(vector: Vector): Verdict {
  if (vector.value === undefined) return refusal(decodeFrame(fromHex(vector.hex)), vector);
  const frame = encodeFrame(fromJson(vector.value) as Frame, new Uint8Array(SERIAL_FRAME_SIZE_MAX));
  const hex = toHex(frame);
  const room = new Uint8Array(slipSizeMax(frame.length));
  const wire = toHex(room.subarray(0, slipEncode(frame, room, 0)));
  const half = slip(SERIAL_FRAME_SIZE_MAX);
  slipDecode(half, fromHex(vector.wire ?? ""), 0);
  const decoded = half.frame === undefined ? undefined : decodeFrame(half.frame);
  const value = decoded?.ok ? decoded.frame : decoded?.why;
  const differs = [...same("bytes", hex, vector.hex), ...same("wire", wire, vector.wire)];
  return { hex, differs: [...differs, ...sameValue(value, vector.value)] };
}

function refusal(decoded: { readonly ok: boolean; readonly why?: string }, vector: Vector): Verdict {
  return { hex: "", differs: same("refusal", decoded.why ?? "none", vector.why) };
}

function checkCrc(vector: Vector): Verdict {
  const hex = crc16(fromHex(vector.hex)).toString(16).padStart(4, "0");
  return { hex, differs: same("crc", hex, vector.crc) };
}

function sameValue(value: unknown, expected: Json): string[] {
  return same("value", JSON.stringify(toJson(value)), JSON.stringify(toJson(fromJson(expected))));
}

function same(what: string, is: string | undefined, expected: string | undefined): string[] {
  return is === expected ? [] : [`${what} ${is}, not ${expected}`];
}

for (const path of host.args) {
  const file = path.slice(path.lastIndexOf("/") + 1);
  const check: Check = CHECKS[file] ?? ((vector) => checkLayout(vector.layout ?? "", vector));
  const vectors: unknown = JSON.parse(host.readText(path));
  for (const vector of (Array.isArray(vectors) ? vectors : [{ name: "" }]) as readonly Vector[]) {
    const { hex, differs } = check(vector);
    host.print([file, vector.name, differs.join("; ") || "ok", hex].join("\t"));
  }
}
