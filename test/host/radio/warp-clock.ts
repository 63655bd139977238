/** A clock whose time passes at once: whoever waits is woken in his turn, after every promise of the turn before was kept. */
import type { Clock } from "../../../hardware/virtual/fronts/clock.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";

export class WarpClock implements Clock {
  private time = 0;
  private readonly timers = new Set<{ readonly at: number; readonly run: () => void }>();

  readonly now = (): Millis => millis(this.time);

  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.time + Math.max(0, ms), run };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  };

  /** Until it is done or the time is up; answers whether it was done. */
  async run(ms: number, done: () => boolean = () => false): Promise<boolean> {
    const until = this.time + ms;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (done()) return true;
      let next: { readonly at: number; readonly run: () => void } | undefined;
      for (const timer of this.timers) if (next === undefined || timer.at < next.at) next = timer;
      if (next === undefined || next.at > until) {
        this.time = until;
        return done();
      }
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
  }
}
