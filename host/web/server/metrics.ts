/** A kiosk's figures for Prometheus. What other members do is told by their place and name. */
import type { KioskView } from "../contract/view.ts";
import type { Figures } from "./figures.ts";
import { histogram, observe, SHARE_BOUNDS } from "./histogram.ts";
import type { Metric, Value } from "./prometheus-text.ts";
import { type Counts, perHour, perSecond, type Rates } from "./rates.ts";

/** What rates are taken of. */
export const countsOf = ({ consensus }: Pick<KioskView, "consensus">, figures: Figures): Counts => ({
  rounds: figures.rounds,
  operations: consensus.operations,
  viewChanges: consensus.viewChanges,
});

export interface WebFigures {
  readonly sockets: number;
  readonly pages: number;
  /** What was not done, by its reason. */
  readonly refused: { readonly [why: string]: number };
  readonly loopLagS: number;
}

type ShownView = Omit<KioskView, "alerts">;

export const metricsOf = (view: ShownView, figures: Figures, of: Rates, web: WebFigures): readonly Metric[] => [
  ...agreement(view, figures, of),
  ...members(view),
  ...air(view, figures),
  ...kiosk(view, figures, web),
];

function agreement({ consensus }: ShownView, figures: Figures, of: Rates): Metric[] {
  const { fast, slow, viewChanges, operations, waiting } = consensus;
  const { rounds, requests, batches, batchLengthMax, latency } = figures;
  return [
    counter("hardway_rounds_total", "Sequences agreed on and executed.", rounds),
    gauge("hardway_rounds_per_second", "The same over the last minute.", perSecond(of, "rounds")),
    { name: "hardway_latency_seconds", help: "From an own request to its answer.", type: "histogram", values: latency },
    gauge("hardway_latency_average_seconds", "The average of it.", share(latency.sum, latency.counts.reduce(plus, 0))),
    counter("hardway_view_changes_total", "Changes of leaders.", viewChanges),
    gauge("hardway_view_changes_per_hour", "The same over the last hour.", perHour(of, "viewChanges")),
    many("hardway_decided_total", "Sequences decided, by the votes of all or by commits.", "counter", [
      { labels: { path: "fast" }, value: fast },
      { labels: { path: "slow" }, value: slow },
    ]),
    gauge("hardway_fast_path_ratio", "Of decided sequences, those by the votes of all.", share(fast, fast + slow)),
    counter("hardway_batches_total", "Batches executed.", batches),
    counter("hardway_requests_total", "Requests executed in them.", requests),
    gauge(
      "hardway_batch_efficiency_ratio",
      "Requests in a batch, of those that one may hold.",
      share(requests, batches * batchLengthMax),
    ),
    counter("hardway_operations_total", "Operations of all members since the table began.", operations),
    gauge("hardway_operations_per_second", "The same over the last minute.", perSecond(of, "operations")),
    gauge("hardway_requests_waiting", "Asked for and not executed yet.", waiting),
    gauge("hardway_sequence", "The last that was executed here.", consensus.sequence),
    gauge("hardway_view", "The number of the leader's time.", consensus.view),
  ];
}

function members({ members: all, trust }: ShownView): Metric[] {
  const reputation = histogram(SHARE_BOUNDS);
  for (const each of all) if (each.reputation !== null) observe(reputation, each.reputation);
  const named = (each: ShownView["members"][number], value: number): Value => ({
    labels: { member: each.member, name: each.name },
    value,
  });
  return [
    gauge("hardway_byzantine_members", "Members against whom something is proved.", all.filter(isByzantine).length),
    gauge("hardway_quarantined_members", "Members in quarantine.", all.filter((each) => each.isQuarantined).length),
    {
      name: "hardway_reputation",
      help: "Of members, as this kiosk knows them.",
      type: "histogram",
      values: reputation,
    },
    many(
      "hardway_trust_ratio",
      "What is proved of a member leaves so much.",
      "gauge",
      all.map((each) => named(each, each.trust)),
    ),
    counter("hardway_evidence_upheld_total", "Evidence that was upheld.", trust.upheld),
    counter("hardway_evidence_dismissed_total", "Evidence that proved nothing.", trust.dismissed),
    gauge(
      "hardway_detection_accuracy_ratio",
      "Of evidence that was brought, what was upheld.",
      share(trust.upheld, trust.upheld + trust.dismissed),
    ),
  ];
}

