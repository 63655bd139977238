/** Steps shown, asked about and done: what `install` and `uninstall` have in common. */
import type { Machine } from "../../../hardware/system/machine.ts";
import { isIdle, type Step, stepWords } from "../../../hardware/system/steps.ts";
import { InputError, UsageError } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";

export interface StepsOptions {
  readonly isDryRun: boolean;
  readonly isSure: boolean;
  /** As in "sudo hardway install". */
  readonly command: string;
}

/** Root alone may do all of it, but for a folder that is a system's only by name. */
export function checkRights(root: string | undefined, command: string, uid = process.getuid?.()): void {
  if (root !== undefined || uid === 0) return;
  throw new InputError("forbidden", "only root may change this machine.", `sudo ${command}, or --dry-run to look.`);
}

export async function carryOut(steps: readonly Step[], machine: Machine, options: StepsOptions, io: Io): Promise<Exit> {
  const { isDryRun, isSure } = options;
  for (const step of steps) show(step, isDryRun, io);
  if (isIdle(steps)) {
    io.out("All is as it should be: nothing to do.");
    return "done";
  }
  if (isDryRun) {
    io.err("Nothing was done.");
    return "done";
  }
  if (!isSure) {
    const answer = await io.ask("Do all that? [y/N]");
    if (answer === undefined) throw new UsageError("nobody is there to be asked: --yes does not ask");
    if (!/^y(?:es)?$/i.test(answer.trim())) return "interrupted";
  }
  for (const [at, step] of steps.entries()) {
    if (io.signal.aborted) return "interrupted";
    const why = machine.perform(step);
    if (why === undefined) continue;
    const next = `Mend that, and run ${options.command} again: it goes on where it was.`;
    throw new InputError("failed", `step ${at + 1}, ${stepWords(step)}: ${why}.`, next);
  }
  io.out("Done.");
  return "done";
}

function show(step: Step, isDryRun: boolean, io: Io): void {
  if (io.json) io.record(step);
  io.out(stepWords(step));
  if (!isDryRun || step.type !== "write") return;
  for (const line of step.text.trimEnd().split("\n")) io.out(`    ${line}`);
}
