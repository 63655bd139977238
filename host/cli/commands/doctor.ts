/** `hardway doctor`: tries each radio from its port to its wire, and says what is wrong and the next thing to try. */
import { deviceText } from "../../radio/device-url.ts";
import { diagnose } from "../../radio/diagnose.ts";
import type { Finding, FindingKind } from "../../radio/findings.ts";
import { udevRule } from "../../radio/udev.ts";
import type { Command } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { devicesOf, NO_PORTS } from "./devices.ts";

export const doctor: Command = {
  words: ["doctor"],
  takes: "[DEVICE …]",
  about: "Opens each radio, talks to it, tests its wire, and says what to do about what is wrong.",
  more: "Without a device it takes every serial port that may be a radio. The exit is that of the worst finding.",
  options: { udev: { about: "prints the udev rule that keeps ModemManager away from radios, and nothing else" } },
  async run({ operands, flag }, io) {
    if (flag("udev")) {
      if (io.json) io.record({ udev: udevRule() });
      else io.out(udevRule().trimEnd());
      return "done";
    }
    const devices = devicesOf(operands);
    if (devices.length === 0) {
      io.err(NO_PORTS);
      return "missing";
    }
    let worst: Exit = "done";
    for (const device of devices) {
      if (io.signal.aborted) return "interrupted";
      io.err(`${deviceText(device)} …`);
      const finding = await diagnose(device, { signal: io.signal, onStep: (words) => io.err(`  ${words}`) });
      if (io.json) io.record(finding.hello === undefined ? finding : { ...finding, hello: plain(finding.hello) });
      else for (const line of linesOf(finding)) io.out(line);
      const exit = EXIT_OF[finding.kind];
      if (worst === "done") worst = exit;
    }
    return worst;
  },
};

const EXIT_OF: { readonly [kind in FindingKind]: Exit } = Object.freeze({
  healthy: "done",
  missing: "missing",
  busy: "busy",
  forbidden: "forbidden",
  hangUp: "lost",
  failed: "failed",
  silent: "silent",
  bootloader: "silent",
  babbling: "babbling",
  stranger: "stranger",
  version: "version",
  wire: "wire",
});

export function linesOf({ device, kind, step, message, next, warnings }: Finding): string[] {
  const lines = [kind === "healthy" ? `${device}: well. ${message}` : `${device}: ${step}: ${message}`];
  if (next !== "") lines.push(`  Next: ${next}`);
  for (const warning of warnings) lines.push(`  Beware: ${warning}`);
  return lines;
}

/** Bytes as a reader of JSON expects them. */
const plain = (hello: NonNullable<Finding["hello"]>) => ({
  ...hello,
  build: hex(hello.build),
  chip: hex(hello.chip),
  address: { ...hello.address, address: hex(hello.address.address) },
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
