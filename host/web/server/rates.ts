/** How fast counts rise: samples of the last hour, one a minute, and of the last minute, one a second. */
import { HOUR_MS, RATE_OVER_MS, SAMPLE_EVERY_MS } from "./limits.ts";

export interface Counts {
  readonly [name: string]: number;
}

interface Sample {
  readonly at: number;
  readonly counts: Counts;
}

export interface Rates {
  /** Both ascend in time. */
  readonly recent: Sample[];
  readonly hour: Sample[];
}

export const rates = (): Rates => ({ recent: [], hour: [] });

export function sample(of: Rates, at: number, counts: Counts): void {
  keep(of.recent, { at, counts }, SAMPLE_EVERY_MS, RATE_OVER_MS);
  keep(of.hour, { at, counts }, RATE_OVER_MS, HOUR_MS);
}

/** Over the last minute, or what there is of it. */
export const perSecond = ({ recent }: Rates, name: string): number => risen(recent, name) * 1000;

/** Over the last hour; a kiosk that began lately has not had as many as it would. */
export function perHour({ hour, recent }: Rates, name: string): number {
  const [first, last] = [hour[0], recent.at(-1)];
  return first === undefined || last === undefined ? 0 : rise(first, last, name);
}

function risen(samples: readonly Sample[], name: string): number {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at <= first.at) return 0;
  return rise(first, last, name) / (last.at - first.at);
}

/** A count that fell began anew. */
const rise = (first: Sample, last: Sample, name: string): number => {
  const [before, now] = [first.counts[name] ?? 0, last.counts[name] ?? 0];
  return now < before ? now : now - before;
};

/** One sample a span; those that are older than is looked at go, but for the one at the border. */
function keep(samples: Sample[], next: Sample, everyMs: number, overMs: number): void {
  const last = samples.at(-1);
  if (last === undefined || next.at - last.at >= everyMs) samples.push(next);
  while (samples.length > 1 && samples[1].at <= next.at - overMs) samples.shift();
}
