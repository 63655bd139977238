/** Looks at devices one by one: opens each, talks to what is behind it, and says what it found. Nothing is believed that was
 * not tried: a file's rights say little about whether a port opens. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LinePolicy } from "../../hardware/boards/board.ts";
import { boards } from "../../hardware/boards/boards.ts";
import { type Clock, realClock } from "../../hardware/virtual/fronts/clock.ts";
import type { Hello } from "../../protocol/radio/hello.ts";
import { lineOf } from "./bridges.ts";
import { type Device, deviceText } from "./device-url.ts";
import { discover, type FoundPort, portNamed } from "./discovery.ts";
import {
  damagedFinding,
  type Finding,
  hangUpFinding,
  helloFinding,
  noiseFinding,
  portFinding,
  strangerFinding,
  versionFinding,
} from "./findings.ts";
import { type Holder, holdersOf } from "./holders.ts";
import { openPorts } from "./open-port.ts";
import type { OpenPort, PortListener } from "./port.ts";
import { runDriver, type Told } from "./run-driver.ts";
import { type Sniffed, sniff } from "./sniff.ts";
import { supplyOf } from "./supply.ts";
import { UDEV_COMMANDS } from "./udev.ts";
import type { WireMeasure } from "./wire-test.ts";

export interface DiagnoseOptions {
  readonly ports?: OpenPort;
  readonly clock?: Clock;
  /** Of the file system. */
  readonly root?: string;
  readonly seed?: number;
  /** What is being done, for a person who waits. */
  readonly onStep?: (words: string) => void;
  /** Aborted: the promise is broken, and the port is let go. */
  readonly signal?: AbortSignal;
}

/** Kept of what came, for a look at it. */
const HEARD_SIZE_MAX = 4096;
/** At the speed in which the ESP32 chips' ROM speaks. */
const ROM_BAUD = 115_200;
const ROM_LISTEN_MS = 2500;
const BROKEN_OFF = "the diagnosis was broken off";

export async function diagnose(device: Device, options: DiagnoseOptions = {}): Promise<Finding> {
  const { clock = realClock, root = "/" } = options;
  const ports = options.ports ?? openPorts(clock);
  const found = device.type === "serial" ? portNamed(device.path, discover(root), root) : undefined;
  const tap = new Tap(ports);
  const told = await talk(device, tap, clock, options);
  return {
    device: deviceText(device),
    ...told,
    warnings: [...sharedWith(device, told.kind, root), ...warningsOf(found, root)],
  };

  async function talk(device: Device, tap: Tap, clock: Clock, options: DiagnoseOptions) {
    const end = await untilClear(device, tap.open, clock, options);
    switch (end.type) {
      case "port":
        return portFinding(end.problem);
      case "hello":
        return helloFinding(end.hello, end.measure);
      case "version":
        return versionFinding(end.words);
      case "stranger":
        return strangerFinding(end.words);
      case "damaged":
        return damagedFinding(end.words);
      case "hangUp":
        return hangUpFinding(end.words);
      case "unclear": {
        let sniffed = sniff(tap.heard());
        if (sniffed.type === "noise") sniffed = { type: "noise", size: tap.size };
        if (tap.isRated && (sniffed.type === "noise" || sniffed.type === "nothing")) {
          options.onStep?.(`listening at ${ROM_BAUD} baud; press the board's reset button`);
          const line = lineOf(found?.bridge, found?.isCdc === true);
          const slow = await listenAt(ROM_BAUD, device, ports, clock, line, options.signal);
          if (slow.type !== "nothing" && slow.type !== "noise") sniffed = slow;
        }
        const names = found?.bridge?.boards ?? [];
        return noiseFinding(
          sniffed,
          Object.values(boards).filter(({ name }) => names.includes(name)),
        );
      }
    }
  }
}

type End =
  | { readonly type: "port"; readonly problem: Parameters<typeof portFinding>[0] }
  | { readonly type: "hello"; readonly hello: Hello; readonly measure: WireMeasure | undefined }
  | { readonly type: "version" | "stranger" | "damaged" | "hangUp"; readonly words: string }
  | { readonly type: "unclear" };

