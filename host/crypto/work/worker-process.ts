/** One worker, from the side of the process that votes: a question has one answer, or the word that the worker is gone. The next
 * question starts another; but where one did not even begin, nobody tries again for a while. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Binding } from "./argon2.ts";
import { ANY_BINDING, type Done, type Job, type WorkerHears, type WorkerSays } from "./worker-messages.ts";

export interface WorkerOptions {
  /** A compiled program: where it lies beside this one, nobody need say. */
  readonly program?: string;
  /** The fastest that is there, unless one is asked for. */
  readonly binding?: Binding;
  /** How much it gives way to others (setpriority(2)): 19 takes only what nobody wants, 10 a tenth where all want more. */
  readonly niceness?: number;
}

export interface WorkerProcess {
  /** Which library it has; undefined of a worker that did not start. */
  readonly binding: () => Promise<Binding | undefined>;
  /** Questions are answered in their order. Undefined: the worker is gone. */
  readonly ask: (job: Job) => Promise<Done | undefined>;
  readonly pid: () => number | undefined;
  /** Whatever is not answered is not answered any more. */
  readonly close: () => Promise<void>;
}

interface Life {
  readonly child: ChildProcess;
  readonly ready: Promise<Binding | undefined>;
  readonly asked: Map<number, (done: Done | undefined) => void>;
  readonly ended: Promise<void>;
}

/** To start a process holds this one up for a millisecond or two, and a busy machine for longer: votes must not pay often for what is in
 * vain. */
const REST_MS = 10_000;

export function workerProcess({ program = BESIDE, binding, niceness = 0 }: WorkerOptions): WorkerProcess {
  let life: Life | undefined;
  let number = 0;
  let isClosed = false;
  let restsUntil = 0;

  const begin = (): Life => {
    const child = fork(program, [binding ?? ANY_BINDING, String(niceness)], {
      ...{ serialization: "advanced", execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] },
    });
    const asked: Life["asked"] = new Map();
    let onReady: (binding: Binding | undefined) => void = () => {};
    let hasBegun = false;
    const ready = new Promise<Binding | undefined>((resolve) => {
      onReady = resolve;
    });
    const ended = new Promise<void>((resolve) => {
      const onGone = (): void => {
        if (life?.child === child) life = undefined;
        if (!hasBegun) restsUntil = performance.now() + REST_MS;
        onReady(undefined);
        for (const answer of asked.values()) answer(undefined);
        asked.clear();
        resolve();
      };
      child.once("exit", onGone);
      // It could not be started, or no word reaches it any more.
      child.on("error", () => {
        child.kill("SIGKILL");
        onGone();
      });
    });
    child.on("message", (said: WorkerSays) => {
      if (said.type === "ready") {
        hasBegun = true;
        return onReady(said.binding);
      }
      asked.get(said.number)?.(said.done);
      asked.delete(said.number);
    });
    return { child, ready, asked, ended };
  };
  const living = (): Life | undefined => {
    if (life === undefined && !isClosed && performance.now() >= restsUntil) life = begin();
    return life;
  };

  return {
    binding: async () => living()?.ready,
    pid: () => life?.child.pid,
    ask: (job) =>
      new Promise((resolve) => {
        const now = living();
        if (now === undefined) return resolve(undefined);
        number += 1;
        now.asked.set(number, resolve);
        now.child.send({ number, job } satisfies WorkerHears, (error) => {
          // Its end has answered already, or will.
          if (error !== null) now.child.kill("SIGKILL");
        });
      }),
    async close() {
      isClosed = true;
      const now = life;
      now?.child.kill("SIGKILL");
      await now?.ended;
    },
  };
}

const BESIDE = fileURLToPath(new URL("./worker.js", import.meta.url));
