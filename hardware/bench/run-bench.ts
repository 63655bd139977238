/** The bench: opens the radios of a map, measures the points of a plan one after the other, and judges what came of it. */
import type { Hello } from "../../protocol/radio/hello.ts";
import type { BenchRadio } from "./bench-radio.ts";
import { compare } from "./compare.ts";
import { chooseEdges } from "./edges.ts";
import { type HardwareMap, type MapRadio, mapComplaint } from "./hardware-map.ts";
import type { Complaint, Suggest } from "./json-file.ts";
import { UP_WITHIN_MS } from "./limits.ts";
import { checkLimits, type Limit } from "./limits-file.ts";
import { type Bench, measurePoint, type PointPorts } from "./measure-point.ts";
import { type Plan, pointsOf } from "./plan.ts";
import { type BenchRecord, type PointRecord, type RadioRecord, RECORD_VERSION } from "./record.ts";
import { type BenchResult, judge } from "./verdict.ts";

export interface BenchPorts extends PointPorts {
  readonly suggest: Suggest;
  /** For the record: the world's time, in words of ISO 8601. */
  readonly startedAt: string;
}

export interface BenchOptions {
  /** As in "payload=244,links=1". */
  readonly only?: readonly string[];
  readonly limits?: readonly Limit[];
  readonly baseline?: BenchRecord;
}

export async function runBench(
  map: HardwareMap,
  plan: Plan,
  ports: BenchPorts,
  options: BenchOptions = {},
): Promise<BenchResult> {
  const points = pointsOf(plan, map, options.only ?? [], ports.suggest);
  if (!points.ok) return wrong("planWrong", points);
  const chosen = points.value.map((point) => ({ point, choice: chooseEdges(map, plan, point) }));
  const members = map.radios.filter((radio) =>
    chosen.some(({ choice }) => choice.ok && choice.radios.some(({ name }) => name === radio.name)),
  );
  const radios = new Map<string, BenchRadio>();
  const beganAt = ports.place.now();
  try {
    for (const radio of members) radios.set(radio.name, ports.place.open(radio, plan.bauds === undefined));
    const refused = await greet(map, members, radios, ports);
    if (refused !== undefined) return refused;
    const bench: Bench = { plan, radios, ports, attempts: 0, done: 0, total: points.value.length * plan.repeats };
    const measured: PointRecord[] = [];
    for (const { point, choice } of chosen) measured.push(await measurePoint(bench, point, choice));
    const radioRecords = members.map((radio) => radioRecord(radio, radios.get(radio.name)));
    const { outcomes, unused } = checkLimits(options.limits ?? [], measured, radioRecords);
    const record: BenchRecord = {
      format: "hardway-bench",
      version: RECORD_VERSION,
      startedAt: ports.startedAt,
      clock: ports.place.isVirtual ? "virtual" : "real",
      durationMs: ports.place.now() - beganAt,
      interrupted: ports.signal.aborted,
      plan,
      radios: radioRecords,
      points: measured,
      limits: outcomes,
      limitsUnused: unused,
    };
    const { baseline } = options;
    return judge(baseline === undefined ? record : { ...record, comparison: compare(baseline, record) });
  } finally {
    for (const radio of radios.values()) radio.close();
  }
}

/** All that are needed are there, and are what the map says. */
async function greet(
  map: HardwareMap,
  members: readonly MapRadio[],
  radios: ReadonlyMap<string, BenchRadio>,
  ports: BenchPorts,
): Promise<BenchResult | undefined> {
  const helloOf = (radio: MapRadio): Hello | undefined => radios.get(radio.name)?.hello();
  const factor = Math.max(1, ...members.map(({ timeoutFactor }) => timeoutFactor));
  await ports.place.wait(
    UP_WITHIN_MS * factor,
    () => members.every((radio) => helloOf(radio) !== undefined),
    ports.signal,
  );
  if (ports.signal.aborted) {
    return {
      ok: false,
      code: "radioMissing",
      why: "it was broken off before all radios were up",
      next: "Run it again.",
    };
  }
  const missing = members.filter((radio) => helloOf(radio) === undefined);
  if (missing.length > 0) {
    const why = missing.map((radio) => `${radio.name} (${radio.device}): ${radios.get(radio.name)?.words() ?? ""}`);
    const next = `Run: hardway doctor ${missing[0].device}; or give the radio a quarantine in ${map.file} and go on without.`;
    return { ok: false, code: "radioMissing", why: why.join("\n"), next };
  }
  const other = members.find((radio) => helloOf(radio)?.board !== radio.facts.name);
  if (other === undefined) return undefined;
  const says = helloOf(other)?.board ?? "";
  return wrong("mapWrong", mapComplaint(map, other, "board", `it is "${other.board}", and the radio says "${says}"`));
}

function radioRecord(radio: MapRadio, opened: BenchRadio | undefined): RadioRecord {
  const { name, device, board, role, group } = radio;
  const hello = opened?.hello();
  const baud = opened?.baud();
  return {
    name,
    device,
    board,
    role,
    group,
    chip: hex(hello?.chip),
    build: hex(hello?.build),
    ...(baud === undefined ? {} : { baud }),
  };
}

const wrong = (code: "mapWrong" | "planWrong", { why, next }: Complaint): BenchResult => ({
  ok: false,
  code,
  why,
  next,
});

const hex = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? "" : Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
