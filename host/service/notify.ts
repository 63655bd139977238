/**
 * What a service tells systemd: that it is ready, that it lives, what it does, that it stops (sd_notify(3)).
 *
 * The message is a datagram to a Unix socket, which Node cannot send. systemd's own `systemd-notify` can, and is wherever systemd
 * is: 10 ms a message, one each half minute. It speaks for us from a process of its own, so that the unit says NotifyAccess=all.
 * Where nobody listens, nothing is said.
 */
import { execFile } from "node:child_process";
import { NOTIFY_WITHIN_MS, STATUS_LENGTH_MAX } from "./limits.ts";

export interface Notifier {
  /** The page is up and the journal is read. */
  readonly ready: () => void;
  /** Feeds the watchdog. */
  readonly alive: () => void;
  readonly stopping: () => void;
  /** What `systemctl status` shows. */
  readonly status: (text: string) => void;
  /** After which silence the service is ended; undefined where nobody watches. */
  readonly watchdogMs: number | undefined;
  /** When all that was said has been sent. */
  readonly settled: () => Promise<void>;
}

export interface NotifyOptions {
  readonly environment?: NodeJS.ProcessEnv;
  readonly pid?: number;
  /** Sends one message; fails where it cannot. */
  readonly send?: (assignments: readonly string[], socket: string) => Promise<void>;
  /** Once: that nothing can be said, and why. */
  readonly onFault?: (why: string) => void;
}

export function notifier(options: NotifyOptions = {}): Notifier {
  const { environment = process.env, pid = process.pid, send = sendByTool, onFault = () => {} } = options;
  const socket = environment["NOTIFY_SOCKET"];
  let last: Promise<void> = Promise.resolve();
  let hasFailed = false;
  /** What waits to be said: of each kind the newest alone. */
  let waiting: { [name: string]: string } = {};

  const say = (name: string, value: string): void => {
    if (socket === undefined || socket === "") return;
    const isFirst = Object.keys(waiting).length === 0;
    waiting[name] = value;
    if (!isFirst) return;
    last = last.then(async () => {
      const assignments = Object.entries(waiting).map(([each, text]) => `${each}=${text}`);
      waiting = {};
      try {
        await send(assignments, socket);
      } catch (error) {
        if (!hasFailed) onFault((error as Error).message);
        hasFailed = true;
      }
    });
  };
  return {
    ready: () => say("READY", "1"),
    alive: () => say("WATCHDOG", "1"),
    stopping: () => say("STOPPING", "1"),
    status: (text) => say("STATUS", oneLine(text)),
    watchdogMs: socket === undefined ? undefined : watchdogOf(environment, pid),
    settled: () => last,
  };
}

/** Of sd_watchdog_enabled(3): microseconds, for the process that it names. */
function watchdogOf(environment: NodeJS.ProcessEnv, pid: number): number | undefined {
  const micros = Number(environment["WATCHDOG_USEC"]);
  const isOurs = environment["WATCHDOG_PID"] === undefined || Number(environment["WATCHDOG_PID"]) === pid;
  return isOurs && Number.isSafeInteger(micros) && micros > 0 ? micros / 1000 : undefined;
}

/** A second line would be another assignment. */
const oneLine = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  text.replace(/[\u0000-\u001f\u007f]+/g, " ").slice(0, STATUS_LENGTH_MAX);

function sendByTool(assignments: readonly string[], socket: string): Promise<void> {
  const { PATH = "/usr/bin:/bin" } = process.env;
  // What the program itself is given, a passphrase's place for one, is not for others.
  const options = { env: { NOTIFY_SOCKET: socket, PATH }, timeout: NOTIFY_WITHIN_MS };
  return new Promise((resolve, reject) => {
    execFile("systemd-notify", [...assignments], options, (error) => (error === null ? resolve() : reject(error)));
  });
}
