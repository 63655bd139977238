/** `hardway radio list`: the serial ports that there are, and what is known of each without opening it. */
import type { FoundPort } from "../../radio/discovery.ts";
import { discoverAll } from "../../radio/listed.ts";
import type { Command } from "../command.ts";
import { NO_PORTS } from "./devices.ts";

export const radioList: Command = {
  words: ["radio", "list"],
  about: "Lists the serial ports that may be radios, without opening them.",
  async run(_, io) {
    const ports = await discoverAll();
    for (const port of ports) {
      if (io.json) io.record(port);
      else io.out(lineOf(port));
    }
    if (ports.length === 0) io.err(`${NO_PORTS}\nA virtual one: hardway virtual --help`);
    return "done";
  },
};

export function lineOf(port: FoundPort): string {
  const { path, tty, usb, bridge, isOwn } = port;
  const parts = [path];
  if (path !== `/dev/${tty}`) parts.push(tty);
  if (isOwn) parts.push("a UART of this computer");
  if (usb !== undefined) parts.push(usb.name || `USB ${usb.vendor}:${usb.product}`);
  if (bridge !== undefined) {
    parts.push(bridge.boards.length > 0 ? `${bridge.name}, as on ${bridge.boards.join(" or ")}` : bridge.name);
    if (bridge.warning !== undefined) parts.push(`beware: ${bridge.warning}`);
  }
  return parts.join("  ");
}
