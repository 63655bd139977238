/** Devices as a person names them: given, or the ports that discovery finds. */
import { type Device, parseDevice } from "../../radio/device-url.ts";
import { discover, type FoundPort } from "../../radio/discovery.ts";
import { UsageError } from "../command.ts";

export function deviceOf(text: string): Device {
  const parsed = parseDevice(text);
  if (!parsed.ok) throw new UsageError(parsed.why);
  return parsed.device;
}

/** A bridge's port, not the host's own UART, which may be a console. */
export const radioPorts = (): FoundPort[] => discover().filter(({ isOwn }) => !isOwn);

export const NO_PORTS = "No serial port of a radio is here. Plug one in with a cable that has data wires.";

/** Those that were named, or all that may be a radio. */
export function devicesOf(operands: readonly string[]): readonly Device[] {
  if (operands.length > 0) return operands.map(deviceOf);
  return radioPorts().map(({ path }): Device => ({ type: "serial", path }));
}
