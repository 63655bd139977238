/** Time that a test turns on, where everything that waits for it is synchronous. */
import type { NodeClock } from "../../../host/node/clock.ts";
import { millis } from "../../../protocol/core/units.ts";

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

export class Alarms {
  now = 0;
  private timers: Timer[] = [];

  readonly clock: NodeClock = {
    now: () => millis(this.now),
    wallMs: () => this.now,
    after: (ms, run) => this.after(ms, run),
  };

  run(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      this.timers.sort((left, right) => left.at - right.at);
      const next = this.timers[0];
      if (next === undefined || next.at > until) break;
      this.timers.shift();
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = until;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.now + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }
}
