/** The short files of an installation: its user, the bound of its log, and names of radios by their sockets. */
import { knownVendors } from "../../host/radio/bridges.ts";
import { UDEV_RULE_PATH, udevRule } from "../../host/radio/udev.ts";
import { MARKER } from "./marker.ts";
import { LOG_NAMESPACE, STATE_FOLDER } from "./places.ts";

export const RADIO_RULE_PATH = UDEV_RULE_PATH;

/** Its own user, of the group that serial ports are for. One that is there stays as it is and joins that group. */
export const userFile = (user: string): string =>
  `${MARKER}\nu ${user} - "Hardway kiosk" ${STATE_FOLDER}\nm ${user} dialout\n`;

/** Days of a kiosk that has much to say, and nothing that fills a card. Lines wait for a minute, but for faults, so that they
 * share writes. A file of its own the kiosk bounds by itself: logs.file_size_mib and logs.files_max. */
export const logLimits = (): string =>
  `${MARKER}\n# The log of ${LOG_NAMESPACE}: journalctl --namespace=${LOG_NAMESPACE} --unit=hardway\n[Journal]\nStorage=persistent\nSystemMaxUse=64M\nSystemMaxFileSize=8M\nMaxRetentionSec=1month\nSyncIntervalSec=1min\n`;

/** Rights, and no ModemManager. */
export const radioRule = (): string => `${MARKER}\n${udevRule()}`;

/** A name for each USB socket, such as /dev/hardway/radio-1-1.2: many bridges of one kind have the same serial number, and then
 * those under /dev/serial/by-id are one. */
export function namesRule(): string {
  const lines = knownVendors().map(
    (vendor) =>
      `SUBSYSTEM=="tty", SUBSYSTEMS=="usb", DRIVERS=="usb", ATTRS{idVendor}=="${vendor}", SYMLINK+="hardway/radio-%b"`,
  );
  return `${MARKER}\n# Radios by the sockets that they are in.\n${lines.join("\n")}\n`;
}
