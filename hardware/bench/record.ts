/** What one run of the bench leaves: one record, with everything that somebody needs who compares it years later. The version
 * grows with every change that an older reader would misread. */
import { z } from "zod";
import { type Parsed, parseJsonFile, type Suggest } from "./json-file.ts";
import { MEASUREMENT_NAMES } from "./measurements.ts";
import { Plan } from "./plan.ts";

export const RECORD_VERSION = 1;

const Measurement = z.strictObject({
  name: z.enum(MEASUREMENT_NAMES),
  unit: z.enum(["B/s", "ms", "%", "a packet"]),
  value: z.number(),
  low: z.number().optional(),
  high: z.number().optional(),
  samples: z.int().min(0),
});

/** - measured. - unreachable: weakened so far that no link came about. - failed: see why. - skipped: the bench has no such
 * thing. - quarantined: somebody has left a radio out. - notRun: it was broken off before. */
const Status = z.enum(["measured", "unreachable", "failed", "skipped", "quarantined", "notRun"]);

const PointRecord = z.strictObject({
  id: z.string(),
  group: z.string(),
  baud: z.int().optional(),
  payload: z.int(),
  links: z.int(),
  attenuationDb: z.number(),
  status: Status,
  /** In which phase and why it ended otherwise than measured, and the next thing to try. */
  phase: z.enum(["prepare", "settle", "measure", "teardown"]).optional(),
  why: z.string().optional(),
  next: z.string().optional(),
  /** Measurements tried, retries among them. */
  attempts: z.int().min(0),
  durationMs: z.number().min(0),
  edges: z.array(z.strictObject({ server: z.string(), client: z.string() })),
  measurements: z.array(Measurement),
  packets: z.int().min(0),
  dropReasons: z.record(z.string(), z.int()),
  linksLost: z.int().min(0),
});

const RadioRecord = z.strictObject({
  name: z.string(),
  device: z.string(),
  board: z.string(),
  role: z.enum(["server", "client"]),
  group: z.string(),
  /** As its hello had it; hexadecimal. */
  chip: z.string(),
  build: z.string(),
  /** At the end; absent where its port has none. */
  baud: z.int().optional(),
});

const LimitOutcome = z.strictObject({
  point: z.string(),
  measurement: z.enum(MEASUREMENT_NAMES),
  unit: z.string(),
  value: z.number(),
  min: z.number().optional(),
  max: z.number().optional(),
  ok: z.boolean(),
});

const Change = z.strictObject({
  point: z.string(),
  measurement: z.enum(MEASUREMENT_NAMES),
  unit: z.string(),
  before: z.number(),
  now: z.number(),
  /** In percent of before; for shares, in percentage points. */
  change: z.number(),
  verdict: z.enum(["better", "same", "worse"]),
});

const Comparison = z.strictObject({
  startedAt: z.string(),
  /** Radios whose firmware is another. */
  builds: z.array(z.strictObject({ radio: z.string(), before: z.string(), now: z.string() })),
  changes: z.array(Change),
  /** Points that were measured before and are not any more. */
  lost: z.array(z.strictObject({ point: z.string(), why: z.string() })),
  /** Points that cannot be compared, and the field that differs. */
  different: z.array(z.strictObject({ point: z.string(), why: z.string() })),
});

export const BenchRecord = z.strictObject({
  format: z.literal("hardway-bench"),
  version: z.literal(RECORD_VERSION),
  startedAt: z.string(),
  clock: z.enum(["real", "virtual"]),
  durationMs: z.number().min(0),
  interrupted: z.boolean(),
  plan: Plan,
  radios: z.array(RadioRecord),
  points: z.array(PointRecord),
  limits: z.array(LimitOutcome),
  /** Limits that no measured point met. */
  limitsUnused: z.array(z.string()),
  comparison: Comparison.optional(),
});

export type BenchRecord = z.output<typeof BenchRecord>;
export type PointRecord = z.output<typeof PointRecord>;
export type RadioRecord = z.output<typeof RadioRecord>;
export type LimitOutcome = z.output<typeof LimitOutcome>;
export type Comparison = z.output<typeof Comparison>;
export type Change = z.output<typeof Change>;

export const parseRecord = (file: string, text: string, suggest: Suggest): Parsed<BenchRecord> =>
  parseJsonFile(file, text, BenchRecord, suggest);

export const recordText = (record: BenchRecord): string => `${JSON.stringify(record, undefined, 2)}\n`;
