/** What a bench must reach: a measurement, its unit, a least or a most, and for which points. */
import { z } from "zod";
import { type Fault, instead, type Parsed, parseJsonFile, type Suggest } from "./json-file.ts";
import { MEASUREMENT_NAMES, MEASUREMENTS, type MeasurementName } from "./measurements.ts";
import type { LimitOutcome, PointRecord, RadioRecord } from "./record.ts";

const Where = z.strictObject({
  group: z.string().optional(),
  /** Of all its radios. */
  board: z.string().optional(),
  baud: z.int().optional(),
  payload: z.int().optional(),
  links: z.int().optional(),
  attenuationDb: z.number().optional(),
});

const Limit = z.strictObject({
  measurement: z.string(),
  /** Said again, so that nobody reads milliseconds for seconds. */
  unit: z.string(),
  min: z.number().optional(),
  max: z.number().optional(),
  where: Where.default({}),
});

const LimitsFile = z.strictObject({ version: z.literal(1), limits: z.array(Limit).max(200) });

export interface Limit extends z.output<typeof Limit> {
  readonly measurement: MeasurementName;
}

export function parseLimits(file: string, text: string, suggest: Suggest): Parsed<Limit[]> {
  const parsed = parseJsonFile(file, text, LimitsFile, suggest);
  if (!parsed.ok) return parsed;
  const faults: Fault[] = [];
  const limits: Limit[] = [];
  for (const [index, limit] of parsed.value.limits.entries()) {
    const at = `limits[${index}]`;
    const { measurement, unit, min, max } = limit;
    if (!isMeasurement(measurement)) {
      const why = `nothing measures "${measurement}"; ${instead(measurement, MEASUREMENT_NAMES, suggest)}`;
      faults.push([`${at}.measurement`, why]);
      continue;
    }
    const own = MEASUREMENTS[measurement].unit;
    if (unit !== own) faults.push([`${at}.unit`, `${measurement} is measured in "${own}", not in "${unit}"`]);
    if (min === undefined && max === undefined) faults.push([at, "it has neither min nor max"]);
    else if (min !== undefined && max !== undefined && min > max) faults.push([at, `min ${min} is above max ${max}`]);
    limits.push({ ...limit, measurement });
  }
  return faults.length > 0 ? parsed.complain(faults) : { ok: true, value: limits };
}

export function checkLimits(
  limits: readonly Limit[],
  points: readonly PointRecord[],
  radios: readonly RadioRecord[],
): { readonly outcomes: LimitOutcome[]; readonly unused: string[] } {
  const outcomes: LimitOutcome[] = [];
  const unused: string[] = [];
  for (const limit of limits) {
    const before = outcomes.length;
    for (const point of points.filter((each) => isMeant(limit, each, radios)))
      outcomes.push(...outcomeOf(limit, point));
    if (outcomes.length === before) unused.push(limitText(limit));
  }
  return { outcomes, unused };
}

export function rangeText({ min, max, unit }: { min?: number | undefined; max?: number | undefined; unit: string }) {
  if (min === undefined) return `at most ${max} ${unit}`;
  return max === undefined ? `at least ${min} ${unit}` : `${min} to ${max} ${unit}`;
}

function outcomeOf(limit: Limit, point: PointRecord): LimitOutcome[] {
  const { measurement, unit, min, max } = limit;
  const measured = point.measurements.find(({ name }) => name === measurement);
  if (measured === undefined) return [];
  const { value } = measured;
  const ok = value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);
  return [{ point: point.id, measurement, unit, value, min, max, ok }];
}

function isMeant({ where }: Limit, point: PointRecord, radios: readonly RadioRecord[]): boolean {
  const names = point.edges.flatMap(({ server, client }) => [server, client]);
  const isSame = <T>(wanted: T | undefined, found: T): boolean => wanted === undefined || wanted === found;
  return (
    isSame(where.group, point.group) &&
    isSame<number | undefined>(where.baud, point.baud) &&
    isSame(where.payload, point.payload) &&
    isSame(where.links, point.links) &&
    isSame(where.attenuationDb, point.attenuationDb) &&
    (where.board === undefined ||
      radios.filter(({ name }) => names.includes(name)).every(({ board }) => board === where.board))
  );
}

function limitText(limit: Limit): string {
  const where = Object.entries(limit.where).map(([axis, value]) => `${axis} ${value}`);
  return `${limit.measurement} ${rangeText(limit)}${where.length === 0 ? "" : ` for ${where.join(", ")}`}`;
}

const isMeasurement = (name: string): name is MeasurementName => Object.hasOwn(MEASUREMENTS, name);
