/** The text form that Prometheus scrapes (version 0.0.4): a line of help and of type, then a line for each labelled value. */
import { countOf, type Histogram } from "./histogram.ts";

export interface Labels {
  readonly [name: string]: string | number;
}

export interface Value {
  readonly labels?: Labels;
  readonly value: number;
}

export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly values: readonly Value[] | Histogram;
}

export const metricsText = (metrics: readonly Metric[]): string => `${metrics.map(metricText).join("")}`;

function metricText({ name, help, type, values }: Metric): string {
  const lines = "bounds" in values ? histogramLines(name, values) : values.map((value) => line(name, value));
  return `# HELP ${name} ${help.replaceAll("\\", "\\\\")}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function histogramLines(name: string, histogram: Histogram): string[] {
  let below = 0;
  const buckets = histogram.bounds.map((bound, i) => {
    below += histogram.counts[i];
    return line(`${name}_bucket`, { labels: { le: bound }, value: below });
  });
  const count = countOf(histogram);
  return [
    ...buckets,
    line(`${name}_bucket`, { labels: { le: "+Inf" }, value: count }),
    line(`${name}_sum`, { value: histogram.sum }),
    line(`${name}_count`, { value: count }),
  ];
}

function line(name: string, { labels = {}, value }: Value): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(`${text}`)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${number(value)}\n`;
}

const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

const number = (value: number): string =>
  value === Number.POSITIVE_INFINITY ? "+Inf" : value === Number.NEGATIVE_INFINITY ? "-Inf" : `${value}`;
