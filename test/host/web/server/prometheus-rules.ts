/** As much of Prometheus as the shipped rules use: scrapes in their order, and which alerts stand after the last of them. */
import parsePrometheusTextFormat from "parse-prometheus-text-format";

export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
}

interface Family {
  readonly name: string;
  readonly type: string;
  readonly metrics: readonly { readonly value?: string; readonly count?: string; readonly labels?: object }[];
}

export interface Scrape {
  readonly atS: number;
  readonly families: readonly Family[];
}

export const scrape = (atS: number, text: string): Scrape => ({
  atS,
  families: parsePrometheusTextFormat(text) as readonly Family[],
});

const EXPR = /^(?:increase\((?<counted>\w+)\[(?<over>\w+)\]\)|(?<plain>\w+)) (?<is>>|<|==) (?<than>[\d.]+)$/;

/** Names of those that fire. */
export const firing = (rules: readonly Rule[], scrapes: readonly Scrape[]): readonly string[] =>
  rules.filter((rule) => fires(rule, scrapes)).map(({ alert }) => alert);

/** Undefined where it is none that this understands. */
export const metricIn = (expr: string): string | undefined => {
  const { counted, plain } = EXPR.exec(expr)?.groups ?? {};
  return counted ?? plain;
};

function fires(rule: Rule, scrapes: readonly Scrape[]): boolean {
  const now = scrapes.at(-1)?.atS ?? 0;
  const held = scrapes.map((_, i) => holds(rule.expr, scrapes.slice(0, i + 1)));
  const lastNot = held.lastIndexOf(false);
  const since = scrapes[lastNot + 1];
  return since !== undefined && now - since.atS >= secondsOf(rule.for);
}

function holds(expr: string, scrapes: readonly Scrape[]): boolean {
  const { counted, over, plain, is, than } = EXPR.exec(expr)?.groups ?? {};
  if (is === undefined) throw new Error(`no rule of ours: ${expr}`);
  const last = scrapes[scrapes.length - 1];
  const compare = (value: number): boolean =>
    is === ">" ? value > Number(than) : is === "<" ? value < Number(than) : value === Number(than);
  if (plain !== undefined) return valuesIn(last, plain).some(compare);
  const within = scrapes.filter(({ atS }) => atS > last.atS - secondsOf(over));
  let risen = 0;
  for (let i = 1; i < within.length; i++) {
    const [before, now] = [within[i - 1], within[i]].map((each) => valuesIn(each, counted)[0] ?? 0);
    risen += now < before ? now : now - before;
  }
  const span = last.atS - (within[0]?.atS ?? last.atS);
  // Prometheus stretches what it saw over the whole of the time.
  return span > 0 && compare((risen * secondsOf(over)) / span);
}

const valuesIn = ({ families }: Scrape, name: string): readonly number[] =>
  families.find((family) => family.name === name)?.metrics.map(({ value }) => Number(value)) ?? [];

const secondsOf = (text: string): number => Number.parseInt(text, 10) * (text.endsWith("m") ? 60 : 1);
