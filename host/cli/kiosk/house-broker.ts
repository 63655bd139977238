/** The broker that a configuration names, and how the kiosk is known there. */
import { readPassphrase } from "../../node/passphrase-file.ts";
import { InputError } from "../command.ts";
import type { OwnKiosk } from "../commands/own-kiosk.ts";
import type { HouseBroker } from "./served-kiosk.ts";

/** As Home Assistant looks for it, unless its owner changed that. */
const DISCOVERY = "homeassistant";

export function brokerOf({ config: { mqtt }, brokerPasswordFile }: OwnKiosk): HouseBroker | undefined {
  if (!mqtt.enabled) return undefined;
  const { url, username, topic, commands } = mqtt;
  const discovery = mqtt.home_assistant ? DISCOVERY : undefined;
  return { url, username, password: passwordIn(brokerPasswordFile), base: topic, commands, discovery };
}

function passwordIn(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const read = readPassphrase(file);
  if (!read.ok) throw new InputError("missing", `mqtt.password_file: ${read.why}.`, "Its first line is the password.");
  return read.passphrase;
}
