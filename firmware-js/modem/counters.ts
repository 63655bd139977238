/** What a radio counts beside its serial link and its outbox. One report carries all three. */
import type { LinkCounters } from "../../protocol/link/state.ts";
import type { OutboxCounters } from "../../protocol/packet/events.ts";
import { AIR_COUNTERS, OWN_COUNTERS, SERIAL_COUNTERS } from "../../protocol/radio/counter-names.ts";

export interface Counters {
  /** Openings of the serial link; those that the radio ended because its reports found no room; hosts of another major
   * version, or that cannot take a radio's packets. */
  sessions: number;
  sessionsVoided: number;
  hostsUnfit: number;
  /** What a session's end took with it: commands not yet obeyed, sends not yet told, other reports. */
  commandsVoided: number;
  sendsVoided: number;
  reportsVoided: number;
  /** Commands that were no command, that spoke of links that are gone, or that were answered by a fault. */
  commandsMalformed: number;
  commandsStale: number;
  commandsRefused: number;
  /** Reports that found no room, a kind. */
  discoveredDropped: number;
  qualityDropped: number;
  batteryDropped: number;
  countersDropped: number;
  faultsDropped: number;
  linksUp: number;
  linksNotKept: number;
  /** Connections ended at once: without a host, beyond the board's links, not ordered. */
  linksRefused: number;
  /** Events of the stack about connections that are no more. */
  airStale: number;
  advertsMalformed: number;
  /** More of the same, or more than the host would read. */
  advertsSuppressed: number;
  advertsBarred: number;
  connectionsBarred: number;
  /** Values that broke the rules, a kind, and the peers barred for it. */
  valuesMalformed: number;
  valuesTiming: number;
  peersBarred: number;
  /** Bars, by the host or the radio, that found their table full. */
  barsRefused: number;
  echoesDropped: number;
  /** Faster rates of the serial line that were given up because no host was heard at them. */
  ratesLeft: number;
}

export const counters = (): Counters => {
  const zeros: { [name: string]: number } = {};
  for (let i = 0; i < OWN_COUNTERS.length; i++) zeros[OWN_COUNTERS[i]] = 0;
  return zeros as unknown as Counters;
};

/** The values of the counters report. */
export function counterValues(link: LinkCounters, air: OutboxCounters, own: Counters): number[] {
  const values: number[] = [];
  for (let i = 0; i < SERIAL_COUNTERS.length; i++) values.push(link[SERIAL_COUNTERS[i]]);
  for (let i = 0; i < AIR_COUNTERS.length; i++) values.push(air[AIR_COUNTERS[i]]);
  for (let i = 0; i < OWN_COUNTERS.length; i++) values.push(own[OWN_COUNTERS[i]]);
  return values;
}
