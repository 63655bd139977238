/** Radios as a kiosk's links: drivers below, the loop above, and between them a short line for each link. What a radio is given
 * is beyond recall, so it is given little; what waits for long gives way to what was said since. */
import { randomBytes } from "node:crypto";
import { CLASS_COUNT } from "../../protocol/core/limits.ts";
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import { COUNTER_NAMES } from "../../protocol/radio/counter-names.ts";
import { noise } from "../crypto/noise.ts";
import type { Device } from "../radio/device-url.ts";
import { type DriverOptions, type RunningDriver, runDriver, type Told } from "../radio/run-driver.ts";
import type { BareTransport, OpenBareTransport } from "./bare-transport.ts";
import { type NodeClock, nodeClock } from "./clock.ts";
import { LINK_SENDS_MAX, LINK_WAITING_MAX, RENAME_LOOK_MAX_MS } from "./limits.ts";
import type { RadioPlan } from "./mesh-plan.ts";
import {
  findLink,
  nextDeadline,
  type RadioLink,
  type RadioLinksEffect,
  type RadioLinksEvent,
  radioLinks,
  step,
} from "./radio-links.ts";
import { tableNames } from "./radio-names.ts";

export interface RadioTransportOptions extends Omit<DriverOptions, "device" | "on" | "clock"> {
  readonly me: number;
  /** By kiosk, its public key. */
  readonly identities: readonly Uint8Array[];
  /** The table's key for adverts. */
  readonly advertsKey: Uint8Array;
  readonly plans: readonly RadioPlan[];
  /** One for each of the plans. */
  readonly devices: readonly Device[];
}

export interface RadioReport {
  readonly board: string;
  /** Plain words: what is awaited or wrong, or that it is up. */
  readonly words: string;
  /** The radio's own, by name, as of its last report of them. */
  readonly counters: { readonly [name: string]: number };
}

export interface RadioTally {
  /** What became of packets: the neighbour's host has it, has it not, may have it. */
  sent: number;
  dropped: number;
  unknown: number;
  /** What gave way before a radio had it. */
  overtaken: number;
}

export interface Radios {
  readonly open: OpenBareTransport;
  readonly reports: RadioReport[];
  readonly tally: RadioTally;
  /** They tell them in the next reports. */
  readonly askCounters: () => void;
}

interface Line {
  readonly waiting: Uint8Array[][];
  underWay: number;
}

export function radios(options: RadioTransportOptions, clock: NodeClock = nodeClock): Radios {
  const { me, identities, advertsKey, plans, devices, ...shared } = options;
  const own = new Uint8Array(randomBytes(32));
  const names = tableNames({ me, identities, key: advertsKey, own, ports: noise });
  const state = radioLinks(names, plans, clock.wallMs());
  const reports = devices.map((): RadioReport => ({ board: "", words: "", counters: {} }));
  const tally: RadioTally = { sent: 0, dropped: 0, unknown: 0, overtaken: 0 };
  const lines = new Map<number, Line>();
  /** Whose each packet is, until it is settled. */
  const underWay = new Map<number, number>();
  const drivers: RunningDriver[] = [];
  let nextId = 1;

  const open: OpenBareTransport = (listener): BareTransport => {
    let callOff: () => void = () => {};
    const perform = (effect: RadioLinksEffect): void => {
      switch (effect.type) {
        case "order":
          drivers[effect.radio]?.order(effect.order);
          break;
        case "up":
          lines.set(effect.link.name, { waiting: [...Array(CLASS_COUNT)].map(() => []), underWay: 0 });
          listener.onUp(effect.link.name, effect.link);
          break;
        case "down":
          lines.delete(effect.link.name);
          listener.onDown(effect.link.name);
      }
    };
    const feed = (event: RadioLinksEvent): void => {
      const effects: RadioLinksEffect[] = [];
      step(state, event, clock.wallMs(), effects);
      for (const effect of effects) perform(effect);
    };
    /** The date may be set meanwhile: it is looked at now and then. */
    const look = (): void => {
      feed({ type: "tick" });
      const ms = Math.max(0, nextDeadline(state) - clock.wallMs());
      callOff = clock.after(Math.min(RENAME_LOOK_MAX_MS, ms), look);
    };
    const onTold = (radio: number, told: Told): void => {
      note(radio, told);
      if (told.type === "state" || told.type === "tested") return;
      if (told.type === "settled") onSettled(told.id, told.outcome.type);
      else if (told.type === "arrived") {
        const link = state.radios[radio].links.find(({ generation }) => generation === told.link);
        // The bytes are the driver's.
        if (link !== undefined) listener.onPacket(link.name, new Uint8Array(told.packet));
      }
      feed({ type: "told", radio, said: told });
    };
    look();
    for (const [radio, device] of devices.entries()) {
      // Later, because a driver may speak before its name is known here.
      drivers.push(runDriver({ ...shared, device, on: (told) => setImmediate(() => onTold(radio, told)) }));
    }
    return {
      send(name, packetClass, packet) {
        const line = lines.get(name);
        const link = findLink(state, name);
        if (line === undefined || link === undefined) return;
        const waiting = line.waiting[packetClass];
        if (waiting.length === LINK_WAITING_MAX) {
          waiting.shift();
          tally.overtaken += 1;
        }
        waiting.push(packet);
        drain(link, line);
      },
      drop: (name) => feed({ type: "drop", link: name }),
      close() {
        callOff();
        for (const driver of drivers.splice(0)) driver.close();
      },
    };
  };

  const drain = (link: RadioLink, line: Line): void => {
    for (let packetClass = 0; packetClass < CLASS_COUNT; packetClass++) {
      while (line.underWay < LINK_SENDS_MAX) {
        const packet = line.waiting[packetClass].shift();
        if (packet === undefined) break;
        line.underWay += 1;
        underWay.set(nextId, link.name);
        drivers[link.radio].send(nextId++, link.generation, packetClass as PacketClass, packet);
      }
    }
  };

  const onSettled = (id: number, outcome: "sent" | "dropped" | "unknown"): void => {
    tally[outcome] += 1;
    const name = underWay.get(id);
    underWay.delete(id);
    const line = name === undefined ? undefined : lines.get(name);
    const link = name === undefined ? undefined : findLink(state, name);
    if (line === undefined || link === undefined) return;
    line.underWay -= 1;
    drain(link, line);
  };

  const note = (radio: number, told: Told): void => {
    const report = reports[radio];
    if (told.type === "state") reports[radio] = { ...report, words: told.state.words };
    else if (told.type === "up") reports[radio] = { ...report, board: told.hello.board };
    else if (told.type === "news" && told.report.type === "counters") {
      const { values } = told.report;
      const counters = Object.fromEntries(COUNTER_NAMES.map((name, i) => [name, values[i] ?? 0]));
      reports[radio] = { ...report, counters };
    }
  };

  return {
    ...{ open, reports, tally },
    askCounters() {
      for (const driver of drivers) driver.order({ type: "counters" });
    },
  };
}
