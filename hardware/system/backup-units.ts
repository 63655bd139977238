/** A backup a day, taken beside the kiosk while it plays. */
import { hardening } from "./hardening.ts";
import { quoted, unitText } from "./marker.ts";
import { BACKUP_TIMER, BACKUP_UNIT, LOG_NAMESPACE, type Places, UNITS_FOLDER } from "./places.ts";

export const BACKUP_UNIT_PATH = `${UNITS_FOLDER}/${BACKUP_UNIT}`;
export const BACKUP_TIMER_PATH = `${UNITS_FOLDER}/${BACKUP_TIMER}`;

export function backupUnit(places: Places): string {
  const { node, program, config, backups, user } = places;
  const words = [node, program, "backup", "--file", config, "--to", backups, "--scheduled"];
  return unitText([
    ["Unit", ["Description=Backup of the Hardway kiosk"]],
    [
      "Service",
      [
        "Type=oneshot",
        `ExecStart=${words.map(quoted).join(" ")}`,
        `User=${user}`,
        "StateDirectory=hardway",
        "StateDirectoryMode=0700",
        "# The kiosk comes first.",
        "Nice=19",
        "IOSchedulingClass=idle",
        "TimeoutStartSec=600s",
        `LogNamespace=${LOG_NAMESPACE}`,
        ...hardening(places),
        "PrivateNetwork=yes",
        "PrivateDevices=yes",
        "RestrictAddressFamilies=AF_UNIX",
      ],
    ],
  ]);
}

export function backupTimer(): string {
  return unitText([
    ["Unit", ["Description=Backup of the Hardway kiosk, once a day"]],
    [
      "Timer",
      [
        "OnCalendar=*-*-* 05:00:00",
        "# Kiosks of one venue do not all read their cards at once.",
        "RandomizedDelaySec=1h",
        "# One that was off at that hour takes it when it is on again.",
        "Persistent=true",
      ],
    ],
    ["Install", ["WantedBy=timers.target"]],
  ]);
}
