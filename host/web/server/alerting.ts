/** Which alerts stand: each is raised when its condition has held for its time, and gone as soon as it does not. */
import type { Alert } from "../contract/state-part.ts";
import type { AlertRule } from "./alert-rules.ts";
import { countOf } from "./histogram.ts";
import type { Metric } from "./prometheus-text.ts";

export interface Alerting {
  readonly rules: readonly AlertRule[];
  /** By rule: since when its condition holds, undefined while it does not. The date may be set meanwhile, so that it is only shown. */
  readonly since: (Moment | undefined)[];
  /** By rule: earlier values of what must rise, oldest first. */
  readonly earlier: Earlier[][];
}

/** By a clock that only runs, and by the date. */
export interface Moment {
  readonly nowMs: number;
  readonly wallMs: number;
}

interface Earlier {
  readonly at: number;
  readonly value: number;
}

/** Of what must rise, so many values are kept for the time it is looked over. */
const EARLIER_PARTS = 60;

export const alerting = (rules: readonly AlertRule[]): Alerting => ({
  rules,
  since: rules.map(() => undefined),
  earlier: rules.map(() => []),
});

/** Those that stand now. */
export function look(of: Alerting, at: Moment, metrics: readonly Metric[]): readonly Alert[] {
  return of.rules.flatMap((rule, i) => {
    const values = valuesOf(metrics, rule.metric);
    const looked = rule.risesOverMs === undefined ? values : [risen(of.earlier[i], at.nowMs, values, rule.risesOverMs)];
    of.since[i] = looked.some((value) => holds(rule, value)) ? (of.since[i] ?? at) : undefined;
    const since = of.since[i];
    if (since === undefined || at.nowMs - since.nowMs < rule.forMs) return [];
    return [{ alert: rule.alert, severity: rule.severity, words: rule.words, since: since.wallMs }];
  });
}

function holds({ is, than }: AlertRule, value: number): boolean {
  return is === ">" ? value > than : is === "<" ? value < than : value === than;
}

/** A count that fell began anew, with its process. */
function risen(earlier: Earlier[], at: number, values: readonly number[], overMs: number): number {
  const value = values.reduce((sum, each) => sum + each, 0);
  const last = earlier.at(-1);
  if (last !== undefined && value < last.value) earlier.splice(0);
  if (earlier.length === 0 || at - earlier[earlier.length - 1].at >= overMs / EARLIER_PARTS)
    earlier.push({ at, value });
  while (earlier.length > 1 && earlier[1].at <= at - overMs) earlier.shift();
  return value - earlier[0].value;
}

function valuesOf(metrics: readonly Metric[], name: string): readonly number[] {
  const metric = metrics.find((each) => each.name === name);
  if (metric === undefined) return [];
  return "bounds" in metric.values ? [countOf(metric.values)] : metric.values.map(({ value }) => value);
}
