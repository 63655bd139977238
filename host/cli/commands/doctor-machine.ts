/** What a kiosk needs of its machine before anything of its own: a Node that is new enough, a clock, enough volts. */
import { spawnSync } from "node:child_process";
import { WALL_PLAUSIBLE_MAX_MS, WALL_PLAUSIBLE_MS } from "../../node/limits.ts";
import { type Supply, supplyOf } from "../../radio/supply.ts";
import { beware, type Check, failing, well } from "./doctor-check.ts";

/** As in `20.19`, which is older than `20.20.1`. */
export function nodeCheck(version: string, versionMin: string): Check {
  const [have, want] = [version.replace(/^v/, "").split("."), versionMin.split(".")].map((parts) => parts.map(Number));
  const differs = want.findIndex((part, at) => (have[at] ?? 0) !== part);
  const isOld = differs >= 0 && (have[differs] ?? 0) < want[differs];
  if (!isOld) return well("node", version);
  return failing(
    "node",
    "version",
    `${version} is older than ${versionMin}`,
    "Install a newer Node: docs/operating.md.",
  );
}

/** `latestMs`: a moment that is known to have been. */
export function clockCheck(wallMs: number, latestMs: number | undefined): Check {
  const shown = new Date(wallMs).toISOString().slice(0, 16).replace("T", " ");
  const next = "sudo timedatectl set-ntp true, or without a network sudo date -s 2030-01-31T12:00";
  if (wallMs < WALL_PLAUSIBLE_MS || wallMs > WALL_PLAUSIBLE_MAX_MS) {
    return beware("clock", `it shows ${shown}: a table corrects it, but an identity would be of no use`, next);
  }
  if (latestMs !== undefined && latestMs > wallMs + CLOCK_BACK_MS) {
    const since = new Date(latestMs).toISOString().slice(0, 16).replace("T", " ");
    return beware("clock", `it shows ${shown}, and the configuration was written ${since}`, next);
  }
  return well("clock", `${shown} UTC`);
}

/** An hour of summer time and a little. */
const CLOCK_BACK_MS = 2 * 3_600_000;

export function supplyCheck(root: string, askFirmware: () => string | undefined = vcgencmd): Check {
  const said = supplyOf(root);
  const supply = said === "unknown" ? firmwareSupply(askFirmware()) : said;
  const next = "Use the Pi's own supply and a short cable; a hub with its own for the radios.";
  if (supply === "weak") return failing("supply", "failed", "this Pi reports under-voltage now", next);
  if (supply === "was weak") return beware("supply", "this Pi has reported under-voltage since its boot", next);
  return well("supply", supply === "fine" ? "no under-voltage since boot" : "nothing to tell: no Pi");
}

/** As in `throttled=0x50000`. */
function firmwareSupply(said: string | undefined): Supply {
  const word = Number.parseInt(/^throttled=0x([0-9a-f]+)/i.exec(said ?? "")?.[1] ?? "", 16);
  if (Number.isNaN(word)) return "unknown";
  if ((word & 0x1) !== 0) return "weak";
  return (word & 0x10000) !== 0 ? "was weak" : "fine";
}

function vcgencmd(): string | undefined {
  const { status, stdout } = spawnSync("vcgencmd", ["get_throttled"], { encoding: "utf8", timeout: 2_000 });
  return status === 0 ? stdout : undefined;
}
