/** Whether a board can be server and client at once. The stack's makers say what it should do; a board's file says *dual* only
 * when this has seen it on the board itself: both at once, linked both ways, traffic on both. */
import type { Told } from "../../host/radio/run-driver.ts";
import { FAULT_CODES } from "../../protocol/radio/fault-code.ts";
import type { Hello } from "../../protocol/radio/hello.ts";
import type { BenchPlace, BenchRadio } from "./bench-radio.ts";
import type { MapRadio } from "./hardware-map.ts";
import { DRAIN_WITHIN_MS, LINK_WITHIN_MS, PUMP_EVERY_MS, READY_WITHIN_MS, UP_WITHIN_MS } from "./limits.ts";
import { CLASSES } from "./plan.ts";
import { flowsOf, isTied, onTold as onTieTold, type Ties, tiesOf } from "./ties.ts";
import { isKept, isSettled, onArrived, onLinkDown, onSettled, pump, type Traffic, traffic } from "./traffic.ts";

/** The subject, a server that it dials, and a client that dials it. */
export interface DualSubject {
  readonly subject: MapRadio;
  readonly server: MapRadio;
  readonly client: MapRadio;
}

/** - yes: every step was passed. - no: the step that was not. - notOffered: this firmware refuses the role. - unknown: the
 * probe itself could not be made. */
export interface DualVerdict {
  readonly verdict: "yes" | "no" | "notOffered" | "unknown";
  readonly board: string;
  readonly steps: readonly DualStep[];
  /** The next thing to do about it. */
  readonly next: string;
}

export interface DualStep {
  readonly name: string;
  readonly ok: boolean;
  readonly why: string;
}

/** Long enough for a supervision timeout of one link while the other is busy. */
const TRAFFIC_MS = 10_000;
const PAYLOAD_SIZE = 200;
const WINDOW = 2;
const ADVERT_MS = 100;
const SCAN_MS = 60;
const LOOK_WITHIN_MS = 15_000;

interface Probe {
  readonly place: BenchPlace;
  readonly who: DualSubject;
  readonly radios: ReadonlyMap<string, BenchRadio>;
  readonly ties: Ties;
  readonly timeoutFactor: number;
  readonly signal: AbortSignal | undefined;
  refused: boolean;
  /** Who heard whose adverts since it was last cleared, as "listener speaker". */
  readonly heard: Set<string>;
  load: Traffic | undefined;
}

export async function probeDual(place: BenchPlace, who: DualSubject, signal?: AbortSignal): Promise<DualVerdict> {
  const members = [who.subject, who.server, who.client];
  const radios = new Map(members.map((radio) => [radio.name, place.open(radio, false)]));
  const edges = [
    { server: who.server, client: who.subject },
    { server: who.subject, client: who.client },
  ];
  const timeoutFactor = Math.max(...members.map((radio) => radio.timeoutFactor));
  const ties = tiesOf(edges, radios);
  const probe: Probe = {
    ...{ place, who, radios, ties, timeoutFactor, signal },
    ...{ refused: false, heard: new Set<string>(), load: undefined },
  };
  for (const { name } of members) radioOf(probe, name).on = (told) => onTold(probe, name, told);
  const steps: DualStep[] = [];
  try {
    for (const [name, step] of STEPS) {
      const why = await step(probe);
      steps.push({ name, ok: why === undefined, why: why ?? "" });
      if (why !== undefined) break;
    }
  } finally {
    // The board must not come back as something that nobody has proved.
    ties.ready.delete(who.subject.name);
    radioOf(probe, who.subject.name).order({ type: "start", role: who.subject.role, name: "probed" });
    await place.wait(READY_WITHIN_MS * timeoutFactor, () => ties.ready.has(who.subject.name));
    for (const radio of radios.values()) radio.close();
  }
  return verdictOf(probe, steps);
}

function verdictOf({ refused, who, signal }: Probe, steps: readonly DualStep[]): DualVerdict {
  const { board } = who.subject;
  if (steps.every(({ ok }) => ok)) {
    const next = `Set dualProved in the file of ${board}, and say in its commit which stack and configuration this was.`;
    return { verdict: "yes", board, steps, next };
  }
  if (signal?.aborted === true || steps.length === 1) {
    return { verdict: "unknown", board, steps, next: "Run: hardway doctor, and see that all three radios are up." };
  }
  if (refused) {
    const next = "Build the firmware with dualProved set in the board's file, for this probe alone, and flash it.";
    return { verdict: "notOffered", board, steps, next };
  }
  return { verdict: "no", board, steps, next: `Leave dualProved false in the file of ${board}.` };
}

/** Undefined where it went well. */
type Step = (probe: Probe) => Promise<string | undefined>;

const beUp: Step = async (probe) => {
  const { radios } = probe;
  const done = await within(probe, UP_WITHIN_MS, () =>
    [...radios.values()].every((radio) => radio.hello() !== undefined),
  );
  if (done) return undefined;
  const down = [...radios].find(([, radio]) => radio.hello() === undefined);
  return `${down?.[0]} is not up: ${down?.[1].words()}`;
};

