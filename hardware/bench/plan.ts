/** What a bench measures: every combination of rate, payload, links and attenuation in every group, as points with names. */
import { z } from "zod";
import { BAUD_MAX, BAUDS_MAX, PACKET_SIZE_MAX, RADIO_LINKS_MAX } from "../../protocol/core/limits.ts";
import { CRITICAL, HIGH, LOW, NORMAL } from "../../protocol/core/packet-class.ts";
import type { HardwareMap } from "./hardware-map.ts";
import { complaint, instead, type Parsed, parseJsonFile, type Suggest } from "./json-file.ts";
import {
  ATTENUATION_MAX_DB,
  PAYLOAD_SIZE_MIN,
  POINTS_MAX,
  PREPARE_ESTIMATE_MS,
  TEARDOWN_ESTIMATE_MS,
  WINDOW_MAX,
} from "./limits.ts";

export const CLASSES = Object.freeze({ critical: CRITICAL, high: HIGH, normal: NORMAL, low: LOW });

const unique = <T extends z.ZodType>(of: T) =>
  z
    .array(of)
    .min(1)
    .max(64)
    .refine((values) => new Set(values).size === values.length, "a value is there twice");

export const Plan = z.strictObject({
  version: z.literal(1),
  /** Of the map; without it, all. */
  groups: unique(z.string()).optional(),
  /** Without it, the rate at which each radio opens, or the best that its wire allows. */
  bauds: z.array(z.int().min(1200).max(BAUD_MAX)).min(1).max(BAUDS_MAX).optional(),
  payloads: unique(z.int().min(PAYLOAD_SIZE_MIN).max(PACKET_SIZE_MAX)),
  links: unique(z.int().min(1).max(RADIO_LINKS_MAX)).default([1]),
  attenuationsDb: unique(z.number().min(0).max(ATTENUATION_MAX_DB)).default([0]),
  /** Measurements of one point, taken together. */
  repeats: z.int().min(1).max(20).default(1),
  /** Of a measurement that did not come about; one that did is never taken again because its result displeases. */
  retries: z.int().min(0).max(5).default(1),
  /** Under load, before the measurement begins. */
  settleMs: z.int().min(0).max(60_000).default(1000),
  measureMs: z.int().min(1000).max(600_000).default(10_000),
  /** Packets under way, a link and direction. */
  window: z.int().min(1).max(WINDOW_MAX).default(4),
  /** On each link in each direction; without it, as many as the window lets pass. */
  packetsPerSecond: z.number().min(0.1).max(1000).optional(),
  class: z.enum(["critical", "high", "normal", "low"]).default("normal"),
  /** Off and on before each point, and not only before a retry. */
  powerCycle: z.boolean().default(false),
  /** Fixtures that every radio of a point must have. */
  requires: z.array(z.string()).max(16).default([]),
});
export type Plan = z.output<typeof Plan>;

export interface Point {
  readonly id: string;
  readonly group: string;
  /** Undefined: as it comes. */
  readonly baud: number | undefined;
  readonly payload: number;
  readonly links: number;
  readonly attenuationDb: number;
}

export const parsePlan = (file: string, text: string, suggest: Suggest): Parsed<Plan> =>
  parseJsonFile(file, text, Plan, suggest);

/** `only`: selections as in "payload=244,links=1"; a point that fits one of them is kept. Attenuation changes slowest, then
 * the rate: a person may have to turn the one, and a change of the other costs a new session. */
export function pointsOf(plan: Plan, map: HardwareMap, only: readonly string[], suggest: Suggest): Parsed<Point[]> {
  const groups = [...new Set(map.radios.map((radio) => radio.group))];
  const unknown = (plan.groups ?? []).filter((group) => !groups.includes(group));
  if (unknown.length > 0) {
    return complaint("the plan", `the map has no group "${unknown[0]}"; it has ${groups.join(", ")}`);
  }
  const selections: Selection[] = [];
  for (const text of only) {
    const parsed = parseSelection(text, suggest);
    if (!parsed.ok) return parsed;
    selections.push(parsed.value);
  }
  const points: Point[] = [];
  for (const group of plan.groups ?? groups) {
    for (const attenuationDb of plan.attenuationsDb) {
      for (const baud of plan.bauds ?? [undefined]) {
        for (const links of plan.links) {
          for (const payload of plan.payloads) {
            const point = pointOf({ group, baud, payload, links, attenuationDb });
            if (selections.length === 0 || selections.some((selection) => fits(point, selection))) points.push(point);
          }
        }
      }
    }
  }
  if (points.length === 0) return complaint("--only", `no point of the plan fits ${only.join(" or ")}`);
  if (points.length > POINTS_MAX) {
    return complaint("the plan", `it has ${points.length} points, and a bench takes ${POINTS_MAX}`);
  }
  return { ok: true, value: points };
}

export const estimateMs = (plan: Plan, points: readonly Point[]): number =>
  points.length * plan.repeats * (PREPARE_ESTIMATE_MS + plan.settleMs + plan.measureMs + TEARDOWN_ESTIMATE_MS);

function pointOf(of: Omit<Point, "id">): Point {
  const baud = of.baud === undefined ? [] : [`baud=${of.baud}`];
  const rest = [`payload=${of.payload}`, `links=${of.links}`, `attenuation=${of.attenuationDb}`];
  return { id: [of.group, ...baud, ...rest].join("/"), ...of };
}

/** Axis and value, all of which must fit. */
type Selection = readonly (readonly [string, string])[];

const AXES = Object.freeze(["group", "baud", "payload", "links", "attenuation"]);

function parseSelection(text: string, suggest: Suggest): Parsed<Selection> {
  const terms: [string, string][] = [];
  for (const term of text.split(",")) {
    const [axis, value, ...more] = term.split("=");
    if (value === undefined || value === "" || more.length > 0) {
      return complaint("--only", `"${term}" is not of the form axis=value`);
    }
    if (!AXES.includes(axis)) {
      return complaint("--only", `there is no axis "${axis}"; ${instead(axis, AXES, suggest)}`);
    }
    terms.push([axis, value]);
  }
  return { ok: true, value: terms };
}

function fits(point: Point, selection: Selection): boolean {
  const values: { [axis: string]: string } = {
    group: point.group,
    baud: String(point.baud),
    payload: String(point.payload),
    links: String(point.links),
    attenuation: String(point.attenuationDb),
  };
  return selection.every(([axis, value]) => values[axis] === value);
}
