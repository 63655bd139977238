/** From a machine as it is to one with a kiosk on it: the steps that are missing, none where all is done. */
import { udevRule } from "../../host/radio/udev.ts";
import { BACKUP_TIMER_PATH, BACKUP_UNIT_PATH, backupTimer, backupUnit } from "./backup-units.ts";
import { KIOSK_UNIT_PATH, kioskUnit } from "./kiosk-unit.ts";
import { isOurs } from "./marker.ts";
import {
  BACKUP_TIMER,
  KIOSK_UNIT,
  LOG_LIMITS_PATH,
  NAMES_RULE_PATH,
  type Places,
  SCREEN_UNIT,
  USER_FILE_NAME,
  USER_FILE_PATH,
} from "./places.ts";
import { SCREEN_UNIT_PATH, screenUnit } from "./screen-unit.ts";
import { logLimits, namesRule, RADIO_RULE_PATH, radioRule, userFile } from "./small-files.ts";
import { type Facts, isIdle, type Step } from "./steps.ts";

export interface InstallOptions {
  /** Of a system that does not run: an image on a card. */
  readonly root?: string;
  /** Files and folders that the service must own. */
  readonly owned: readonly string[];
  readonly hasScreen: boolean;
}

type File = readonly [path: string, text: string];

export function installPlan(places: Places, options: InstallOptions, facts: Facts): Step[] {
  const { user, pageUrl } = places;
  const { root, owned, hasScreen } = options;
  const users = written([[USER_FILE_PATH, userFile(user)]], facts);
  const rules = written(
    [
      [RADIO_RULE_PATH, radioRule()],
      [NAMES_RULE_PATH, namesRule()],
    ],
    facts,
  );
  const kiosk = written([[KIOSK_UNIT_PATH, kioskUnit(places)]], facts);
  const others: File[] = [
    [BACKUP_UNIT_PATH, backupUnit(places)],
    [BACKUP_TIMER_PATH, backupTimer()],
    [LOG_LIMITS_PATH, logLimits()],
  ];
  if (hasScreen && pageUrl !== undefined) others.push([SCREEN_UNIT_PATH, screenUnit(places, pageUrl)]);
  const units = [...kiosk, ...written(others, facts)];
  const steps: Step[] = [...users, ...rules, ...units];

  if (!isIdle(users) || !facts.hasUser(user)) {
    steps.push(run(["systemd-sysusers", ...rootOption(root), USER_FILE_NAME], `makes user ${user}`));
  }
  for (const path of owned) {
    if (facts.ownerOf(path) !== undefined && facts.ownerOf(path) !== user) steps.push({ type: "own", path, user });
  }
  if (root === undefined) steps.push(...reloads(rules, units, facts));
  steps.push(...enabling([KIOSK_UNIT, BACKUP_TIMER], root, facts));
  if (hasScreen && pageUrl !== undefined && !facts.isEnabled(SCREEN_UNIT)) {
    steps.push(run(["systemctl", ...rootOption(root), "--global", "enable", SCREEN_UNIT], "the page at each login"));
  }
  if (root !== undefined) return steps;
  const isRunning = facts.isActive(KIOSK_UNIT);
  if (!isRunning) steps.push(run(["systemctl", "start", "--no-block", KIOSK_UNIT], "starts the kiosk"));
  else if (!isIdle(kiosk)) steps.push(run(["systemctl", "restart", "--no-block", KIOSK_UNIT], "by its new unit"));
  if (!facts.isActive(BACKUP_TIMER)) steps.push(run(["systemctl", "start", BACKUP_TIMER], "a backup a day"));
  return steps;
}

/** Files that are not as they should be. What somebody else wrote stays. */
function written(files: readonly File[], { textOf }: Facts): Step[] {
  return files.flatMap(([path, text]): Step[] => {
    const there = textOf(path);
    if (there === text) return [];
    // A person has put it there by the words of `hardway doctor`.
    const isKnown = there === undefined || isOurs(there) || there === udevRule();
    if (!isKnown) return [{ type: "leave", path, why: "somebody else wrote it" }];
    return [{ type: "write", path, text, isNew: there === undefined }];
  });
}

function reloads(rules: readonly Step[], units: readonly Step[], { needsReload }: Facts): Step[] {
  const steps: Step[] = [];
  if (!isIdle(rules)) {
    steps.push(run(["udevadm", "control", "--reload"], "the rules of radios"));
    steps.push(run(["udevadm", "trigger", "--subsystem-match=tty"], "for radios that are plugged in"));
  }
  if (!isIdle(units) || needsReload(KIOSK_UNIT)) steps.push(run(["systemctl", "daemon-reload"], "the units"));
  return steps;
}

function enabling(units: readonly string[], root: string | undefined, { isEnabled }: Facts): Step[] {
  const missing = units.filter((unit) => !isEnabled(unit));
  if (missing.length === 0) return [];
  return [run(["systemctl", ...rootOption(root), "enable", ...missing], "with the machine, from now on")];
}

export const run = (command: readonly string[], why: string): Step => ({ type: "run", command, why });

export const rootOption = (root: string | undefined): string[] => (root === undefined ? [] : [`--root=${root}`]);
