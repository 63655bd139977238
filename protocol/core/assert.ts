/** Our own mistakes end the program. A peer's fault is a value, the world's fault an event; neither comes here. */

export class AssertionError extends Error {
  // A getter, because on a board `Error.prototype` lies frozen in flash and assigning `name` throws.
  override get name(): string {
    return "AssertionError";
  }
}

/** `fact` is the positive statement that must hold. */
export function assert(holds: boolean, fact: string): asserts holds {
  if (!holds) throw new AssertionError(fact);
}

/** Closes a `switch` over a union: a case that is missing does not compile. */
export function unreachable(value: never): never {
  throw new AssertionError(`no such case: ${JSON.stringify(value)}`);
}
