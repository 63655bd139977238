/** What must hold of an exchange, whatever happened to wires, boards and links: each packet given ends exactly once; what is
 * *sent* has arrived; what was *dropped* has not; nothing arrives twice; within a class the order holds. */
import type { Outcome } from "../../host/radio/events.ts";
import { classOf, numberOf } from "./numbered.ts";

export interface Account {
  readonly party: number;
  readonly given: Set<number>;
  readonly ends: Map<number, Outcome["type"]>;
  readonly arrived: Set<number>;
  /** The last number of each class that arrived at the other party. */
  readonly last: number[];
  /** Breaches, in words. */
  readonly wrong: string[];
}

export const account = (party: number): Account => ({
  party,
  given: new Set(),
  ends: new Map(),
  arrived: new Set(),
  last: [-1, -1, -1],
  wrong: [],
});

export function give(of: Account, number: number): void {
  of.given.add(number);
}

export function settle(of: Account, number: number, outcome: Outcome["type"]): void {
  if (!of.given.has(number)) of.wrong.push(`packet ${number} ended and was never given`);
  if (of.ends.has(number)) of.wrong.push(`packet ${number} ended twice: ${of.ends.get(number)}, then ${outcome}`);
  of.ends.set(number, outcome);
}

/** At the other party, in its order of arrival. */
export function arrive(of: Account, packetClass: number, packet: Uint8Array): number | undefined {
  const number = numberOf(of.party, packet, of.last[packetClass]);
  if (number === undefined || classOf(number) !== packetClass) {
    of.wrong.push(`${packet.length} B of class ${packetClass} arrived that nobody sent, twice, or out of order`);
    return undefined;
  }
  onArrival(of, number);
  return number;
}

export function onArrival(of: Account, number: number): void {
  if (of.arrived.has(number)) of.wrong.push(`packet ${number} arrived twice`);
  if (number <= of.last[classOf(number)]) of.wrong.push(`packet ${number} arrived after its successor`);
  of.last[classOf(number)] = number;
  of.arrived.add(number);
}

export interface Sums {
  readonly sent: number;
  readonly dropped: number;
  readonly unknown: number;
  readonly arrived: number;
}

/** Adds to `wrong` what is wrong with those that have ended. */
export function check(of: Account): Sums {
  const sums = { sent: 0, dropped: 0, unknown: 0, arrived: of.arrived.size };
  for (const [number, end] of of.ends) {
    sums[end] += 1;
    if (end === "sent" && !of.arrived.has(number)) of.wrong.push(`packet ${number} is called sent and never arrived`);
    if (end === "dropped" && of.arrived.has(number)) of.wrong.push(`packet ${number} is called dropped and arrived`);
  }
  return sums;
}

/** And what only the end can tell. */
export function close(of: Account): Sums {
  for (const number of of.given) if (!of.ends.has(number)) of.wrong.push(`packet ${number} never ended`);
  return check(of);
}
