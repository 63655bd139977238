/** Opens whatever a device URL names. */
import { type Clock, realClock } from "../../hardware/virtual/fronts/clock.ts";
import { deviceText } from "./device-url.ts";
import type { OpenPort } from "./port.ts";
import { serialPorts } from "./serial-port.ts";
import { socketPorts } from "./socket-port.ts";

/** `virtual`: the radios of this process, where it has any. */
export function openPorts(clock: Clock = realClock, virtual: OpenPort = nowhere): OpenPort {
  const serial = serialPorts(clock);
  const socket = socketPorts(clock);
  return (device, options, listener) => {
    switch (device.type) {
      case "serial":
        return serial(device, options, listener);
      case "tcp":
      case "unix":
        return socket(device, options, listener);
      case "virtual":
        return virtual(device, options, listener);
    }
  };
}

const nowhere: OpenPort = async (device) => ({
  ok: false,
  problem: {
    kind: "missing",
    message: `opening ${deviceText(device)}: this process has no virtual radios`,
    next: "`hardway virtual` serves some; use the unix: paths that it prints.",
  },
});
