/** The values of a counters report, in their order: the serial link's, the outbox's, then the radio's own. New ones go to the
 * end of the radio's own. */
import { assert } from "../core/assert.ts";
import { COUNTERS_MAX } from "../core/limits.ts";

export const SERIAL_COUNTERS = Object.freeze([
  ...(["framesIn", "framesOut", "bytesIn", "bytesOut", "packetsIn", "packetsOut", "damaged", "malformed"] as const),
  ...(["misframed", "unexpected", "repeated", "gaps", "resent", "timeouts", "resets", "lost", "overlong"] as const),
  ...(["refused", "logsDropped", "rebased", "starved"] as const),
]);

export const AIR_COUNTERS = Object.freeze([
  ...(["transmitted", "repeated", "lost", "sent", "dropped", "unknown", "refused", "rescued", "delivered"] as const),
  ...(["stale", "malformed", "outsideWindow", "outOfOrder", "contradictory", "withoutRoom"] as const),
  ...(["falselyAcknowledged", "duplicates"] as const),
]);

export const OWN_COUNTERS = Object.freeze([
  ...(["sessions", "sessionsVoided", "hostsUnfit", "commandsVoided", "sendsVoided", "reportsVoided"] as const),
  ...(["commandsMalformed", "commandsStale", "commandsRefused"] as const),
  ...(["discoveredDropped", "qualityDropped", "batteryDropped", "countersDropped", "faultsDropped"] as const),
  ...(["linksUp", "linksNotKept", "linksRefused", "airStale"] as const),
  ...(["advertsMalformed", "advertsSuppressed", "advertsBarred", "connectionsBarred"] as const),
  ...(["valuesMalformed", "valuesTiming", "peersBarred", "barsRefused"] as const),
  ...(["echoesDropped", "ratesLeft"] as const),
]);

/** What a reader of the report calls each value. */
export const COUNTER_NAMES: readonly string[] = Object.freeze([
  ...SERIAL_COUNTERS.map((name) => `serial.${name}`),
  ...AIR_COUNTERS.map((name) => `air.${name}`),
  ...OWN_COUNTERS,
]);

assert(COUNTER_NAMES.length <= COUNTERS_MAX, "one report carries every counter");
