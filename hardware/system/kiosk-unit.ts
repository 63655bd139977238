/** The kiosk as a service: started with its machine, and started again whatever ended it. */

import { WATCHDOG_MS } from "../../host/service/limits.ts";
import { hardening, SERIAL_DEVICES } from "./hardening.ts";
import { quoted, quotedPath, unitText } from "./marker.ts";
import { KIOSK_NODE_FLAGS } from "./node-flags.ts";
import { isPersonal, KIOSK_UNIT, LOG_NAMESPACE, type Places, UNITS_FOLDER } from "./places.ts";

export const KIOSK_UNIT_PATH = `${UNITS_FOLDER}/${KIOSK_UNIT}`;

const DRIVERS = "modprobe@usbserial.service modprobe@cdc_acm.service";

/** A folder with a config that the page of settings writes: a new file beside it takes its place. */
const folderOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf("/")));

export function kioskUnit(places: Places): string {
  const { node, program, config, user, listen } = places;
  const words = [
    node,
    ...KIOSK_NODE_FLAGS,
    program,
    "run",
    "--file",
    config,
    ...(listen === undefined ? [] : ["--listen", listen]),
  ];
  const command = words.map(quoted).join(" ");
  return unitText([
    [
      "Unit",
      [
        "Description=Hardway kiosk: agreed dice over radios, play money only",
        "# Serial ports are allowed by the kinds that the kernel knows at the start, also those of adapters that come later.",
        `Wants=${DRIVERS}`,
        `After=local-fs.target systemd-udevd.service ${DRIVERS}`,
        "# A radio may be out for a night: it is never given up.",
        "StartLimitIntervalSec=0",
      ],
    ],
    [
      "Service",
      [
        "Type=notify",
        "# systemd-notify speaks for the kiosk, from a process of its own.",
        "NotifyAccess=all",
        `ExecStart=${command}`,
        `User=${user}`,
        "SupplementaryGroups=dialout",
        "StateDirectory=hardway",
        "StateDirectoryMode=0700",
        "WorkingDirectory=/var/lib/hardway",
        "Restart=always",
        "RestartSec=5s",
        "# Fed only while a radio answers and the kiosk's loop comes round.",
        `WatchdogSec=${WATCHDOG_MS / 1000}s`,
        "# A long journal is read on a slow card.",
        "TimeoutStartSec=180s",
        "# Time to close the journal and to take leave of the others.",
        "TimeoutStopSec=20s",
        "KillMode=mixed",
        "OOMPolicy=stop",
        "MemoryMax=768M",
        "TasksMax=128",
        "LimitNOFILE=4096",
        `LogNamespace=${LOG_NAMESPACE}`,
        ...hardening(places),
        // Never a person's whole folder: settings are changed by hand there.
        ...(isPersonal(config) ? [] : [`ReadWritePaths=${quotedPath(`-${folderOf(config)}`)}`]),
        ...SERIAL_DEVICES,
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
      ],
    ],
    ["Install", ["WantedBy=multi-user.target"]],
  ]);
}
