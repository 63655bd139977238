/** Runs one target over damaged inputs. Each input lies between canaries in a larger buffer, twice, with different ones: a
 * decoder that looks past its bytes answers differently, and one that writes there, or into its input, is seen. */
import { chance } from "../../protocol/core/chance.ts";
import { type Digest, digestOf } from "./digest.ts";
import { draft, mutate } from "./mutate.ts";
import { same, type Target } from "./target.ts";

export interface FuzzFailure {
  readonly seed: number;
  readonly case: number;
  readonly why: string;
  readonly input: Uint8Array;
}

export interface FuzzResult {
  readonly cases: number;
  /** The least that one seed repeats: two runs over the same cases have the same. */
  readonly hash: number;
  readonly failure: FuzzFailure | undefined;
}

export interface FuzzRange {
  readonly seed: number;
  readonly from: number;
  readonly cases: number;
}

/** Above every packet, so that too much is tried too. */
export const INPUT_SIZE_MAX = 5000;
/** A seed and a case make one number: below this the two stay apart. */
export const SEED_MAX = 2 ** 20 - 1;
export const CASES_MAX = 2 ** 32;

const GUARD_SIZE = 64;
const GUARDS = [0x5a, 0xa5];
/** How often progress is told. */
const REPORT_CASES = 1024;

export function fuzz(target: Target, range: FuzzRange, onProgress: (done: number) => void = () => {}): FuzzResult {
  const input = draft(INPUT_SIZE_MAX);
  const buffers = GUARDS.map((guard) => new Uint8Array(INPUT_SIZE_MAX + 2 * GUARD_SIZE).fill(guard));
  let hash = 0;
  for (let done = 0; done < range.cases; done++) {
    const number = range.from + done;
    // Each case has its own chance, so that one alone can be run again.
    mutate(chance(range.seed * CASES_MAX + number), target.seeds, input);
    const bytes = input.bytes.subarray(0, input.size);
    const answers = buffers.map((buffer, at) => judge(target, bytes, buffer, GUARDS[at]));
    const why = answers.find((answer) => typeof answer === "string") ?? difference(answers as Digest[]);
    if (typeof why === "string") {
      return { cases: done + 1, hash, failure: { seed: range.seed, case: number, why, input: bytes.slice() } };
    }
    hash = (Math.imul(hash, 31) + (answers[0] as Digest).hash) | 0;
    if (done % REPORT_CASES === 0) onProgress(done);
  }
  return { cases: range.cases, hash, failure: undefined };
}

/** The answer, or what is wrong with it. */
function judge(target: Target, bytes: Uint8Array, buffer: Uint8Array, guard: number): Digest | string {
  const end = GUARD_SIZE + bytes.length;
  buffer.set(bytes, GUARD_SIZE);
  buffer.fill(guard, end, end + GUARD_SIZE);
  const view = buffer.subarray(GUARD_SIZE, end);
  let digest: Digest;
  try {
    digest = digestOf(target.run(view));
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  if (!same(view, bytes)) return "wrote into its input";
  for (let i = 0; i < GUARD_SIZE; i++) {
    if (buffer[i] !== guard || buffer[end + i] !== guard) return "wrote beside its input";
  }
  const weightMax = target.weightMax(bytes.length);
  if (digest.weight > weightMax)
    return `answered ${digest.weight} for ${bytes.length} bytes; the bound is ${weightMax}`;
  return digest;
}

function difference(answers: readonly Digest[]): string | undefined {
  const [left, right] = answers;
  if (left.hash === right.hash && left.weight === right.weight) return undefined;
  return "answered differently when only the bytes beside its input did";
}
