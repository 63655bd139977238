/** Something that must never be. Thrown, because a run has nothing more to say after it. */

export class Violation extends Error {
  readonly rule: string;
  readonly atMs: number;
  readonly events: number;

  constructor(rule: string, detail: string, atMs: number, events: number) {
    super(`${rule}: ${detail}`);
    this.rule = rule;
    this.atMs = atMs;
    this.events = events;
  }
}

export function broken(rule: string, detail: string, of: { readonly now: number; readonly events: number }): never {
  throw new Violation(rule, detail, of.now, of.events);
}
