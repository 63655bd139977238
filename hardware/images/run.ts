/** Another program, with what it said. */
import { spawn } from "node:child_process";

export interface Ran {
  /** Undefined when it could not be started, or was stopped because it took too long. */
  readonly status: number | undefined;
  /** Both outputs, in the order in which they came. */
  readonly output: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly withinMs: number;
  readonly onOutput?: ((text: string) => void) | undefined;
  /** Aborted: it is ended. */
  readonly signal?: AbortSignal | undefined;
}

export type Run = (command: string, values: readonly string[], options: RunOptions) => Promise<Ran>;

/** Enough to find what went wrong; a build says more than anybody reads. */
const OUTPUT_LENGTH_MAX = 1_000_000;

export const run: Run = (command, values, { cwd, environment, withinMs, onOutput, signal }) =>
  new Promise((done) => {
    let output = "";
    const take = (bytes: Buffer): void => {
      const text = bytes.toString("utf8");
      output = (output + text).slice(-OUTPUT_LENGTH_MAX);
      onOutput?.(text);
    };
    const program = spawn(command, values, {
      cwd,
      env: environment,
      timeout: withinMs,
      ...(signal === undefined ? {} : { signal }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    program.stdout.on("data", take);
    program.stderr.on("data", take);
    program.on("error", (error) => done({ status: undefined, output: `${output}${error.message}\n` }));
    program.on("close", (status) => done({ status: status ?? undefined, output }));
  });
