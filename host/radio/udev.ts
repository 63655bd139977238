/** The rule that gives this host's people their radios and keeps ModemManager away from them. It talks to every new serial
 * port for half a minute, to see whether that is a modem. */
import { knownVendors } from "./bridges.ts";

export const UDEV_RULE_PATH = "/etc/udev/rules.d/70-hardway-radio.rules";

export function udevRule(): string {
  const lines = knownVendors().map(
    (vendor) =>
      `SUBSYSTEM=="tty", ATTRS{idVendor}=="${vendor}", ENV{ID_MM_DEVICE_IGNORE}="1", ENV{ID_MM_PORT_IGNORE}="1", GROUP="dialout", MODE="0660", TAG+="uaccess"`,
  );
  return `# Serial adapters that radios are behind: for the group dialout, and not for ModemManager.\n${lines.join("\n")}\n`;
}

/** What a person types to install it. */
export const UDEV_COMMANDS: readonly string[] = Object.freeze([
  `hardway doctor --udev | sudo tee ${UDEV_RULE_PATH}`,
  "sudo udevadm control --reload && sudo udevadm trigger --subsystem-match=tty",
]);
