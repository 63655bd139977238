/**
 * Every line of the documentation that holds a figure with a unit, and where that figure comes from: a row that a benchmark prints, a
 * command, a test that asserts it, or a bound that stands in the sources. Pages that are printed from the sources need none, and
 * decisions are of their day.
 */

export type Origin =
  /** `npm run -s bench -- NAME` prints these. */
  | { readonly bench: string; readonly rows: readonly string[] }
  /** `npm run -s NAME`, or `hardway NAME`. */
  | { readonly command: string }
  /** Asserts it. */
  | { readonly test: string }
  /** Says it: a constant of ours, or of a board. */
  | { readonly source: string }
  /** Of somebody else: a data sheet, a standard, a law of numbers; or an estimate that its page calls one. */
  | { readonly cited: string };

export interface Published {
  readonly page: string;
  /** In each line that it speaks for. */
  readonly says: RegExp;
  readonly by: readonly Origin[];
}

const row = (bench: string, ...rows: readonly string[]): Origin => ({ bench, rows });

export const PUBLISHED: readonly Published[] = [
  { page: "api.md", says: /No answer yet\* after 25 s/, by: [{ source: "host/web/server/limits.ts" }] },
  { page: "api.md", says: /of 16 KiB|frames of 16 KiB/, by: [{ source: "host/web/server/limits.ts" }] },
  {
    page: "api.md",
    says: /^\| .* ms \|/,
    by: [row("api", "bet-calm", "-refused", "-told-why", "-bet", "-bet-worst", "body-10mb-sent")],
  },
  {
    page: "api.md",
    says: /looked at within 20 ms/,
    by: [{ source: "host/web/view/limits.ts" }, { source: "host/web/server/limits.ts" }],
  },
  { page: "api.md", says: /^\| `\w+`/, by: [{ source: "host/web/server/alert-rules.ts" }] },
  { page: "architecture.md", says: /at most 4112 B/, by: [{ test: "test/protocol/radio/examples.ts" }] },
  {
    page: "architecture.md",
    says: /640 ms a signature/,
    by: [{ cited: "estimated from instruction counts of an M4" }],
  },
  { page: "boards.md", says: /kB\/s at 20 ms/, by: [row("air", "goodput")] },
  {
    page: "consensus.md",
    says: /within 30 s of the own|every 30 s|every 5 s|in 20 ms/,
    by: [{ source: "host/engine/consensus/limits.ts" }, { source: "host/engine/timing/profiles.ts" }],
  },
  { page: "economics.md", says: /^\| .* \d+ % \|/, by: [{ source: "host/engine/stakes/rules.ts" }] },
  { page: "fairness.md", says: /^ {4}(?:Commit|Reveal)\(/, by: [{ source: "host/engine/dice/limits.ts" }] },
  { page: "fairness.md", says: /49\.3 %/, by: [{ cited: "a pass bet's 244 of 495, and the better of two" }] },
  {
    page: "fairness.md",
    says: /^\| partials of a roll|^\| settlement/,
    by: [row("table", "roll-bytes-", "settle-bytes-")],
  },
  { page: "fairness.md", says: /^\| a key/, by: [{ test: "test/host/engine/dice/key-generation.test.ts" }] },
  { page: "fairness.md", says: /^\| commit–reveal/, by: [{ test: "test/docs/published.test.ts" }] },
  { page: "fairness.md", says: /2\.8 %/, by: [{ cited: "1 − 0.999^28" }] },
  {
    page: "fairness.md",
    says: /Measured over seeded runs/,
    by: [{ test: "test/host/engine/judge/dice-monitor.test.ts" }],
  },
  {
    page: "fairness.md",
    says: /at most 1,024 B|of 1,024 bytes/,
    by: [{ source: "protocol/core/limits.ts" }, { cited: "what its statements add up to" }],
  },
  { page: "fairness.md", says: /1\.8 KB/, by: [{ test: "test/docs/published.test.ts" }] },
  { page: "fairness.md", says: /0\.65 %/, by: [{ command: "nights" }] },
  { page: "games.md", says: /^\| .*% ?\|/, by: [{ command: "game check" }] },
  { page: "glossary.md", says: /at most (?:256|4096) B/, by: [{ source: "protocol/core/limits.ts" }] },
  {
    page: "mesh.md",
    says: /KB\/s, of a ring|of a ring of four|a vote of 154 B|within 95 ms/,
    by: [row("mesh", "idle-", "vote-overhead-", "propagation-8-kiosks-3-hops-max")],
  },
  {
    page: "bench.md",
    says: /interval of 95 %|tolerance \(5 %/,
    by: [{ source: "hardware/bench/measurements.ts" }, { source: "hardware/bench/statistics.ts" }],
  },
  { page: "operating.md", says: /64 MB and a month/, by: [{ source: "hardware/system/small-files.ts" }] },
  { page: "operating.md", says: /watchdog \(90 s\)/, by: [{ source: "host/service/limits.ts" }] },
  { page: "operating.md", says: /10 ms each/, by: [{ cited: "a call of systemd-notify, by the clock" }] },
  {
    page: "operating.md",
    says: /waits? for the card costs|each wait for the card|GB a day|card of 32 GB/,
    by: [{ test: "test/host/service/card-budget.test.ts" }, row("kiosk", "journal")],
  },
  {
    page: "operating.md",
    says: /at most 100 MB/,
    by: [{ source: "host/storage/history/limits.ts" }, { cited: "96 MiB of pages, 4 of log" }],
  },
  {
    page: "security.md",
    says: /35 µs|Measured on one core/,
    by: [row("secure", "stranger", "handshake", "seal-vote", "open-vote")],
  },
  {
    page: "security.md",
    says: /60 s later|every 15 minutes|\(144 B\)|each 5 s|after 12 s/,
    by: [{ source: "host/secure/limits.ts" }, { source: "host/node/limits.ts" }],
  },
  {
    page: "surprises.md",
    says: /12\.5 ms on the nRF52|128 B of FIFO|flash stops a board|150 ms\.\*\*|500 ms of supervision/,
    by: [{ cited: "data sheets and instruction counts: no board was measured, which is what the page is about" }],
  },
  {
    page: "surprises.md",
    says: /every 250 ms|20 B a value|asks for 4 s|restart after 5 s|silent for 2\.5 s|every 10 ms|waits 9 s|`up for 0 s`/,
    by: [{ source: "firmware-js/modem/limits.ts" }, { source: "host/radio/limits.ts" }],
  },
  { page: "testing.md", says: /^ {8}14\d\.\d ms/, by: [{ command: "simulate" }] },
  { page: "testing.md", says: /5\.5 GB|443 MB/, by: [{ command: "model" }] },
  { page: "testing.md", says: /fast-path-on-a-quorum/, by: [{ command: "mutants" }] },
  {
    page: "troubleshooting.md",
    says: /after 0\.25 s|^15 s at last|within 2\.5 s|listens for 9 s|above 64 B|within 5 s/,
    by: [{ source: "host/radio/limits.ts" }, { source: "firmware-js/modem/limits.ts" }],
  },
  {
    page: "troubleshooting.md",
    says: /for some 6 s/,
    by: [{ cited: "a board's session of 3 s and a hello after it" }],
  },
  { page: "troubleshooting.md", says: /64 MiB and one/, by: [{ source: "host/cli/commands/radio-monitor.ts" }] },
  {
    page: "figures.md",
    says: /^\| .* \|$|intervals of 20 ms/,
    by: [
      row("targets", "round-ble", "round-ble-bursts", "round-lan-", "messages", "operations", "bytes-link", "saved-"),
      row("mesh", "idle-", "propagation-8-kiosks-3-hops-max"),
      row("world", "sync-64k", "heal", "heal-max"),
    ],
  },
];
