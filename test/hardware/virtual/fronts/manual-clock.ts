/** A clock that stands until it is moved. */
import type { Clock } from "../../../../hardware/virtual/fronts/clock.ts";
import { type Millis, millis } from "../../../../protocol/core/units.ts";

export class ManualClock implements Clock {
  private at = 1000;
  private readonly alarms = new Set<{ readonly at: number; readonly run: () => void }>();

  now(): Millis {
    return millis(this.at);
  }

  after(ms: number, run: () => void): () => void {
    const alarm = { at: this.at + ms, run };
    this.alarms.add(alarm);
    return () => this.alarms.delete(alarm);
  }

  /** What is due on the way happens in its order. */
  pass(ms: number): void {
    const until = this.at + ms;
    for (;;) {
      const [next] = [...this.alarms].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.alarms.delete(next);
      this.at = Math.max(this.at, next.at);
      next.run();
    }
    this.at = until;
  }

  /** Time goes by and nobody gets to run: a machine that slept. */
  skip(ms: number): void {
    this.at += ms;
  }

  get waiting(): number {
    return this.alarms.size;
  }
}
