import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { toolOnPath } from "../../../hardware/machine/tool-on-path.ts";
import { feedWatchdog } from "../../../host/service/feed.ts";
import { FEEDS_PER_WATCHDOG_COUNT, STATUS_LENGTH_MAX, WATCHDOG_MS } from "../../../host/service/limits.ts";
import { type Notifier, notifier } from "../../../host/service/notify.ts";
import type { Watched } from "../../../host/service/watchdog.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** What is sent, a list of assignments a message. */
function listening(environment: NodeJS.ProcessEnv = { NOTIFY_SOCKET: "/run/x" }, fails = false) {
  const sent: (readonly string[])[] = [];
  const faults: string[] = [];
  const of = notifier({
    ...{ environment, pid: 7, onFault: (why: string) => faults.push(why) },
    async send(assignments) {
      sent.push(assignments);
      if (fails) throw new Error("there is no such program");
    },
  });
  return { of, sent, faults };
}

test("a service says in order that it is ready, lives and stops; what it said before it could be sent is said once", async () => {
  const { of, sent } = listening();
  of.ready();
  of.status("reading the journal");
  of.status("four kiosks, view 3");
  await of.settled();
  of.alive();
  await of.settled();
  of.stopping();
  await of.settled();
  expect(sent).toEqual([["READY=1", "STATUS=four kiosks, view 3"], ["WATCHDOG=1"], ["STOPPING=1"]]);
});

test("a status is one line, whatever a peer calls itself, and no assignment of its own", async () => {
  const { of, sent } = listening();
  of.status(`a\nMAINPID=1\u0007${"b".repeat(1000)}`);
  await of.settled();
  expect(sent[0]?.[0]).toMatch(/^STATUS=a MAINPID=1 b+$/);
  expect(sent[0]?.[0]).toHaveLength("STATUS=".length + STATUS_LENGTH_MAX);
});

test("where nobody listens nothing is sent, and where nothing can be sent the kiosk is told once and goes on", async () => {
  const silent = listening({});
  silent.of.ready();
  await silent.of.settled();
  expect([silent.sent, silent.of.watchdogMs]).toEqual([[], undefined]);
  const broken = listening({ NOTIFY_SOCKET: "/run/x" }, true);
  broken.of.ready();
  await broken.of.settled();
  broken.of.alive();
  await broken.of.settled();
  expect(broken.faults).toEqual(["there is no such program"]);
  expect(broken.sent).toHaveLength(2);
});

test("the watchdog's time is that of the unit, for the process that it names", () => {
  const of = (environment: NodeJS.ProcessEnv): number | undefined =>
    listening({ NOTIFY_SOCKET: "/run/x", ...environment }).of.watchdogMs;
  expect(of({ WATCHDOG_USEC: "90000000" })).toBe(90_000);
  expect(of({ WATCHDOG_USEC: "90000000", WATCHDOG_PID: "7" })).toBe(90_000);
  expect(of({ WATCHDOG_USEC: "90000000", WATCHDOG_PID: "8" })).toBe(undefined);
  expect([of({}), of({ WATCHDOG_USEC: "soon" })]).toEqual([undefined, undefined]);
});

test("fed often enough while all is well, starved and told why while it is not, and fed again after", () => {
  vi.useFakeTimers();
  let now = millis(0);
  const told: string[] = [];
  const watchdog = (name: string) => () => void told.push(`${now / 1000} ${name}`);
  const listener = { ready() {}, stopping() {}, settled: async () => {} };
  const of: Notifier = {
    ...listener,
    alive: watchdog("fed"),
    status: (text) => void told.push(text),
    watchdogMs: WATCHDOG_MS,
  };
  const watched: { -readonly [key in keyof Watched]: Watched[key] } = {
    ...{ startedAt: now, radioCount: 1, radioAnsweredAt: millis(0), turningSince: undefined },
  };
  const starved: string[] = [];
  const clock = (): Millis => now;
  const end = feedWatchdog({ notifier: of, watched: () => watched, now: clock, onStarved: (why) => starved.push(why) });
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= 1000) {
      now = millis(now + 1000);
      vi.advanceTimersByTime(1000);
    }
  };
  pass(WATCHDOG_MS);
  expect(told).toEqual(["0 fed", "30 fed", "60 fed", "90 fed"].slice(0, FEEDS_PER_WATCHDOG_COUNT + 1));
  pass(4 * WATCHDOG_MS);
  expect(starved).toEqual(["the radio has not answered for 210 s"]);
  expect(told.at(-1)).toBe("not well: the radio has not answered for 210 s");
  watched.radioAnsweredAt = now;
  pass(WATCHDOG_MS / FEEDS_PER_WATCHDOG_COUNT);
  expect(told.at(-1)).toBe(`${now / 1000} fed`);
  end();
  const count = told.length;
  pass(WATCHDOG_MS);
  expect(told).toHaveLength(count);
});

/** Node cannot listen on a datagram socket either. Perl is on every Debian. */
const LISTENER = `use Socket; my $m; socket(my $s, AF_UNIX, SOCK_DGRAM, 0); bind($s, sockaddr_un($ARGV[0])) or die;
$| = 1; print "there\\n"; while (defined recv($s, $m, 4096, 0)) { $m =~ s/\\n/ /g; print "$m\\n"; }`;

test("the words arrive at a real socket of systemd's kind, by systemd's own tool", async () => {
  // Without the tool the whole gate says that this was not tried.
  const perl = toolOnPath("perl", process.env["PATH"]);
  if (perl === undefined || toolOnPath("systemd-notify", process.env["PATH"]) === undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "hardway-notify-"));
  const socket = join(folder, "notify");
  const child = spawn(perl, ["-e", LISTENER, socket], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    let heard = "";
    child.stdout.on("data", (text) => {
      heard += text;
    });
    await vi.waitFor(() => expect(existsSync(socket) && heard.includes("there")).toBe(true), 10_000);
    const of = notifier({ environment: { NOTIFY_SOCKET: socket }, onFault: (why) => expect(why).toBe("") });
    of.ready();
    of.status("two words");
    await of.settled();
    of.alive();
    await of.settled();
    // Each is followed by a barrier, at which the tool waits: it does not end before systemd has seen whose child it is.
    const words = (): string[] => heard.trim().split("\n").slice(1);
    await vi.waitFor(() => expect(words()).toHaveLength(4), 10_000);
    expect(words()).toEqual(["READY=1 STATUS=two words", "BARRIER=1", "WATCHDOG=1", "BARRIER=1"]);
  } finally {
    child.kill();
    rmSync(folder, { recursive: true });
  }
});
