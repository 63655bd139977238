/** Radios as a kiosk's links: drivers below, secured links above. How much a radio is given at a time is the mesh's affair. */
import { randomBytes } from "node:crypto";
import type { LogLevel } from "../../protocol/link/events.ts";
import type { Board } from "../../protocol/message/boards.ts";
import type { PowerState } from "../../protocol/power/rules.ts";
import { noise } from "../crypto/noise.ts";
import type { PeerName } from "../mesh/peer-name.ts";
import type { Part } from "../mesh/topology/part.ts";
import type { Role } from "../mesh/topology/radios.ts";
import { type Device, deviceText } from "../radio/device-url.ts";
import type { Order } from "../radio/events.ts";
import { type DriverOptions, type RunningDriver, runDriver, type Told } from "../radio/run-driver.ts";
import { watchDevices } from "../radio/watch-devices.ts";
import type { BareListener, BareTransport, OpenBareTransport } from "./bare-transport.ts";
import { boardAs } from "./boards.ts";
import type { NodeClock } from "./clock.ts";
import { BLINK_SECONDS, RENAME_LOOK_MAX_MS } from "./limits.ts";
import { type LinkHealth, noteHealth, type RadioHealth, radioHealth } from "./radio-health.ts";
import { nextDeadline, step } from "./radio-links.ts";
import { findLink, type RadioLinksEffect, type RadioLinksEvent, radioLinks } from "./radio-links-state.ts";
import { meet, tableNames } from "./radio-names.ts";
import type { LinkName } from "./transport.ts";

export interface RadioTransportOptions extends Pick<DriverOptions, "clock" | "ports" | "board" | "testsWire" | "seed"> {
  readonly me: number;
  /** Of everyone who may be met, by public key. */
  readonly identities: readonly Uint8Array[];
  /** The table's key for adverts. */
  readonly advertsKey: Uint8Array;
  readonly radios: readonly { readonly device: Device; readonly role: Role }[];
  readonly times: NodeClock;
  /** 32 bytes that nobody can guess. */
  readonly own?: Uint8Array;
  /** A radio's own log, line by line. */
  readonly onLogged?: (device: Device, level: LogLevel, text: string) => void;
}

export interface RadioReport extends Readonly<Omit<RadioHealth, "links">> {
  readonly device: Device;
  readonly role: Role;
  readonly linkCount: number;
  /** Those of which it has told anything. */
  readonly links: readonly ({ readonly name: LinkName } & LinkHealth)[];
}

export interface RadioTally {
  /** What became of packets: the neighbour's host has it, has it not, may have it. */
  sent: number;
  dropped: number;
  unknown: number;
}

export interface Radios {
  readonly open: OpenBareTransport;
  readonly reports: () => readonly RadioReport[];
  /** What they can do in the roles that they run in; undefined until each was up once. */
  readonly boards: () => readonly Board[] | undefined;
  /** Of who may be met from now on, by public key: members that came later. */
  readonly know: (identities: readonly Uint8Array[]) => void;
  readonly tally: RadioTally;
  /** Of all of them, from now on. */
  readonly setPower: (power: PowerState) => void;
  /** They tell them in the next reports. */
  readonly askCounters: () => void;
  /** By its device, as text: it blinks so that a person finds it, or starts anew. False: there is none. */
  readonly point: (device: string, wanted: "identify" | "restart") => boolean;
  /** Whether people are bringing this kiosk and another together. */
  readonly pair: (isOn: boolean) => void;
  /** What the map says, and whom to open links to where there is a plan. */
  readonly view: (part: Part, planned: readonly PeerName[] | undefined) => void;
}

