/** Hosts with a session each, and between them a world of virtual boards: the rig of tests that go from host to host. */
import type { Board } from "../../../hardware/boards/board.ts";
import type { WorldEffect, WorldEvent } from "../../../hardware/virtual/events.ts";
import { backlog, type Wire } from "../../../hardware/virtual/wire.ts";
import {
  step as stepWorld,
  type World,
  type WorldConfig,
  world,
  nextDeadline as worldDeadline,
} from "../../../hardware/virtual/world.ts";
import type { Order, SessionEffect, SessionEvent } from "../../../host/radio/events.ts";
import { AHEAD_MS, AHEAD_SIZE_MIN } from "../../../host/radio/limits.ts";
import { type Session, session, nextDeadline as sessionDeadline, step } from "../../../host/radio/session.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";

export type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

export class Table {
  readonly world: World;
  readonly sessions: readonly Session[];
  readonly heard: readonly SessionEffect[][];
  now: Millis = millis(0);
  /** What a host does about what its session says. */
  on: (host: number, effect: SessionEffect) => void = () => {};
  /** Sees what each host's port brings. */
  watch: ((host: number, bytes: Uint8Array) => void) | undefined;
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
    this.feed(host, { ...event, at: this.now } as SessionEvent);
  }

  order(host: number, order: Order): void {
    this.feed(host, { type: "order", at: this.now, order });
  }

  happen(event: Untimed<WorldEvent>): void {
    this.feedWorld({ ...event, at: this.now } as WorldEvent);
  }

  /** Until it is done or the time is up; answers whether it was done. */
  run(ms: number, done?: () => boolean): boolean {
    const until = this.now + ms;
    while (done === undefined || !done()) {
      const worldAt = worldDeadline(this.world);
      let hostAt = Number.POSITIVE_INFINITY;
      for (let host = 0; host < this.dueAt.length; host++) if (this.dueAt[host] < hostAt) hostAt = this.dueAt[host];
      const next = Math.min(worldAt, hostAt);
      if (next > until) {
        this.now = millis(until);
        this.feedWorld({ type: "tick", at: this.now });
        return done?.() ?? false;
      }
      if (next > this.now) this.now = millis(next);
      if (worldAt <= this.now) this.feedWorld({ type: "tick", at: this.now });
      for (let host = 0; hostAt <= this.now && host < this.dueAt.length; host++) {
        if (this.dueAt[host] > this.now) continue;
        if (this.roomAt(host) <= this.now) {
          const { down } = this.world.boards[host];
          const room = Math.max(0, aheadSize(down) - backlog(down, this.now));
          this.feed(host, { type: "writable", at: this.now, room, whole: true });
        }
        if (this.dueAt[host] <= this.now) this.feed(host, { type: "tick", at: this.now });
      }
    }
    return true;
  }

  of<T extends SessionEffect["type"]>(host: number, type: T): (SessionEffect & { type: T })[] {
    return this.heard[host].filter((effect): effect is SessionEffect & { type: T } => effect.type === type);
  }

  private feed(host: number, event: SessionEvent): void {
    const session = this.sessions[host];
    const effects: SessionEffect[] = [];
    step(session, event, effects);
    for (let i = 0; i < effects.length; i++) {
      const effect = effects[i];
      if (effect.type === "transmit") {
        this.feedWorld({ type: "write", at: this.now, board: host, bytes: effect.bytes });
      } else {
        this.heard[host].push(effect);
        this.on(host, effect);
      }
    }
    this.dueAt[host] = Math.min(sessionDeadline(session) ?? Number.POSITIVE_INFINITY, this.roomAt(host));
  }

  private feedWorld(event: WorldEvent): void {
    const effects: WorldEffect[] = [];
    stepWorld(this.world, event, effects);
    for (let i = 0; i < effects.length; i++) {
      const effect = effects[i];
      if (effect.type === "read") {
        this.watch?.(effect.board, effect.bytes);
        this.feed(effect.board, { type: "received", at: this.now, bytes: effect.bytes });
      } else this.onCable(effect.board, effect.plugged);
    }
  }

  private onCable(host: number, plugged: boolean): void {
    if (!plugged) this.tell(host, { type: "unplugged" });
    else this.plug(host);
  }

  private roomAt(host: number): number {
    const { plugged, link } = this.sessions[host];
    const { down } = this.world.boards[host];
    const half = aheadSize(down) / 2;
    if (!plugged || link.room >= half) return Number.POSITIVE_INFINITY;
    return Math.max(this.now, down.busyUntil - half * down.byteMs);
  }
}

/** As a host gives a port that it paces; even, because half of it is counted in whole bytes. */
const aheadSize = (down: Wire): number => Math.max(AHEAD_SIZE_MIN, 2 * Math.floor(AHEAD_MS / 2 / down.byteMs));
