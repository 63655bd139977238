/** What a radio counts beside its serial link and its outbox. One report carries all three: the link's counters in the order
 * of `LINK`, the outbox's in the order of `AIR`, then these in the order of `OWN`. New ones go to the end. */
import { assert } from "../../protocol/core/assert.ts";
import { COUNTERS_MAX } from "../../protocol/core/limits.ts";
import type { LinkCounters } from "../../protocol/link/state.ts";
import type { OutboxCounters } from "../../protocol/packet/events.ts";

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
}

export const counters = (): Counters => {
  const zeros: { [name: string]: number } = {};
  for (let i = 0; i < OWN.length; i++) zeros[OWN[i]] = 0;
  return zeros as unknown as Counters;
};

/** The values of the counters report. */
export function counterValues(link: LinkCounters, air: OutboxCounters, own: Counters): number[] {
  const values: number[] = [];
  for (let i = 0; i < LINK.length; i++) values.push(link[LINK[i]]);
  for (let i = 0; i < AIR.length; i++) values.push(air[AIR[i]]);
  for (let i = 0; i < OWN.length; i++) values.push(own[OWN[i]]);
  return values;
}

const LINK = Object.freeze([
  ...["framesIn", "framesOut", "bytesIn", "bytesOut", "packetsIn", "packetsOut", "damaged", "malformed", "misframed"],
  ...["unexpected", "repeated", "gaps", "resent", "timeouts", "resets", "lost", "overlong", "refused", "logsDropped"],
  ...["rebased", "starved"],
] as (keyof LinkCounters)[]);

const AIR = Object.freeze([
  ...["transmitted", "repeated", "lost", "sent", "dropped", "unknown", "refused", "rescued", "delivered", "stale"],
  ...["malformed", "outsideWindow", "outOfOrder", "contradictory", "withoutRoom", "falselyAcknowledged", "duplicates"],
] as (keyof OutboxCounters)[]);

const OWN = Object.freeze([
  ...["sessions", "sessionsVoided", "hostsUnfit", "commandsVoided", "sendsVoided", "reportsVoided"],
  ...["commandsMalformed", "commandsStale", "commandsRefused"],
  ...["discoveredDropped", "qualityDropped", "batteryDropped", "countersDropped", "faultsDropped"],
  ...["linksUp", "linksNotKept", "linksRefused", "airStale"],
  ...["advertsMalformed", "advertsSuppressed", "advertsBarred", "connectionsBarred"],
  ...["valuesMalformed", "valuesTiming", "peersBarred", "barsRefused"],
] as (keyof Counters)[]);

/** What a reader of the report calls each value. */
export const COUNTER_NAMES: readonly string[] = Object.freeze([
  ...LINK.map((name) => `serial.${name}`),
  ...AIR.map((name) => `air.${name}`),
  ...OWN,
]);

assert(COUNTER_NAMES.length <= COUNTERS_MAX, "one report carries every counter");