function air({ mesh, members: all, radios }: ShownView, { roundTrip }: Figures): Metric[] {
  const { links, isPartitioned, sent, dropped, unknown } = mesh;
  const between = (value: (link: ShownView["mesh"]["links"][number]) => number | null): Value[] =>
    links.flatMap((link) => {
      const is = value(link);
      return is === null ? [] : [{ labels: { from: link.from, to: link.to }, value: is }];
    });
  const ofRadios = (value: (radio: ShownView["radios"][number]) => number | null): Value[] =>
    radios.flatMap((radio) => {
      const is = value(radio);
      return is === null ? [] : [{ labels: { device: radio.device }, value: is }];
    });
  return [
    gauge("hardway_partition_active", "Whether the members fall into several parts.", isPartitioned ? 1 : 0),
    gauge("hardway_parts", "Parts that they fall into.", mesh.parts.length),
    many(
      "hardway_connected",
      "Which kiosk has a link to which.",
      "gauge",
      between(({ isUp }) => (isUp ? 1 : 0)),
    ),
    many(
      "hardway_link_loss_ratio",
      "What a link loses.",
      "gauge",
      between(({ loss }) => loss),
    ),
    many(
      "hardway_link_rssi_dbm",
      "How strongly a link is heard.",
      "gauge",
      between(({ rssiDbm }) => rssiDbm),
    ),
    gauge(
      "hardway_loss_ratio",
      "Of packets given to radios, those that got lost.",
      share(dropped + unknown, sent + dropped + unknown),
    ),
    many("hardway_packets_total", "Packets given to radios.", "counter", [
      { labels: { became: "sent" }, value: sent },
      { labels: { became: "dropped" }, value: dropped },
      { labels: { became: "unknown" }, value: unknown },
      { labels: { became: "overtaken" }, value: mesh.overtaken },
    ]),
    many("hardway_packets_refused_total", "Packets that brought nothing.", "counter", byReason(mesh.refused)),
    { name: "hardway_round_trip_seconds", help: "To neighbours and back.", type: "histogram", values: roundTrip },
    gauge("hardway_members_reached", "Other members that this kiosk reaches.", all.filter(isReached).length),
    many(
      "hardway_radio_up",
      "Whether a radio answers.",
      "gauge",
      ofRadios(({ isUp }) => (isUp ? 1 : 0)),
    ),
    many(
      "hardway_radio_links",
      "BLE links of a radio.",
      "gauge",
      ofRadios((radio) => radio.links),
    ),
    many("hardway_radio_battery_ratio", "Of a radio's battery.", "gauge", ofRadios(battery)),
    many(
      "hardway_radio_reconnects_total",
      "Times that a radio came back.",
      "counter",
      ofRadios((radio) => radio.reconnects),
    ),
    many(
      "hardway_radio_events_total",
      "A radio's own counters.",
      "counter",
      radios.flatMap(({ device, counters }) =>
        Object.entries(counters).map(([event, value]) => ({ labels: { device, event }, value })),
      ),
    ),
  ];
}

function kiosk(
  { kiosk: { version }, ledger, recovery, consensus }: ShownView,
  figures: Figures,
  web: WebFigures,
): Metric[] {
  return [
    many("hardway_build_info", "The program that runs.", "gauge", [{ labels: { version }, value: 1 }]),
    gauge("hardway_playing", "Whether this kiosk takes part.", recovery.state === "playing" ? 1 : 0),
    gauge("hardway_muted", "Whether it signs nothing.", consensus.muted === null ? 0 : 1),
    gauge(
      "hardway_ledger_balanced",
      "Whether every chip that was made is somewhere.",
      ledger?.isBalanced === false ? 0 : 1,
    ),
    gauge("hardway_chips_minted", "Chips that were made.", ledger?.minted ?? 0),
    counter("hardway_written_bytes_total", "Bytes written to the disk.", figures.writtenBytes),
    counter("hardway_flushes_total", "Flushes of the disk.", figures.flushes),
    gauge("hardway_web_sockets", "Connections to this page.", web.sockets),
    gauge("hardway_web_pages", "Pages that are shown changes.", web.pages),
    many("hardway_web_refused_total", "What was asked and not done.", "counter", byReason(web.refused)),
    gauge("hardway_loop_lag_seconds", "How late the program's loop was in the last second.", web.loopLagS),
  ];
}

const isByzantine = ({ trust }: ShownView["members"][number]): boolean => trust < 1;
const isReached = ({ link }: ShownView["members"][number]): boolean => link === "near" || link === "far";
const battery = ({ batteryPercent }: ShownView["radios"][number]): number | null =>
  batteryPercent === null ? null : batteryPercent / 100;
const byReason = (counts: { readonly [why: string]: number }): Value[] =>
  Object.entries(counts).map(([why, value]) => ({ labels: { why }, value }));

const plus = (sum: number, count: number): number => sum + count;
/** Of nothing there is no share, which Prometheus writes so. */
const share = (part: number, whole: number): number => (whole === 0 ? Number.NaN : part / whole);

const many = (name: string, help: string, type: Metric["type"], values: readonly Value[]): Metric => ({
  ...{ name, help, type, values },
});
const counter = (name: string, help: string, value: number): Metric => many(name, help, "counter", [{ value }]);
const gauge = (name: string, help: string, value: number): Metric => many(name, help, "gauge", [{ value }]);
