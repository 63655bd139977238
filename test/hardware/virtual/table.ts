/** Hosts with a session each, and between them a world of virtual boards: the rig of tests that go from host to host. */
import type { Board } from "../../../hardware/boards/board.ts";
import {
  portRoom,
  step as stepWorld,
  type World,
  type WorldConfig,
  type WorldEffect,
  type WorldEvent,
  world,
  nextDeadline as worldDeadline,
} from "../../../hardware/virtual/world.ts";
import type { SessionEffect, SessionEvent } from "../../../host/radio/events.ts";
import { type Session, session, nextDeadline as sessionDeadline, step } from "../../../host/radio/session.ts";
import { SERIAL_AHEAD_SIZE } from "../../../protocol/core/limits.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";

export type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

export class Table {
  readonly world: World;
  readonly sessions: readonly Session[];
  readonly heard: readonly SessionEffect[][];
  now: Millis = millis(0);
  /** What a host does about what its session says. */
  on: (host: number, effect: SessionEffect) => void = () => {};
  private lives = 0;
  /** When each session is due; worked out anew when it was told something. */
  private readonly dueAt: number[];

  constructor(boards: readonly Board[], over: Partial<WorldConfig> = {}) {
    const placed = boards.map((board, i) => ({ board, position: { x: i, y: 0 } }));
    this.world = world({ seed: 1, errorRate: 0, boards: placed, ...over });
    this.sessions = boards.map(() => session());
    this.heard = boards.map(() => []);
    this.dueAt = boards.map(() => Number.POSITIVE_INFINITY);
  }

  plug(host: number): void {
    this.tell(host, { type: "plugged", session: ++this.lives });
  }

  tell(host: number, event: Untimed<SessionEvent>): void {
    const effects: SessionEffect[] = [];
    step(this.sessions[host], { ...event, at: this.now } as SessionEvent, effects);
    for (const effect of effects) {
      if (effect.type === "transmit") {
        this.happen({ type: "write", board: host, bytes: effect.bytes });
      } else {
        this.heard[host].push(effect);
        this.on(host, effect);
      }
    }
    this.dueAt[host] = Math.min(sessionDeadline(this.sessions[host]) ?? Number.POSITIVE_INFINITY, this.roomAt(host));
  }

  happen(event: Untimed<WorldEvent>): void {
    const effects: WorldEffect[] = [];
    stepWorld(this.world, { ...event, at: this.now } as WorldEvent, effects);
    for (const { board, bytes } of effects) this.tell(board, { type: "received", bytes });
  }

  /** Until it is done or the time is up; answers whether it was done. */
  run(ms: number, done: () => boolean = () => false): boolean {
    const until = this.now + ms;
    while (!done()) {
      const worldAt = worldDeadline(this.world);
      let next: number = worldAt;
      for (let host = 0; host < this.dueAt.length; host++) if (this.dueAt[host] < next) next = this.dueAt[host];
      if (next > until) {
        this.now = millis(until);
        this.happen({ type: "tick" });
        return done();
      }
      this.now = millis(Math.max(this.now, next));
      if (worldAt <= this.now) this.happen({ type: "tick" });
      for (let host = 0; host < this.dueAt.length; host++) {
        if (this.dueAt[host] > this.now) continue;
        if (this.roomAt(host) <= this.now)
          this.tell(host, { type: "writable", room: portRoom(this.world, host, this.now) });
        if (this.dueAt[host] <= this.now) this.tell(host, { type: "tick" });
      }
    }
    return true;
  }

  of<T extends SessionEffect["type"]>(host: number, type: T): (SessionEffect & { type: T })[] {
    return this.heard[host].filter((effect): effect is SessionEffect & { type: T } => effect.type === type);
  }

  private roomAt(host: number): number {
    const { plugged, link } = this.sessions[host];
    if (!plugged || link.room >= SERIAL_AHEAD_SIZE / 2) return Number.POSITIVE_INFINITY;
    const { down } = this.world.boards[host];
    return Math.max(this.now, down.busyUntil - (SERIAL_AHEAD_SIZE / 2) * down.byteMs);
  }
}