/** The driver talks as it always does, until its first verdict. */
function untilClear(device: Device, ports: OpenPort, clock: Clock, options: DiagnoseOptions): Promise<End> {
  return new Promise((resolve, reject) => {
    let measure: WireMeasure | undefined;
    let isOver = false;
    const end = (end: End): void => {
      if (isOver) return;
      isOver = true;
      signal?.removeEventListener("abort", onAbort);
      resolve(end);
      // The driver is in the middle of its step.
      queueMicrotask(() => running.close());
    };
    const on = (said: Told): void => {
      if (isOver) return;
      if (said.type === "tested") measure = said.measure;
      else if (said.type === "up") end({ type: "hello", hello: said.hello, measure });
      else if (said.type === "state") {
        const { kind, problem, words, why } = said.state;
        options.onStep?.(words);
        if (kind === "waiting") end(problem === undefined ? { type: "hangUp", words: why } : { type: "port", problem });
        else if (kind === "otherVersion") end({ type: "version", words: why });
        else if (kind === "stranger" || kind === "damaged") end({ type: kind, words: why });
        else if (kind === "silent" || kind === "babbling") end({ type: "unclear" });
      }
    };
    const { seed, signal } = options;
    const onAbort = (): void => {
      isOver = true;
      running.close();
      reject(new Error(BROKEN_OFF));
    };
    const elsewhere = () => [];
    const running = runDriver({ device, ports, clock, on, elsewhere, ...(seed === undefined ? {} : { seed }) });
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
  });
}

/** Hears what the driver hears. */
class Tap {
  isRated = false;
  readonly open: OpenPort;
  /** Of all that came; its beginning is kept. */
  size = 0;
  private readonly pieces: Uint8Array[] = [];

  constructor(ports: OpenPort) {
    this.open = async (device, options, listener) => {
      const result = await ports(device, options, {
        ...listener,
        onBytes: (bytes) => {
          this.keep(bytes);
          listener.onBytes(bytes);
        },
      });
      this.isRated = result.ok && result.port.baudMax !== undefined;
      return result;
    };
  }

  keep(bytes: Uint8Array): void {
    if (this.size < HEARD_SIZE_MAX) this.pieces.push(bytes.slice(0, HEARD_SIZE_MAX - this.size));
    this.size += bytes.length;
  }

  heard(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.pieces));
  }
}

async function listenAt(
  baud: number,
  device: Device,
  ports: OpenPort,
  clock: Clock,
  line: LinePolicy,
  signal: AbortSignal | undefined,
): Promise<Sniffed> {
  const tap = new Tap(ports);
  const listener: PortListener = { onBytes() {}, onRoom() {}, onClosed() {} };
  const result = await tap.open(device, { baud, line }, listener);
  if (!result.ok) return { type: "nothing" };
  let cancel = (): void => {};
  await new Promise<void>((resolve) => {
    cancel = clock.after(ROM_LISTEN_MS, resolve);
    signal?.addEventListener("abort", () => resolve(), { once: true });
    if (signal?.aborted === true) resolve();
  });
  cancel();
  result.port.close();
  if (signal?.aborted === true) throw new Error(BROKEN_OFF);
  return sniff(tap.heard());
}

/** Who does not lock a port shares it: what comes goes to the one or the other. */
function sharedWith(device: Device, kind: Finding["kind"], root: string): string[] {
  if (device.type !== "serial" || kind === "busy") return [];
  const words = ({ pid, name }: Holder): string =>
    `Process ${pid} (${name}) has it open too, and may take bytes of it. End it.`;
  return holdersOf(device.path, root).map(words);
}

function warningsOf(found: FoundPort | undefined, root: string): string[] {
  const warnings: string[] = [];
  if (found?.bridge?.warning !== undefined) warnings.push(`${found.bridge.name}: ${found.bridge.warning}.`);
  if (found?.usb !== undefined && found.path === `/dev/${found.tty}`) {
    warnings.push(`It has no name of its own under /dev/serial/by-id: ${found.path} may be another device tomorrow.`);
  }
  if (isModemManagerHere(root)) {
    warnings.push(`ModemManager runs here and talks to new serial ports. Keep it away: ${UDEV_COMMANDS.join("; ")}`);
  }
  const supply = supplyOf(root);
  if (supply === "weak" || supply === "was weak") {
    warnings.push("This Pi reports under-voltage: use its own supply and a short cable.");
  }
  return warnings;
}

function isModemManagerHere(root: string): boolean {
  try {
    return readdirSync(join(root, "proc")).some((entry) => {
      if (!/^\d+$/.test(entry)) return false;
      try {
        return readFileSync(join(root, "proc", entry, "comm"), "utf8").trim() === "ModemManager";
      } catch {
        // It has ended meanwhile.
        return false;
      }
    });
  } catch {
    return false;
  }
}
