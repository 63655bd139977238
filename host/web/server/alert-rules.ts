/** What a person is to be told of, as data: a kiosk looks itself, for its own page, and a venue's Prometheus looks by the same rules. */
export interface AlertRule {
  readonly alert: string;
  readonly severity: "warning" | "critical";
  /** Any of its series. */
  readonly metric: string;
  /** Not its value, but by how much that rose in so long. */
  readonly risesOverMs?: number;
  readonly is: ">" | "<" | "==";
  readonly than: number;
  /** So long on end; 0: at once. */
  readonly forMs: number;
  readonly words: string;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

export const ALERT_RULES: readonly AlertRule[] = Object.freeze([
  {
    ...{ alert: "ViewChangeStorm", severity: "warning", metric: "hardway_view_changes_total" },
    // The lead is handed over every half minute: ten in this time are as they should be.
    ...{ risesOverMs: 5 * MINUTE_MS, is: ">", than: 30, forMs: 0 },
    words: "Leaders change again and again: look at the mesh map for links that come and go.",
  },
  {
    ...{ alert: "Quarantine", severity: "critical", metric: "hardway_quarantined_members", is: ">", than: 0, forMs: 0 },
    words: "A member is in quarantine: its evidence is on the operator's page.",
  },
  {
    ...{ alert: "Byzantine", severity: "critical", metric: "hardway_byzantine_members", is: ">", than: 0, forMs: 0 },
    words: "It is proved that a member signed what it may not: its evidence is on the operator's page.",
  },
  {
    ...{ alert: "Partition", severity: "critical", metric: "hardway_partition_active", is: "==", than: 1 },
    forMs: 30 * SECOND_MS,
    words: "The kiosks fall into parts that do not hear each other: bring them closer, or add one between.",
  },
  {
    ...{
      alert: "LedgerUnbalanced",
      severity: "critical",
      metric: "hardway_ledger_balanced",
      is: "==",
      than: 0,
      forMs: 0,
    },
    words: "Chips are missing, or there are more than were made: keep this kiosk's folder, and ask for help.",
  },
  {
    ...{ alert: "Muted", severity: "warning", metric: "hardway_muted", is: "==", than: 1, forMs: 5 * MINUTE_MS },
    words: "This kiosk signs nothing, for it may have forgotten what it signed: it needs the others to go on.",
  },
  {
    ...{ alert: "RadioDown", severity: "warning", metric: "hardway_radio_up", is: "==", than: 0, forMs: MINUTE_MS },
    words: "A radio does not answer: look after its cable; hardway doctor says more.",
  },
  {
    ...{ alert: "RadioBatteryLow", severity: "warning", metric: "hardway_radio_battery_ratio", is: "<", than: 0.15 },
    forMs: 5 * MINUTE_MS,
    words: "A radio's battery is nearly empty.",
  },
  {
    ...{ alert: "LinkLoss", severity: "warning", metric: "hardway_link_loss_ratio", is: ">", than: 0.3 },
    forMs: 5 * MINUTE_MS,
    words: "A link loses much: move the kiosks, or keep USB 3 cables away from their radios.",
  },
  {
    ...{ alert: "NotPlaying", severity: "warning", metric: "hardway_playing", is: "==", than: 0, forMs: 5 * MINUTE_MS },
    words: "This kiosk takes no part in a table: its page says what it waits for.",
  },
  {
    ...{
      alert: "LoopLag",
      severity: "warning",
      metric: "hardway_loop_lag_seconds",
      is: ">",
      than: 1,
      forMs: MINUTE_MS,
    },
    words: "The program falls behind: the machine is too busy, or its disk too slow.",
  },
] satisfies AlertRule[]);
