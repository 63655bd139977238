/** `hardway radio monitor` and `hardway radio trace record`: talk to a radio as a kiosk would, and show or keep all that crosses. */
import { openBoundedFile } from "../../../hardware/virtual/fronts/bounded-file.ts";
import { headerText, lineText, type TraceLine } from "../../../hardware/virtual/trace/trace.ts";
import { show, view } from "../../../hardware/virtual/trace/view.ts";
import { PROTOCOL_MAJOR } from "../../../protocol/core/version.ts";
import { deviceText } from "../../radio/device-url.ts";
import type { Order } from "../../radio/events.ts";
import { runDriver } from "../../radio/run-driver.ts";
import { type Command, type Input, numberOption, UsageError } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { checkRecording, exitOfFault } from "../read-text.ts";
import { deviceOf } from "./devices.ts";
import { lineRecord } from "./line-record.ts";
import { overheardPorts } from "./overheard.ts";

const COUNTERS_EVERY_MS = 10_000;
/** Of one trace file; two are kept. */
const TRACE_SIZE_MAX = 64 * 1024 * 1024;

const role = {
  value: "ROLE",
  about: "server: also advertises; client: also scans, and says whom it hears; else neither",
} as const;
const seconds = { value: "N", about: "how long, 1 to 86400; else until Ctrl-C" } as const;

export const radioMonitor: Command = {
  words: ["radio", "monitor"],
  takes: "DEVICE",
  about: "Talks to one radio and shows in words what crosses the wire.",
  options: { seconds, role, frames: { about: "every frame, not only what the frames carry" } },
  run: (input, io) => {
    const [device] = oneDevice(input, 1, "radio monitor takes one DEVICE");
    const shown = view(input.flag("frames"));
    return watch(device, input, io, (line) => {
      if (io.json) io.record(lineRecord(line));
      else for (const words of show(shown, line)) io.out(words);
    });
  },
};

export const traceRecord: Command = {
  words: ["radio", "trace", "record"],
  takes: "DEVICE FILE",
  about: "Talks to one radio and keeps all that crosses the wire in a trace.",
  more: "A trace is text, a line a piece. At 64 MiB the file becomes FILE.1 and a new one begins.",
  options: { seconds, role },
  run: async (input, io) => {
    const [device, path] = oneDevice(input, 2, "radio trace record takes a DEVICE and a FILE");
    checkRecording(path);
    let isBroken = false;
    const broken = new AbortController();
    const header = { trace: 1, board: "", device, beganAt: Date.now() } as const;
    const opened = openBoundedFile(path, {
      sizeMax: TRACE_SIZE_MAX,
      head: () => headerText(header),
      onFault(why) {
        isBroken = true;
        io.err(`${why}.\nNext: make room there, or choose another file.`);
        broken.abort();
      },
    });
    if (!opened.ok) {
      io.err(`${opened.why}.\nNext: ${opened.next}.`);
      return exitOfFault(opened.why.slice(`writing ${path}: `.length));
    }
    try {
      const exit = await watch(device, input, io, (line) => opened.file.write(lineText(line)), broken.signal);
      return isBroken ? "failed" : exit;
    } finally {
      opened.file.close();
    }
  },
};

function oneDevice({ operands }: Input, count: number, usage: string): readonly string[] {
  if (operands.length !== count) throw new UsageError(usage);
  return [deviceText(deviceOf(operands[0])), ...operands.slice(1)];
}

/** Done when the time is up, or at Ctrl-C, which is how one ends it. */
function watch(
  device: string,
  input: Input,
  io: Io,
  onLine: (line: TraceLine) => void,
  ...also: readonly AbortSignal[]
): Promise<Exit> {
  const signal = AbortSignal.any([io.signal, ...also]);
  const until = input.text("seconds") === undefined ? undefined : numberOption(input, "seconds", 1, 86_400);
  const orders = ordersOf(input.text("role"));
  return new Promise((resolve) => {
    const running = runDriver({
      device: deviceOf(device),
      ports: overheardPorts(onLine),
      on: (told) => {
        if (told.type === "state") io.err(told.state.words);
      },
    });
    for (const order of orders) running.order(order);
    const asking = setInterval(() => running.order({ type: "counters" }), COUNTERS_EVERY_MS);
    const end = (): void => {
      clearInterval(asking);
      clearTimeout(timer);
      running.close();
      resolve("done");
    };
    const timer = until === undefined ? undefined : setTimeout(end, 1000 * until);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

/** What a radio is told so that something happens in the air; the driver tells it again after each boot. */
function ordersOf(role: string | undefined): readonly Order[] {
  const tag = new Uint8Array(4);
  switch (role) {
    case undefined:
      return [];
    case "server": {
      const advert = { version: PROTOCOL_MAJOR, flags: 0, kiosk: tag, component: tag };
      return [
        { type: "start", role, name: "monitor" },
        { type: "advertise", on: true, intervalMs: 100, advert },
      ];
    }
    case "client":
      return [
        { type: "start", role, name: "monitor" },
        { type: "scan", on: true, intervalMs: 60, windowMs: 60 },
      ];
    default:
      throw new UsageError(`--role is server or client, not "${role}"`);
  }
}
