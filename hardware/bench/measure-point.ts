/** All measurements of one point, with their retries, as one entry of the record. */
import type { BenchRadio } from "./bench-radio.ts";
import type { Choice } from "./edges.ts";
import type { HandPorts } from "./hands.ts";
import type { Plan, Point } from "./plan.ts";
import { runAttempt } from "./point-run.ts";
import type { PointRecord } from "./record.ts";
import type { Attempt, Fault } from "./run.ts";
import { measurementsOf, type Samples } from "./samples.ts";

export interface PointPorts extends HandPorts {
  readonly progress: (what: string, done: number, total: number) => void;
  readonly say: (line: string) => void;
}

export interface Bench {
  readonly plan: Plan;
  readonly radios: ReadonlyMap<string, BenchRadio>;
  readonly ports: PointPorts;
  attempts: number;
  done: number;
  readonly total: number;
}

export async function measurePoint(bench: Bench, point: Point, choice: Choice): Promise<PointRecord> {
  const { plan, ports } = bench;
  const { place, signal } = ports;
  const skip = (): void => ports.progress(point.id, (bench.done += plan.repeats), bench.total);
  if (!choice.ok) {
    skip();
    return { ...blank(point), status: choice.status, why: choice.why };
  }
  const { edges, radios: members } = choice;
  const names = edges.map(({ server, client }) => ({ server: server.name, client: client.name }));
  if (signal.aborted) return { ...blank(point), edges: names, status: "notRun" };
  const beganAt = place.now();
  const samples: Samples[] = [];
  let attempts = 0;
  let fault: Fault | undefined;
  const doneBefore = bench.done;
  for (let repeat = 0; repeat < plan.repeats && fault === undefined; repeat++) {
    for (let retry = 0; retry <= plan.retries; retry++) {
      attempts += 1;
      const { radios } = bench;
      const powerCycle = plan.powerCycle || retry > 0;
      const { say } = ports;
      const number = ++bench.attempts;
      const attempt = await runAttempt({ plan, point, edges, members, radios, ports, powerCycle, number, say });
      fault = attempt.ok ? undefined : attempt;
      if (attempt.ok) samples.push(attempt.samples);
      if (!mayRetry(attempt) || retry === plan.retries) break;
      ports.say(`${point.id}: ${attempt.why}; trying again`);
    }
    ports.progress(point.id, ++bench.done, bench.total);
  }
  if (bench.done < doneBefore + plan.repeats) {
    bench.done = doneBefore;
    skip();
  }
  const durationMs = place.now() - beganAt;
  const own = { ...blank(point), edges: names, attempts, durationMs };
  if (fault !== undefined) {
    const { phase, why, next } = fault;
    return { ...own, status: statusOf(fault), phase, why, next };
  }
  const dropReasons: { [why: string]: number } = {};
  for (const { counts } of samples) {
    for (const [why, count] of Object.entries(counts.dropReasons)) dropReasons[why] = (dropReasons[why] ?? 0) + count;
  }
  return {
    ...own,
    status: "measured",
    measurements: measurementsOf(samples),
    packets: samples.reduce((sum, { counts }) => sum + counts.given, 0),
    dropReasons,
    linksLost: samples.reduce((sum, { counts }) => sum + counts.linksLost, 0),
  };
}

const mayRetry = (attempt: Attempt): attempt is Fault =>
  !attempt.ok && (attempt.kind === "failed" || attempt.kind === "unreachable");

function statusOf({ kind }: Fault): PointRecord["status"] {
  if (kind === "interrupted") return "notRun";
  return kind === "skipped" || kind === "unreachable" ? kind : "failed";
}

const blank = (point: Point): PointRecord => ({
  ...point,
  status: "notRun",
  attempts: 0,
  durationMs: 0,
  edges: [],
  measurements: [],
  packets: 0,
  dropReasons: {},
  linksLost: 0,
});
