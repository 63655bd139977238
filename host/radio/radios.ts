/** The radios of one host: a driver each, told apart by their devices. What one of them does, or fails to do, is nothing to
 * the others. */
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import type { LinkGeneration } from "../../protocol/core/units.ts";
import { type Device, deviceText } from "./device-url.ts";
import type { RadioState } from "./driver-events.ts";
import type { Order } from "./events.ts";
import { type DriverOptions, type RunningDriver, runDriver, type Told } from "./run-driver.ts";
import { watchDevices } from "./watch-devices.ts";

export interface Radios {
  /** False: it is there already. */
  readonly add: (device: Device) => boolean;
  readonly remove: (radio: string) => void;
  /** All three answer false for a radio that is not there. */
  readonly order: (radio: string, order: Order) => boolean;
  readonly send: (
    radio: string,
    id: number,
    link: LinkGeneration,
    packetClass: PacketClass,
    packet: Uint8Array,
  ) => boolean;
  /** The last that each said of itself, by device. */
  readonly states: ReadonlyMap<string, RadioState>;
  readonly close: () => void;
}

export interface RadiosOptions extends Omit<DriverOptions, "device" | "on"> {
  /** `radio`: its device, as text. */
  readonly on: (radio: string, said: Told) => void;
  /** Whether devices that come and go are noticed at once; without it, when they are tried next. */
  readonly watches?: boolean;
}

export function runRadios(options: RadiosOptions): Radios {
  const { on, watches = true, ...shared } = options;
  const drivers = new Map<string, RunningDriver>();
  const states = new Map<string, RadioState>();
  const look = (): void => {
    for (const running of drivers.values()) running.look();
  };
  const stopWatching = watches ? watchDevices(look) : () => {};
  const remove = (radio: string): void => {
    drivers.get(radio)?.close();
    drivers.delete(radio);
    states.delete(radio);
  };
  return {
    states,
    remove,
    add(device) {
      const radio = deviceText(device);
      if (drivers.has(radio)) return false;
      const running = runDriver({
        ...shared,
        device,
        on(said) {
          if (said.type === "state") states.set(radio, said.state);
          on(radio, said);
        },
      });
      drivers.set(radio, running);
      return true;
    },
    order(radio, order) {
      drivers.get(radio)?.order(order);
      return drivers.has(radio);
    },
    send(radio, id, link, packetClass, packet) {
      drivers.get(radio)?.send(id, link, packetClass, packet);
      return drivers.has(radio);
    },
    close() {
      stopWatching();
      for (const radio of [...drivers.keys()]) remove(radio);
    },
  };
}
