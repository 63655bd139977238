/** Who has a device open, as the kernel shows it; of other users' processes only root sees it. */
import { readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";

export interface Holder {
  readonly pid: number;
  readonly name: string;
}

/** `root`: where proc and dev lie. This process itself is none of them. */
export function holdersOf(device: string, root = "/", own = process.pid): Holder[] {
  const real = tried(() => realpathSync(join(root, device))) ?? join(root, device);
  const names = new Set([real, device, root === "/" ? real : real.slice(root.length)]);
  const found: Holder[] = [];
  for (const entry of tried(() => readdirSync(join(root, "proc"))) ?? []) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === own) continue;
    const folder = join(root, "proc", entry);
    for (const each of tried(() => readdirSync(join(folder, "fd"))) ?? []) {
      const target = tried(() => readlinkSync(join(folder, "fd", each)));
      if (target === undefined || !names.has(target)) continue;
      found.push({ pid, name: tried(() => readFileSync(join(folder, "comm"), "utf8"))?.trim() ?? "?" });
      break;
    }
  }
  return found;
}

/** The group that may read and write the device. */
export function groupOf(device: string, root = "/"): string | undefined {
  const stat = tried(() => statSync(join(root, device)));
  if (stat === undefined || (stat.mode & 0o060) !== 0o060) return undefined;
  const lines = tried(() => readFileSync(join(root, "etc/group"), "utf8"))?.split("\n") ?? [];
  return lines.find((line) => line.split(":")[2] === String(stat.gid))?.split(":")[0];
}

/** Processes and devices go while one looks at them. */
function tried<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
