/** Brings the radios of a point to where its measurement begins: power, rate, role, attenuation, links. */
import { attenuated } from "./edges.ts";
import { attenuate, cyclePower, type Done } from "./hands.ts";
import { BAUD_WITHIN_MS, LINK_WITHIN_MS, READY_WITHIN_MS, UP_WITHIN_MS } from "./limits.ts";
import { type Fault, fault, interrupted, isInterrupted, type Run, radioOf, within } from "./run.ts";
import { isTied } from "./ties.ts";

/** Off any multiple of the adverts' interval, at which two clocks can miss each other for long. */
const ADVERT_MS = 100;
const SCAN_MS = 60;

type Step = (run: Run) => Promise<Fault | undefined>;

export async function prepare(run: Run): Promise<Fault | undefined> {
  for (const step of STEPS) {
    const stopped = await step(run);
    if (isInterrupted(run)) return interrupted("prepare");
    if (stopped !== undefined) return stopped;
  }
  return undefined;
}

const cycle: Step = async (run) => {
  if (!run.powerCycle) return undefined;
  for (const radio of run.members.filter(({ power }) => power !== "none")) {
    const done = await cyclePower(radio, run.ports);
    if (!done.ok) return notDone(done);
  }
  return undefined;
};

const beUp: Step = async (run) => {
  const isUp = (name: string) => radioOf(run, name).hello() !== undefined;
  await within(run, UP_WITHIN_MS, () => run.members.every(({ name }) => isUp(name)));
  const down = run.members.find(({ name }) => !isUp(name));
  if (down === undefined) return undefined;
  const why = `${down.name} is not up: ${radioOf(run, down.name).words()}`;
  return fault("prepare", why, `Run: hardway doctor ${down.device}`);
};

const takeRate: Step = async (run) => {
  const { baud } = run.point;
  if (baud === undefined) return undefined;
  for (const { name } of run.members) {
    const radio = radioOf(run, name);
    if (radio.baud() === undefined) {
      return fault("prepare", `${name} is on a port without a rate`, "Leave bauds out of the plan.", "skipped");
    }
    if (radio.baud() !== baud) radio.order({ type: "baud", baud });
  }
  const isThere = (name: string) => radioOf(run, name).hello() !== undefined && radioOf(run, name).baud() === baud;
  await within(run, BAUD_WITHIN_MS, () => run.members.every(({ name }) => isThere(name)));
  const left = run.members.find(({ name }) => !isThere(name));
  if (left === undefined) return undefined;
  const why = `${left.name} did not come up at ${baud} baud`;
  return fault("prepare", why, "Try a shorter cable or another adapter, or leave that rate out.");
};

const takeRoles: Step = async (run) => {
  for (const { name, role } of run.members) {
    const radio = radioOf(run, name);
    radio.order({ type: "start", role, name: name.slice(0, 12) });
    radio.order({ type: "power", state: "active" });
  }
  const { ready } = run.ties;
  await within(run, READY_WITHIN_MS, () => run.members.every(({ name }) => ready.has(name)));
  const left = run.members.find(({ name }) => !ready.has(name));
  if (left === undefined) return undefined;
  const why = `${left.name} did not take the role ${left.role}${lastFault(run)}`;
  return fault("prepare", why, "Look at its log: hardway radio monitor.");
};

const weaken: Step = async (run) => {
  const { attenuationDb } = run.point;
  if (attenuationDb === 0) return undefined;
  for (const radio of attenuated(run.edges) ?? []) {
    const done = await attenuate(radio, attenuationDb, run.ports);
    if (!done.ok) return notDone(done);
  }
  return undefined;
};

const link: Step = async (run) => {
  const { point, ties } = run;
  // A new role or rate ended what was before.
  ties.lost.length = 0;
  const advert = { version: 1, flags: 0, kiosk: new Uint8Array(4), component: new Uint8Array(4) };
  for (const { name, role } of run.members) {
    const radio = radioOf(run, name);
    if (role === "server") radio.order({ type: "advertise", on: true, intervalMs: ADVERT_MS, advert });
    else radio.order({ type: "scan", on: true, intervalMs: SCAN_MS, windowMs: SCAN_MS });
  }
  await within(run, LINK_WITHIN_MS * run.edges.length, () => ties.ties.every(isTied));
  stopLooking(run);
  const open = ties.ties.find((tie) => !isTied(tie));
  if (open === undefined) return undefined;
  const { server, client } = open.edge;
  const ended = ties.lost.at(-1);
  const why = `${client.name} did not link to ${server.name} at ${point.attenuationDb} dB${ended === undefined ? lastFault(run) : `; ${ended}`}`;
  const kind = point.attenuationDb > 0 ? "unreachable" : "failed";
  return fault("prepare", why, "Bring the two nearer, or see what each hears: hardway radio monitor.", kind);
};

export function stopLooking(run: Run): void {
  for (const { name, role } of run.members) {
    const radio = radioOf(run, name);
    const advert = { version: 1, flags: 0, kiosk: new Uint8Array(4), component: new Uint8Array(4) };
    if (role === "server") radio.order({ type: "advertise", on: false, intervalMs: ADVERT_MS, advert });
    else radio.order({ type: "scan", on: false, intervalMs: SCAN_MS, windowMs: SCAN_MS });
  }
}

const STEPS: readonly Step[] = Object.freeze([cycle, beUp, takeRate, takeRoles, weaken, link]);

const lastFault = ({ ties }: Run): string => (ties.fault === "" ? "" : `; the last fault was "${ties.fault}"`);

const notDone = ({ why, next }: Done & { ok: false }): Fault => fault("prepare", why, next);