export function radios(options: RadioTransportOptions): Radios {
  const { me, identities, advertsKey, radios, times, own, ...shared } = options;
  const names = tableNames({
    ...{ me, identities, key: advertsKey, own: own ?? new Uint8Array(randomBytes(32)), ports: noise },
  });
  const both = () => ({ at: times.now(), wallMs: times.wallMs() });
  const roles = radios.map(({ role }) => role);
  const state = radioLinks(names, roles, both(), shared.seed ?? randomBytes(6).readUIntBE(0, 6));
  const known = radios.map(radioHealth);
  const tally: RadioTally = { sent: 0, dropped: 0, unknown: 0 };
  /** Of packets whose sender wants to know. */
  const tokens = new Map<number, number>();
  const drivers: RunningDriver[] = [];
  let listener: BareListener | undefined;
  let nextId = 1;
  let power: PowerState | undefined;

  const perform = (effect: RadioLinksEffect): void => {
    if (effect.type === "order") drivers[effect.radio]?.order(effect.order);
    else if (effect.type === "up") listener?.onUp(effect.link.name, effect.link);
    else listener?.onDown(effect.link.name);
  };
  const feed = (event: RadioLinksEvent): void => {
    const effects: RadioLinksEffect[] = [];
    step(state, event, both(), effects);
    for (const effect of effects) perform(effect);
  };

  const onTold = (radio: number, told: Told): void => {
    noteHealth(known[radio], told, times.now());
    if (told.type === "logged") options.onLogged?.(radios[radio].device, told.level, told.text);
    if (told.type === "state" || told.type === "tested" || told.type === "logged") return;
    if (told.type === "settled") onSettled(told.id, told.outcome.type);
    else if (told.type === "arrived") {
      const link = state.radios[radio].links.find(({ generation }) => generation === told.link);
      // The bytes are the driver's.
      if (link !== undefined) listener?.onPacket(link.name, new Uint8Array(told.packet));
    } else feed({ type: "told", radio, said: told });
    // One that began anew has forgotten it.
    if (power !== undefined && told.type === "news" && told.report.type === "ready") {
      drivers[radio].order({ type: "power", state: power });
    }
  };

  const onSettled = (id: number, outcome: "sent" | "dropped" | "unknown"): void => {
    tally[outcome] += 1;
    const token = tokens.get(id);
    if (token === undefined) return;
    tokens.delete(id);
    listener?.onSettled(token, outcome);
  };

  const open: OpenBareTransport = (given): BareTransport => {
    listener = given;
    let callOff: () => void = () => {};
    /** The date may be set meanwhile: it is looked at now and then. */
    const look = (): void => {
      feed({ type: "tick" });
      const ms = Math.max(0, nextDeadline(state) - times.wallMs());
      callOff = times.after(Math.min(RENAME_LOOK_MAX_MS, ms), look);
    };
    // A driver may speak before its name is known here.
    const early: (() => void)[] = [];
    let areKnown = false;
    for (const [radio, { device }] of radios.entries()) {
      const on = (told: Told): void => {
        if (areKnown) onTold(radio, told);
        else early.push(() => onTold(radio, told));
      };
      drivers.push(runDriver({ ...shared, device, on }));
    }
    areKnown = true;
    for (const run of early) run();
    look();
    const stopWatching = watched(radios, shared, () => {
      for (const driver of drivers) driver.look();
    });
    return {
      send(name, packetClass, packet, token) {
        const link = findLink(state, name);
        if (link === undefined) return;
        if (token !== undefined) tokens.set(nextId, token);
        drivers[link.radio].send(nextId++, link.generation, packetClass, packet);
      },
      drop: (name) => feed({ type: "drop", link: name }),
      proved: (name, key) => feed({ type: "proved", link: name, key }),
      close() {
        callOff();
        stopWatching();
        listener = undefined;
        for (const driver of drivers.splice(0)) driver.close();
      },
    };
  };

  return {
    ...{ open, tally },
    boards: () =>
      state.radios.every(({ linksMax }) => linksMax > 0)
        ? state.radios.map(({ role, linksMax }) => boardAs(role, linksMax))
        : undefined,
    know(identities) {
      for (const identity of identities) meet(names, identity);
    },
    reports: () =>
      radios.map(({ device, role }, at) => ({
        ...{ device, role, ...known[at], linkCount: state.radios[at].links.length },
        links: state.radios[at].links.flatMap(({ name, generation }) => {
          const health = known[at].links.get(generation);
          return health === undefined ? [] : [{ name, ...health }];
        }),
      })),
    setPower(state) {
      power = state;
      for (const driver of drivers) driver.order({ type: "power", state });
    },
    askCounters() {
      for (const driver of drivers) driver.order({ type: "counters" });
    },
    point(device, wanted) {
      const at = radios.findIndex((radio) => deviceText(radio.device) === device);
      const order: Order =
        wanted === "identify" ? { type: "identify", seconds: BLINK_SECONDS } : { type: "restart", into: "normal" };
      drivers[at]?.order(order);
      return drivers[at] !== undefined;
    },
    pair(isOn) {
      if (isOn !== state.isPairing) feed({ type: "pairing", isOn });
    },
    view: (part, planned) => feed({ type: "view", part, planned }),
  };
}

/** What comes behind other ports than the system's is not told by it. */
function watched(
  radios: RadioTransportOptions["radios"],
  { ports, clock }: Pick<RadioTransportOptions, "ports" | "clock">,
  onChange: () => void,
): () => void {
  const devices = radios.map(({ device }) => device).filter(({ type }) => type === "serial");
  if (ports !== undefined || devices.length === 0) return () => {};
  return watchDevices(onChange, { devices, ...(clock === undefined ? {} : { clock }) });
}
