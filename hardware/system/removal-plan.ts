/** From a machine with a kiosk on it to one without, where nothing of the kiosk's own is lost: its folder, its backups, its
 * configuration and its user stay. */
import { BACKUP_TIMER_PATH, BACKUP_UNIT_PATH } from "./backup-units.ts";
import { rootOption, run } from "./install-plan.ts";
import { KIOSK_UNIT_PATH } from "./kiosk-unit.ts";
import { isOurs } from "./marker.ts";
import { BACKUP_TIMER, KIOSK_UNIT, LOG_LIMITS_PATH, NAMES_RULE_PATH, SCREEN_UNIT, USER_FILE_PATH } from "./places.ts";
import { SCREEN_UNIT_PATH } from "./screen-unit.ts";
import { RADIO_RULE_PATH } from "./small-files.ts";
import type { Facts, Step } from "./steps.ts";

const FILES: readonly string[] = Object.freeze([
  ...[KIOSK_UNIT_PATH, BACKUP_UNIT_PATH, BACKUP_TIMER_PATH, SCREEN_UNIT_PATH],
  ...[LOG_LIMITS_PATH, RADIO_RULE_PATH, NAMES_RULE_PATH, USER_FILE_PATH],
]);

export function removalPlan(root: string | undefined, facts: Facts): Step[] {
  const { textOf, isActive, isEnabled } = facts;
  const steps: Step[] = [];
  if (isEnabled(SCREEN_UNIT)) {
    steps.push(run(["systemctl", ...rootOption(root), "--global", "disable", SCREEN_UNIT], "no page at a login"));
  }
  const units = [KIOSK_UNIT, BACKUP_TIMER];
  const enabled = units.filter(isEnabled);
  if (enabled.length > 0) {
    steps.push(run(["systemctl", ...rootOption(root), "disable", ...enabled], "not with the machine any more"));
  }
  const active = root === undefined ? units.filter(isActive) : [];
  if (active.length > 0) steps.push(run(["systemctl", "stop", ...active], "ends the kiosk, its journal closed"));
  for (const path of FILES) {
    const there = textOf(path);
    if (there === undefined) continue;
    if (isOurs(there)) steps.push({ type: "remove", path });
    else steps.push({ type: "leave", path, why: "somebody else wrote it" });
  }
  if (root === undefined && steps.some(({ type }) => type === "remove")) {
    steps.push(run(["systemctl", "daemon-reload"], "the units are gone"));
    steps.push(run(["udevadm", "control", "--reload"], "the rules are gone"));
  }
  return steps;
}
