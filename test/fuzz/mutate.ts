/** Damage for valid bytes, drawn from a seed. One call writes one input; the same chance writes the same input. */
import { type Chance, draw32, drawBelow } from "../../protocol/core/chance.ts";

/** Where widths, signs and bounds change; the last two are SLIP's. */
const BOUNDARY = Object.freeze([0x00, 0x01, 0x0f, 0x10, 0x7f, 0x80, 0x81, 0xf0, 0xfe, 0xff, 0xc0, 0xdb]);
/** Longer than any span that is worth moving. */
const SPAN_MAX = 64;
const STEPS_MAX = 4;
/** One input in so many is a seed as it is, or nothing but chance. */
const PLAIN_IN = 64;
const RANDOM_IN = 16;
const RANDOM_SIZE_MAX = 96;

/** An input being made: the first `size` bytes of `bytes`. */
export interface Draft {
  readonly bytes: Uint8Array;
  size: number;
}

export const draft = (sizeMax: number): Draft => ({ bytes: new Uint8Array(sizeMax), size: 0 });

export function mutate(from: Chance, seeds: readonly Uint8Array[], draft: Draft): void {
  if (seeds.length === 0 || drawBelow(from, RANDOM_IN) === 0) {
    draft.size = Math.min(draft.bytes.length, drawBelow(from, RANDOM_SIZE_MAX));
    for (let at = 0; at < draft.size; at++) draft.bytes[at] = draw32(from);
    return;
  }
  const seed = pick(from, seeds);
  draft.size = Math.min(seed.length, draft.bytes.length);
  draft.bytes.set(seed.subarray(0, draft.size));
  if (drawBelow(from, PLAIN_IN) === 0) return;
  for (let steps = 1 + drawBelow(from, STEPS_MAX); steps > 0; steps--) pick(from, STEPS)(from, draft, seeds);
}

type Step = (from: Chance, draft: Draft, seeds: readonly Uint8Array[]) => void;

const STEPS: readonly Step[] = Object.freeze([
  flipBit,
  setBoundary,
  setBoundary,
  setByte,
  addSmall,
  truncate,
  extend,
  splice,
  duplicateSpan,
  removeSpan,
  insertSpan,
  blowUpLength,
]);

function flipBit(from: Chance, draft: Draft): void {
  if (draft.size > 0) draft.bytes[drawBelow(from, draft.size)] ^= 1 << drawBelow(from, 8);
}

function setBoundary(from: Chance, draft: Draft): void {
  if (draft.size > 0) draft.bytes[place(from, draft)] = pick(from, BOUNDARY);
}

function setByte(from: Chance, draft: Draft): void {
  if (draft.size > 0) draft.bytes[place(from, draft)] = draw32(from);
}

/** Off by one or two: counts and indexes that almost fit. */
function addSmall(from: Chance, draft: Draft): void {
  if (draft.size > 0) draft.bytes[place(from, draft)] += drawBelow(from, 5) - 2;
}

function truncate(from: Chance, draft: Draft): void {
  draft.size = drawBelow(from, draft.size + 1);
}

function extend(from: Chance, draft: Draft): void {
  const end = Math.min(draft.bytes.length, draft.size + 1 + drawBelow(from, SPAN_MAX));
  const byte = pick(from, BOUNDARY);
  const noisy = drawBelow(from, 2) === 0;
  for (; draft.size < end; draft.size++) draft.bytes[draft.size] = noisy ? draw32(from) : byte;
}

/** The head of this with the tail of another. */
function splice(from: Chance, draft: Draft, seeds: readonly Uint8Array[]): void {
  const other = pick(from, seeds);
  const at = drawBelow(from, draft.size + 1);
  const otherAt = drawBelow(from, other.length + 1);
  draft.size = Math.min(draft.bytes.length, at + other.length - otherAt);
  draft.bytes.set(other.subarray(otherAt, otherAt + draft.size - at), at);
}

function duplicateSpan(from: Chance, draft: Draft): void {
  const at = drawBelow(from, draft.size + 1);
  const size = spanFrom(from, draft, at);
  const to = drawBelow(from, draft.size + 1);
  const span = draft.bytes.slice(at, at + size);
  openGap(draft, to, size);
  draft.bytes.set(span.subarray(0, draft.size - to), to);
}

function removeSpan(from: Chance, draft: Draft): void {
  const at = drawBelow(from, draft.size + 1);
  const size = spanFrom(from, draft, at);
  draft.bytes.copyWithin(at, at + size, draft.size);
  draft.size -= size;
}

function insertSpan(from: Chance, draft: Draft): void {
  const to = drawBelow(from, draft.size + 1);
  const size = 1 + drawBelow(from, SPAN_MAX);
  openGap(draft, to, size);
  const byte = pick(from, BOUNDARY);
  const noisy = drawBelow(from, 2) === 0;
  const end = Math.min(draft.size, to + size);
  for (let at = to; at < end; at++) draft.bytes[at] = noisy ? draw32(from) : byte;
}

/** A varint, a length byte or a count that claims as much as it can. */
function blowUpLength(from: Chance, draft: Draft): void {
  if (draft.size === 0) return;
  const at = place(from, draft);
  const size = Math.min(1 + drawBelow(from, 9), draft.size - at);
  draft.bytes.fill(0xff, at, at + size - 1);
  draft.bytes[at + size - 1] = drawBelow(from, 2) === 0 ? 0x7f : 0xff;
}

/** Heads are where lengths and tags stand: half of all hits are in the first sixteen bytes. */
function place(from: Chance, draft: Draft): number {
  return drawBelow(from, drawBelow(from, 2) === 0 ? Math.min(16, draft.size) : draft.size);
}

function spanFrom(from: Chance, draft: Draft, at: number): number {
  return Math.min(draft.size - at, 1 + drawBelow(from, SPAN_MAX));
}

/** What is pushed past the end is lost. */
function openGap(draft: Draft, at: number, size: number): void {
  const end = Math.min(draft.bytes.length, draft.size + size);
  if (at + size < end) draft.bytes.copyWithin(at + size, at, end - size);
  draft.size = end;
}

const pick = <T>(from: Chance, items: readonly T[]): T => items[drawBelow(from, items.length)];
