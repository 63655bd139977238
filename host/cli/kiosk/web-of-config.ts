/** Where a kiosk's page is shown: to this machine, or to the house where its operator has said so and set a PIN. */
import { hostname } from "node:os";
import { join } from "node:path";
import type { Log } from "../../logs/logger.ts";
import { readPrivate } from "../../node/private-file.ts";
import { isLoopback } from "../../web/server/origin.ts";
import { PIN_FILE, type PinRecord, readPin } from "../../web/server/pin-record.ts";
import { InputError } from "../command.ts";
import { fileWords, type OwnKiosk } from "../commands/own-kiosk.ts";
import { pageFolder } from "../repository.ts";
import type { ServedOptions } from "./served-kiosk.ts";

/** All of a machine's, of either kind. */
export const HOUSE_ADDRESSES: readonly string[] = Object.freeze(["0.0.0.0", "::"]);

/** `listen`: instead of what the configuration says, for this once. */
export function webOf(kiosk: OwnKiosk, listen: string | undefined, log: Log): ServedOptions["web"] {
  const { web } = kiosk.config;
  if (!web.enabled) return undefined;
  const host = listen ?? web.host;
  const pin = pinIn(kiosk.folder, log);
  if (!isLoopback(host) && pin === undefined) {
    const next = `hardway pin${fileWords(kiosk)} sets one; without --listen it is shown to this machine alone.`;
    throw new InputError("missing", `the page would be shown at ${host}, to the house, and there is no PIN.`, next);
  }
  return { host, port: web.port, hosts: isLoopback(host) ? [] : houseNames(web.hosts), page: pageFolder(), pin };
}

/** As the house's name service tells them, and as an operator has said. */
export function houseNames(said: readonly string[]): string[] {
  const own = hostname();
  return [...new Set([own, ...(own.includes(".") ? [] : [`${own}.local`]), ...said])];
}

function pinIn(folder: string, log: Log): PinRecord | undefined {
  const file = readPrivate(join(folder, PIN_FILE));
  if (file === undefined) return undefined;
  const pin = readPin(Buffer.from(file).toString("utf8"));
  if (pin === undefined) log.error("the PIN's file is damaged", { next: "hardway pin sets another" });
  return pin;
}
