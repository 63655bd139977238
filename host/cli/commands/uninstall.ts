/** `hardway uninstall`: takes away what `install` has put there, and nothing of the kiosk's own. */
import { resolve } from "node:path";
import { machine } from "../../../hardware/system/machine.ts";
import { removalPlan } from "../../../hardware/system/removal-plan.ts";
import { isIdle } from "../../../hardware/system/steps.ts";
import type { Command } from "../command.ts";
import { carryOut, checkRights } from "./install-steps.ts";

export const uninstall: Command = {
  words: ["uninstall"],
  about: "Takes the service away again: shows each step, asks, and does it.",
  more: "The kiosk's folder, its backups, its configuration and its user stay.",
  options: {
    "dry-run": { about: "shows each step, and does nothing" },
    root: { value: "FOLDER", about: "of a system that does not run, as on a card" },
    yes: { about: "does not ask" },
  },
  async run({ text, flag }, io) {
    const named = text("root");
    const root = named === undefined ? undefined : resolve(named);
    const isDryRun = flag("dry-run");
    const command = "hardway uninstall";
    if (!isDryRun) checkRights(root, command);
    const here = machine(root);
    const steps = removalPlan(root, here.facts);
    const exit = await carryOut(steps, here, { isDryRun, isSure: flag("yes"), command }, io);
    if (exit === "done" && !isIdle(steps)) {
      io.err("The kiosk's folder, its backups, its configuration and its user stay where they are.");
    }
    return exit;
  },
};
