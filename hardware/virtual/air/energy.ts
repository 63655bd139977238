/** How long a battery lasts, from currents and what the radio does; and the same in words with every input, because a figure
 * without its inputs is a promise. */
import type { PowerFacts } from "../../boards/board.ts";

export interface Duties {
  readonly links: number;
  readonly intervalMs: number;
  /** Shares of time. */
  readonly scan: number;
  readonly cpu: number;
  readonly packetsPerSecond: number;
}

export interface Battery {
  readonly milliampHours: number;
  /** Share that is there before the voltage is too low. */
  readonly usable: number;
}

export const meanMilliamps = (power: PowerFacts, duties: Duties): number =>
  power.baseMilliamps +
  (duties.links * power.eventMicrocoulombs) / duties.intervalMs +
  power.scanMilliamps * duties.scan +
  power.cpuMilliamps * duties.cpu +
  power.packetMillicoulombs * duties.packetsPerSecond;

export const hours = (battery: Battery, milliamps: number): number =>
  (battery.milliampHours * battery.usable) / milliamps;

/** A host on a battery of lithium cells behind a converter. */
export interface HostSupply {
  readonly milliampHours: number;
  readonly volts: number;
  readonly efficiency: number;
}

export const wattHours = (supply: HostSupply): number =>
  (supply.milliampHours / 1000) * supply.volts * supply.efficiency;

/** What a kiosk may draw, host and radios, to last so long. */
export const wattsFor = (supply: HostSupply, lastsHours: number): number => wattHours(supply) / lastsHours;

export function describeBattery(board: string, power: PowerFacts, duties: Duties, battery: Battery): string {
  const milliamps = meanMilliamps(power, duties);
  const linked = (duties.links * power.eventMicrocoulombs) / duties.intervalMs;
  return [
    `${board}: ${hours(battery, milliamps).toFixed(1)} h at ${milliamps.toFixed(3)} mA`,
    `  battery ${battery.milliampHours} mAh, of which ${percent(battery.usable)} usable`,
    `  base ${power.baseMilliamps} mA`,
    `  links ${duties.links} x ${power.eventMicrocoulombs} uC / ${duties.intervalMs} ms = ${linked.toFixed(3)} mA`,
    `  scan ${percent(duties.scan)} x ${power.scanMilliamps} mA = ${(duties.scan * power.scanMilliamps).toFixed(3)} mA`,
    `  cpu ${percent(duties.cpu)} x ${power.cpuMilliamps} mA = ${(duties.cpu * power.cpuMilliamps).toFixed(3)} mA`,
    `  packets ${duties.packetsPerSecond}/s x ${power.packetMillicoulombs} mC = ${(duties.packetsPerSecond * power.packetMillicoulombs).toFixed(3)} mA`,
  ].join("\n");
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
