/** `hardway doctor`: looks at everything that could keep a kiosk from playing, and says of each what is wrong and what to do. */
import { CONFIG_FILE } from "../../config/config-file.ts";
import { udevRule } from "../../radio/udev.ts";
import { type Command, UsageError } from "../command.ts";
import { deviceOf } from "./devices.ts";
import { type Check, checkLines, exitOf, worstOf } from "./doctor-check.ts";
import { examine } from "./doctor-kiosk.ts";
import { plainFinding, radioLook } from "./doctor-radios.ts";

export const doctor: Command = {
  words: ["doctor"],
  takes: "[DEVICE …]",
  about: "Says of a kiosk and its radios what is well, what is wrong, and what to do about it.",
  more: `A line each: OK, WARN where it plays all the same, FAIL where it does not. It changes nothing. With a DEVICE it looks at that
radio alone. The exit is that of the first FAIL.`,
  options: {
    file: { value: "FILE", about: `the configuration; else ${CONFIG_FILE}, where there is one` },
    udev: { about: "prints the udev rule that keeps ModemManager away from radios, and nothing else" },
  },
  async run({ operands, flag, text }, io) {
    if (flag("udev")) {
      if (io.json) io.record({ udev: udevRule() });
      else io.out(udevRule().trimEnd());
      return "done";
    }
    const named = text("file");
    if (operands.length === 0) {
      const checks = await examine(named ?? CONFIG_FILE, named !== undefined, io);
      if (io.signal.aborted) return "interrupted";
      if (worstOf(checks) === "OK") io.err("All is well.");
      return exitOf(checks);
    }
    if (named !== undefined) throw new UsageError("doctor takes DEVICEs or --file");
    const all: Check[] = [];
    for (const device of operands.map(deviceOf)) {
      if (io.signal.aborted) return "interrupted";
      const { finding, checks } = await radioLook(device, undefined, io);
      all.push(...checks);
      if (io.json && finding !== undefined) io.record(plainFinding(finding));
      else for (const check of checks) for (const line of checkLines(check)) io.out(line);
    }
    return exitOf(all);
  },
};
