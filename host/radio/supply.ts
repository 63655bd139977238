/** Whether the host's own supply is too weak, where it says so: a Raspberry Pi does, and a radio that comes and goes on one
 * mostly has that reason. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const THROTTLED = "sys/devices/platform/soc/soc:firmware/get_throttled";

/** Bits of the firmware's word: now, and since the last boot. */
const UNDER_VOLTAGE = 0x1;
const WAS_UNDER_VOLTAGE = 0x10000;

export type Supply = "fine" | "weak" | "was weak" | "unknown";

export function supplyOf(root = "/"): Supply {
  try {
    const word = Number.parseInt(readFileSync(join(root, THROTTLED), "utf8").trim(), 16);
    if (Number.isNaN(word)) return "unknown";
    if ((word & UNDER_VOLTAGE) !== 0) return "weak";
    return (word & WAS_UNDER_VOLTAGE) !== 0 ? "was weak" : "fine";
  } catch {
    return "unknown";
  }
}

/** What follows the words about a lost port; empty where there is nothing to say. */
export function supplyHint(root = "/"): string {
  switch (supplyOf(root)) {
    case "weak":
      return " (this Pi reports under-voltage now: use its own supply and a short cable)";
    case "was weak":
      return " (this Pi has reported under-voltage since its boot: use its own supply and a short cable)";
    default:
      return "";
  }
}