const takeRoles: Step = async (probe) => {
  const { subject, server, client } = probe.who;
  const { ready } = probe.ties;
  for (const [radio, role] of [
    [server, "server"],
    [client, "client"],
    [subject, "dual"],
  ] as const) {
    radioOf(probe, radio.name).order({ type: "start", role, name: radio.name.slice(0, 12) });
    radioOf(probe, radio.name).order({ type: "power", state: "active" });
  }
  const all = () => [subject, server, client].every(({ name }) => ready.has(name));
  if (await within(probe, READY_WITHIN_MS, () => all() || probe.refused)) {
    return probe.refused ? "the firmware refuses the role dual" : undefined;
  }
  const late = [subject, server, client].find(({ name }) => !ready.has(name));
  return `${late?.name} was not ready`;
};

const look: Step = async (probe) => {
  const { subject, server, client } = probe.who;
  lookAround(probe, true);
  const both = () =>
    probe.heard.has(`${subject.name} ${server.name}`) && probe.heard.has(`${client.name} ${subject.name}`);
  if (await within(probe, LOOK_WITHIN_MS, both)) return undefined;
  const isHeard = probe.heard.has(`${client.name} ${subject.name}`);
  return isHeard ? "it heard nobody while it advertised" : "nobody heard it while it scanned";
};

const link: Step = async (probe) => {
  const { ties } = probe.ties;
  if (await within(probe, 2 * LINK_WITHIN_MS, () => ties.every(isTied))) return undefined;
  const fault = probe.ties.fault === "" ? "" : `; the last fault was "${probe.ties.fault}"`;
  const words = ["as client", "as server"].filter((_, at) => !isTied(ties[at]));
  return `no link came about ${words.join(" and ")}${fault}`;
};

const exchange: Step = async (probe) => {
  const { place, ties } = probe;
  lookAround(probe, false);
  ties.lost.length = 0;
  const load = traffic(flowsOf(ties), PAYLOAD_SIZE, WINDOW, undefined, place.now());
  probe.load = load;
  const until = place.now() + TRAFFIC_MS;
  while (place.now() < until && ties.lost.length === 0 && probe.signal?.aborted !== true) {
    for (const { flow, id, packet } of pump(load, place.now())) {
      radioOf(probe, flow.from).send(id, flow.link, CLASSES.normal, packet);
    }
    await place.wait(PUMP_EVERY_MS, () => ties.lost.length > 0, probe.signal);
  }
  if (ties.lost.length > 0) return ties.lost.join(", ");
  const all = await within(probe, DRAIN_WITHIN_MS, () => isSettled(load) && isKept(load));
  if (!all) return "packets were not settled, or were called sent and did not arrive";
  const poor = load.flows.find(({ packets }) => !packets.some(({ outcome }) => outcome?.type === "sent"));
  return poor === undefined ? undefined : `no packet came from ${poor.from} to ${poor.to}`;
};

const STEPS: readonly (readonly [string, Step])[] = Object.freeze([
  ["all three are up", beUp],
  ["it takes the role dual", takeRoles],
  ["it advertises and scans at once", look],
  ["it is linked as server and as client at once", link],
  ["packets pass on both links in both directions", exchange],
] as const);

function lookAround(probe: Probe, on: boolean): void {
  const { subject, server, client } = probe.who;
  const advert = { version: 1, flags: 0, kiosk: new Uint8Array(4), component: new Uint8Array(4) };
  for (const radio of [subject, server]) {
    radioOf(probe, radio.name).order({ type: "advertise", on, intervalMs: ADVERT_MS, advert });
  }
  for (const radio of [subject, client]) {
    radioOf(probe, radio.name).order({ type: "scan", on, intervalMs: SCAN_MS, windowMs: SCAN_MS });
  }
}

function onTold(probe: Probe, name: string, told: Told): void {
  const { load, place, radios } = probe;
  onTieTold(probe.ties, name, told);
  if (told.type === "settled" && load !== undefined) onSettled(load, name, told.id, told.outcome, place.now());
  else if (told.type === "arrived" && load !== undefined) onArrived(load, name, told.link, told.packet, place.now());
  else if (told.type !== "news") return;
  else if (told.report.type === "linkDown" && load !== undefined) onLinkDown(load, name, told.report.link);
  else if (told.report.type === "fault" && told.report.code === FAULT_CODES["the board has no such role"]) {
    probe.refused ||= name === probe.who.subject.name;
  } else if (told.report.type === "discovered") {
    const { peer } = told.report;
    for (const [other, radio] of radios) if (isAt(radio.hello(), peer)) probe.heard.add(`${name} ${other}`);
  }
}

const isAt = (hello: Hello | undefined, { kind, address }: Hello["address"]): boolean =>
  hello?.address.kind === kind && hello.address.address.every((byte, at) => byte === address[at]);

const within = (probe: Probe, ms: number, done: () => boolean): Promise<boolean> =>
  probe.place.wait(ms * probe.timeoutFactor, done, probe.signal);

function radioOf(probe: Pick<Probe, "radios">, name: string): BenchRadio {
  const radio = probe.radios.get(name);
  if (radio === undefined) throw new Error(`the probe has opened ${name}`);
  return radio;
}
