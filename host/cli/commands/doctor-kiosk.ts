/** Everything about one kiosk that could keep it from playing, looked at in the order in which it is mended. */
import { existsSync, statSync } from "node:fs";
import { placesOf, warningsOf } from "../../config/config-file.ts";
import { parseConfig } from "../../config/parse-config.ts";
import { problemWords } from "../../config/problems.ts";
import type { RadioLimits } from "../../mesh/topology/radios.ts";
import type { Device } from "../../radio/device-url.ts";
import { InputError } from "../command.ts";
import type { Io } from "../io.ts";
import { nearest } from "../nearest.ts";
import { packageFacts } from "../version.ts";
import { configText } from "./config-source.ts";
import { deviceOf, NO_PORTS, radioPorts } from "./devices.ts";
import { beware, type Check, checkLines, exitOf, failing, well, worstOf } from "./doctor-check.ts";
import { folderCheck, freeSize, journalLook, spaceCheck } from "./doctor-folder.ts";
import { clockCheck, nodeCheck, supplyCheck } from "./doctor-machine.ts";
import { limitsOf, linksCheck, plainFinding, radioLook } from "./doctor-radios.ts";
import { identityCheck, keyCheck, secretCheck } from "./doctor-secrets.ts";
import type { OwnKiosk } from "./own-kiosk.ts";

/** `file`: its configuration; whoever names one means it to be there. */
export async function examine(file: string, isNamed: boolean, io: Io): Promise<readonly Check[]> {
  const all: Check[] = [];
  const tell = (check: Check, more: object = {}): void => {
    all.push(check);
    if (io.json) io.record({ type: "check", ...check, ...more });
    else for (const line of checkLines(check)) io.out(line);
  };
  tell(nodeCheck(process.versions.node, packageFacts().nodeMin));
  const writtenMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  tell(clockCheck(Date.now(), writtenMs));
  tell(supplyCheck("/"));
  const { kiosk, checks } = await configured(file, isNamed);
  for (const check of checks) tell(check);

  let holder: number | undefined;
  if (kiosk !== undefined) {
    tell(folderCheck(kiosk.folder));
    tell(spaceCheck(freeSize(kiosk.folder)));
    const journal = journalLook(kiosk.folder);
    holder = journal.holder;
    tell(journal.check);
    tell(secretCheck(kiosk));
    tell(keyCheck(kiosk));
    const identity = await identityCheck(kiosk, Date.now());
    if (identity !== undefined) tell(identity);
  }

  const limits: RadioLimits[] = [];
  const devices = devicesFor(kiosk, tell);
  for (const device of devices) {
    if (io.signal.aborted) return all;
    const { finding, checks } = await radioLook(device, holder, io);
    for (const [at, check] of checks.entries()) {
      tell(check, at === 0 && finding !== undefined ? { finding: plainFinding(finding) } : {});
    }
    const own = finding === undefined ? undefined : limitsOf(finding);
    if (own !== undefined) limits.push(own);
  }
  if (kiosk !== undefined && limits.length > 0 && limits.length === devices.length) {
    const { table, consensus } = kiosk.config;
    tell(linksCheck(limits, { kiosks: table.kiosks, faults: consensus.max_faulty_nodes }));
  }
  if (io.json) io.record({ type: "doctor", state: worstOf(all), exit: exitOf(all) });
  return all;
}

interface Configured {
  readonly kiosk: OwnKiosk | undefined;
  readonly checks: readonly Check[];
}

async function configured(file: string, isNamed: boolean): Promise<Configured> {
  if (!existsSync(file)) {
    const about = `there is no ${file}`;
    const check = isNamed
      ? failing("config", "missing", about, `hardway init --file ${file}`)
      : beware("config", `${about}: of this machine only the radios are looked at`, "hardway init");
    return { kiosk: undefined, checks: [check] };
  }
  let text: string;
  try {
    text = await configText(file);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { kiosk: undefined, checks: [failing("config", error.exit, error.message, error.next)] };
  }
  const parsed = parseConfig(text, nearest);
  if (!parsed.ok) {
    const next = "Correct that line; docs/configuration.md has every key.";
    const checks = parsed.problems.map((each) => failing("config", "unsound", problemWords(file, each), next));
    return { kiosk: undefined, checks };
  }
  const { config } = parsed;
  const warnings = warningsOf(config, file).map((warning) => {
    const [about, next = ""] = warning.split(/: (?=chmod)/);
    return beware("config", about, next);
  });
  const checks = warnings.length > 0 ? warnings : [well("config", file)];
  return { kiosk: { file, config, ...placesOf(config, file) }, checks };
}

/** Those of the configuration; where it has none, those that are there. */
function devicesFor(kiosk: OwnKiosk | undefined, tell: (check: Check) => void): readonly Device[] {
  const named = kiosk?.config.radios ?? [];
  if (named.length > 0) return named.map(deviceOf);
  const found = radioPorts().map(({ path }) => path);
  if (found.length === 0) {
    const [about, next] = NO_PORTS.split(/(?<=\.) /);
    tell(failing("radio", "missing", about, next));
  } else if (kiosk !== undefined) {
    const next = `hardway config set radios ${found.join(" ")} --file ${kiosk.file}`;
    tell(failing("radio", "missing", `${kiosk.file} names none`, next));
  }
  return found.map((path) => ({ type: "serial", path }));
}
