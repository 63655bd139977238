/** The words that `npm start` takes. */
import { parseArgs } from "node:util";

export const USAGE = `npm start -- [--seconds N] [--error-rate R] [--seed S]

  --seconds N     how long to run, 1 to 86400 (30)
  --error-rate R  bytes flipped, lost or made up, 0.000001 to 0.02 (0.001)
  --seed S        the noise's seed, a whole number (1)
  --help          this text`;

export type Options =
  | { readonly type: "run"; readonly seconds: number; readonly errorRate: number; readonly seed: number }
  | { readonly type: "help" }
  | { readonly type: "wrong"; readonly why: string };

export function options(args: readonly string[]): Options {
  let values: { [name: string]: string | boolean | undefined };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        seconds: { type: "string", default: "30" },
        "error-rate": { type: "string", default: "0.001" },
        seed: { type: "string", default: "1" },
        help: { type: "boolean", default: false },
      },
    }));
  } catch (error) {
    return { type: "wrong", why: (error as Error).message };
  }
  if (values.help === true) return { type: "help" };
  const seconds = Number(values.seconds);
  const errorRate = Number(values["error-rate"]);
  const seed = Number(values.seed);
  if (!(Number.isInteger(seconds) && seconds >= 1 && seconds <= 86_400)) return wrong("--seconds", values.seconds);
  if (!(errorRate >= 1e-6 && errorRate <= 0.02)) return wrong("--error-rate", values["error-rate"]);
  if (!Number.isSafeInteger(seed)) return wrong("--seed", values.seed);
  return { type: "run", seconds, errorRate, seed };
}

const wrong = (name: string, value: unknown): Options => ({ type: "wrong", why: `${name} cannot be ${value}` });
