/** The board itself, by the SDK's modules and the chip's own. */
import Preference from "preference";
import Time from "time";
import Timer from "timer";
import { unreachable } from "../../protocol/core/assert.ts";
import type { ModemConfig } from "../modem/facts.ts";
import { chipAddress, chipId, chipRandom, chipReset, chipRestart } from "../native/chip.ts";
import { monotonic } from "./clock.ts";
import { forget, keepLastWords, keepRole, recall } from "./memory.ts";
import type { Boot, SystemPort } from "./system-port.ts";

/** The board's own light, where its target declares one. */
interface Host {
  readonly LED?: { readonly Default?: new (options: object) => { on(): void; off(): void } };
}

const RESETS: readonly ModemConfig["reset"][] = Object.freeze([
  ...(["powerOn", "pin", "watchdog", "software", "brownOut", "fault", "wakeUp", "unknown"] as const),
]);

export function readBoot(): Boot {
  const address = new Uint8Array(chipAddress());
  const { lastWords, storedRole } = recall(Preference);
  // Said once: the run that begins now may end well.
  if (lastWords !== "") keepLastWords(Preference, "");
  const reset = RESETS[chipReset()] ?? "unknown";
  return {
    boot: chipRandom() >>> 0,
    reset: lastWords !== "" && reset === "software" ? "fault" : reset,
    lastWords,
    storedRole,
    chip: new Uint8Array(chipId()),
    address: { kind: address[0] === 1 ? "random" : "public", address: address.slice(1) },
  };
}

/** `turn` runs when the time for it has come. */
export function boardSystem(turn: () => void, pollMs: number): SystemPort {
  const timer = Timer.set(() => turn(), pollMs, pollMs);
  const light = lamp();
  return {
    now: monotonic(() => Time.ticks),
    // Each time: a timer makes up for every repetition that it missed, and where its clock wraps it has missed all of them.
    wakeAt: (afterMs) => Timer.schedule(timer, afterMs, pollMs),
    keepRole: (role) => keepRole(Preference, role),
    keepLastWords: (words) => keepLastWords(Preference, words),
    forget: () => forget(Preference),
    setClock: (at) => Time.set(Math.floor(at / 1000)),
    lamp: (on) => (on ? light?.on() : light?.off()),
    batteryPercent: () => undefined,
    restart(into) {
      chipRestart(into === "bootloader");
      unreachable(undefined as never);
    },
  };
}

function lamp(): { on(): void; off(): void } | undefined {
  try {
    const Light = (globalThis as { Host?: Host }).Host?.LED?.Default;
    return Light === undefined ? undefined : new Light({});
  } catch {
    return undefined;
  }
}
