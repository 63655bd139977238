/** One measurement of one point under way: what it was given, what it has seen, and how it may end before its end. */
import type { BenchRadio } from "./bench-radio.ts";
import type { Edge } from "./edges.ts";
import type { HandPorts } from "./hands.ts";
import type { MapRadio } from "./hardware-map.ts";
import type { Plan, Point } from "./plan.ts";
import type { Samples } from "./samples.ts";
import type { Ties } from "./ties.ts";
import type { Traffic } from "./traffic.ts";

export type Phase = "prepare" | "settle" | "measure" | "teardown";

/** - failed: it did not come about, and may at another try. - broken: a radio did not keep its word, which no retry hides.
 * - unreachable: weakened so far that no link came about. - skipped: the bench has no such thing. - interrupted. */
export interface Fault {
  readonly ok: false;
  readonly kind: "failed" | "broken" | "unreachable" | "skipped" | "interrupted";
  readonly phase: Phase;
  readonly why: string;
  readonly next: string;
}

export type Attempt = { readonly ok: true; readonly samples: Samples } | Fault;

export interface Setup {
  readonly plan: Plan;
  readonly point: Point;
  readonly edges: readonly Edge[];
  /** Those of the edges. */
  readonly members: readonly MapRadio[];
  readonly radios: ReadonlyMap<string, BenchRadio>;
  readonly ports: HandPorts;
  /** Before it begins, power off and on where somebody can. */
  readonly powerCycle: boolean;
  /** Of all attempts of this bench. */
  readonly number: number;
  readonly say: (line: string) => void;
}

export interface Run extends Setup {
  readonly ties: Ties;
  /** Of the slowest board. */
  readonly timeoutFactor: number;
  load: Traffic | undefined;
  /** A settled packet makes room for the next. */
  pumping: boolean;
  /** A radio that went away in the middle, in words. */
  gone: string | undefined;
  /** Counters as they were told, a radio. */
  readonly counted: Map<string, (readonly number[])[]>;
}

export function radioOf(run: Pick<Setup, "radios">, name: string): BenchRadio {
  const radio = run.radios.get(name);
  if (radio === undefined) throw new Error(`the bench has opened ${name}`);
  return radio;
}

export const isInterrupted = (run: Setup): boolean => run.ports.signal.aborted;

/** Times of a phase that stretch with the board. */
export const within = (run: Run, ms: number, done: () => boolean): Promise<boolean> =>
  run.ports.place.wait(ms * run.timeoutFactor, done, run.ports.signal);

export const fault = (phase: Phase, why: string, next: string, kind: Fault["kind"] = "failed"): Fault => ({
  ok: false,
  kind,
  phase,
  why,
  next,
});

export const interrupted = (phase: Phase): Fault =>
  fault(phase, "it was broken off", "Run it again; --only takes the rest alone.", "interrupted");

export function tellAll(run: Run, order: Parameters<BenchRadio["order"]>[0]): void {
  for (const { name } of run.members) radioOf(run, name).order(order);
}

/** Packets of one attempt have names of their own. */
export const NAMES = 2 ** 32;
