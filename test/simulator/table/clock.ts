/** One clock for everything at a table: what is due happens in its order, and between two moments whatever promised something has
 * kept it. */
import { assert } from "../../../protocol/core/assert.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";
import { schedule, type Timed, takeEarliest } from "../heap.ts";

interface Alarm extends Timed {
  run: (() => void) | undefined;
}

export class TableClock {
  now: Millis = millis(0);
  /** How many alarms have rung. */
  rung = 0;
  /** Somebody may go on who waits for a promise. */
  private isStirred = false;
  /** Alarms since time has moved. */
  private still = 0;
  private order = 0;
  private calledOff = 0;
  private alarms: Alarm[] = [];

  /** Answers how to call it off. */
  after(ms: number, run: () => void): () => void {
    const at = Math.ceil((this.now + Math.max(0, ms)) * TICKS_A_MS) / TICKS_A_MS;
    const alarm: Alarm = { at, order: ++this.order, run };
    schedule(this.alarms, alarm);
    return () => {
      if (alarm.run === undefined) return;
      alarm.run = undefined;
      this.calledOff += 1;
      if (this.calledOff > CALLED_OFF_MIN && this.calledOff * 2 > this.alarms.length) this.sweep();
    };
  }

  /** For those who wait for promises: an alarm that rings or is called off may keep one. */
  afterStirred(ms: number, run: () => void): () => void {
    const callOff = this.after(ms, () => {
      this.isStirred = true;
      run();
    });
    return () => {
      this.isStirred = true;
      callOff();
    };
  }

  stir(): void {
    this.isStirred = true;
  }

  /** Until that moment has passed, or it is done. */
  async run(untilMs: number, done: () => boolean = () => false): Promise<boolean> {
    for (;;) {
      if (this.isStirred) {
        this.isStirred = false;
        await settled();
        continue;
      }
      if (done()) return true;
      const next = this.earliest();
      if (next === undefined || next.at > untilMs) break;
      takeEarliest(this.alarms);
      this.still = next.at > this.now ? 0 : this.still + 1;
      assert(this.still < STANDSTILL_MAX, `time moves on from ${this.now}`);
      this.now = millis(Math.max(this.now, next.at));
      this.rung += 1;
      const { run } = next;
      next.run = undefined;
      run?.();
    }
    this.now = millis(Math.max(this.now, untilMs));
    return false;
  }

  private earliest(): Alarm | undefined {
    while (this.alarms.length > 0 && this.alarms[0].run === undefined) {
      takeEarliest(this.alarms);
      this.calledOff -= 1;
    }
    return this.alarms[0];
  }

  /** Of those that were called off nothing is kept. */
  private sweep(): void {
    const left = this.alarms.filter(({ run }) => run !== undefined);
    this.alarms = [];
    for (const alarm of left) schedule(this.alarms, alarm);
    this.calledOff = 0;
  }
}

const CALLED_OFF_MIN = 256;
/** Clocks that began at different moments agree in how long something takes: their differences have no rounding. */
const TICKS_A_MS = 1024;
/** Things that happen at one moment, before they count as a circle. */
const STANDSTILL_MAX = 100_000;

/** A macrotask comes after all microtasks. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
