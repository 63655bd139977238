/**
 * A process that hashes, and nothing else: what takes half a second here takes nothing from the process that votes. A process
 * and no thread, because two threads of the portable library gain seven percent and two processes a hundred, and because only
 * a process has a priority of its own.
 */
import { getPriority, setPriority } from "node:os";
import { unreachable } from "../../../protocol/core/assert.ts";
import { openAddresses } from "./address.ts";
import type { Binding } from "./argon2.ts";
import { hashTimeMs } from "./hash-time.ts";
import { judgeIdentity } from "./judge-identity.ts";
import { openArgon2 } from "./open-argon2.ts";
import { tryChunk } from "./try-chunk.ts";
import { ANY_BINDING, type Done, type Job, type WorkerHears, type WorkerSays } from "./worker-messages.ts";

const [wish, niceness] = process.argv.slice(2);
// Whoever else wants the core gets it first.
if (getPriority() < Number(niceness)) setPriority(Number(niceness));
// A kiosk that is gone wants nothing any more.
process.on("disconnect", () => process.exit());

const say = (said: WorkerSays): boolean => process.send?.(said) ?? false;

const argon2 = (wish === ANY_BINDING ? undefined : await openArgon2(wish as Binding)) ?? (await openArgon2());
const addressOf = await openAddresses();

async function perform(job: Job): Promise<Done> {
  switch (job.type) {
    case "judge":
      return { type: "judged", judgement: await judgeIdentity(job.identity, job.scope, argon2, addressOf) };
    case "try":
      return { type: "tried", foundNonce: await tryChunk(job.wanted, job.chunk, argon2) };
    case "time":
      return { type: "timed", hashMs: await hashTimeMs(argon2, job.profile) };
    default:
      return unreachable(job);
  }
}

let last: Promise<unknown> = Promise.resolve();
process.on("message", ({ number, job }: WorkerHears) => {
  last = last.then(async () => say({ type: "done", number, done: await perform(job) }));
});
say({ type: "ready", binding: argon2.binding });
