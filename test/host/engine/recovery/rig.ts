/** One kiosk's recovery told things by hand; and whole tables of them on a network that can be cut, in virtual time. What the
 * consensus does is played in a line: who is with a quorum goes on, and who is with those that have more catches up. */
import { quorum } from "../../../../host/engine/consensus/quorum.ts";
import type { RecoveryEffect, RecoveryEvent, Standing } from "../../../../host/engine/recovery/events.ts";
import { nextDeadline, step } from "../../../../host/engine/recovery/recovery.ts";
import { type Recovery, recovery } from "../../../../host/engine/recovery/state.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { DIGEST_SIZE, PEER_TAG_SIZE, PUBLIC_KEY_SIZE } from "../../../../protocol/core/limits.ts";
import { millis, sequence, view } from "../../../../protocol/core/units.ts";
import type { Place } from "../../../../protocol/message/fields.ts";
import type { Heartbeat } from "../../../../protocol/message/presence.ts";
import type { PartitionRecovery } from "../../../../protocol/message/recovery.ts";

export type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

export const keys = (count: number, first = 0): Uint8Array[] =>
  new Array(count).fill(0).map((_, at) => new Uint8Array(PUBLIC_KEY_SIZE).fill(first + at));
export const tags = (count: number, first = 0): Uint8Array[] =>
  new Array(count).fill(0).map((_, at) => new Uint8Array(PEER_TAG_SIZE).fill(first + at));

export const place = (at: number, history = 0): Place => ({
  sequence: sequence(at),
  digest: new Uint8Array(DIGEST_SIZE).fill(history),
});
export const standing = (executed: number, stable = 0, waitingSince?: number): Standing => ({
  ...{ view: 0, stable: place(stable), executed: place(executed) },
  waitingSince: waitingSince === undefined ? undefined : millis(waitingSince),
});

export const heartbeat = (
  at: number,
  executed: number,
  seen: readonly { readonly member: number; readonly age: number }[],
): Heartbeat => ({
  time: millis(at),
  view: view(0),
  executed: place(executed),
  power: "active",
  batteryPercent: undefined,
  peers: [...seen]
    .sort((left, right) => left.member - right.member)
    .map(({ member, age }) => ({ peer: tags(1, member)[0], ageSeconds: Math.floor(age / 1000), signal: undefined })),
});

export const begin = (count: number, me: number, at = 0, wasStopped = false): Recovery =>
  recovery({
    ...{ at: millis(at), key: keys(1, me)[0], keys: keys(count), tags: tags(count) },
    ...{ standing: standing(0), wasStopped },
  });

/** One kiosk, and the others as it hears them: who is `present` beats every five seconds and names everyone who is. */
export class Kiosk {
  state: Recovery;
  now = 0;
  /** Effects, with when. */
  readonly done: { readonly at: number; readonly effect: RecoveryEffect }[] = [];
  /** By member: hears us and is heard. */
  present: boolean[];
  executed = 0;
  private beatAt = 0;

  constructor(count: number, me = 0, wasStopped = false) {
    this.state = begin(count, me, 0, wasStopped);
    this.present = new Array(count).fill(true);
  }

  tell(event: Untimed<RecoveryEvent>): RecoveryEffect[] {
    const effects: RecoveryEffect[] = [];
    step(this.state, { ...event, at: millis(this.now) } as RecoveryEvent, effects);
    for (const effect of effects) this.done.push({ at: this.now, effect });
    return effects;
  }

  /** Wakes at its deadlines and at the others' beats. */
  run(until: number): this {
    while (this.now < until) {
      this.now = Math.min(until, this.beatAt, Math.max(this.now + 1, nextDeadline(this.state)));
      if (this.now === this.beatAt) this.beat();
      this.tell({ type: "tick" });
    }
    return this;
  }

  private beat(): void {
    this.beatAt = this.now + 5_000;
    const here = this.present.flatMap((isHere, member) => (isHere ? [{ member, age: 0 }] : []));
    for (const { member } of here) {
      if (member === this.state.me) continue;
      const said = heartbeat(
        this.now,
        this.executed,
        here.filter((each) => each.member !== member),
      );
      this.tell({ type: "heartbeat", from: member, said });
    }
  }

  /** Only these, beside itself. */
  cut(members: readonly number[]): this {
    this.present = this.present.map((_, member) => members.includes(member));
    this.present[this.state.me] = true;
    return this;
  }

  trace(): string[] {
    return this.done.flatMap(({ at, effect }) => {
      switch (effect.type) {
        case "moved":
          return [`${at} ${effect.from} → ${effect.to}`];
        case "reconnect":
          return [`${at} attempt ${effect.attempt}`];
        case "askOperator":
          return [`${at} ask: ${effect.why}`];
        case "mode":
          return [`${at} ${effect.mode}`];
        case "answered":
          return [`${at} answered by ${effect.member}`];
        case "rejoined":
          return [`${at} rejoined after ${effect.afterMs}`];
        default:
          return [];
      }
    });
  }

  of<T extends RecoveryEffect["type"]>(type: T): (RecoveryEffect & { readonly type: T })[] {
    return this.done.flatMap(({ effect }) =>
      effect.type === type ? [effect as RecoveryEffect & { readonly type: T }] : [],
    );
  }
}

interface Letter {
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly event: Untimed<RecoveryEvent>;
}

const DELAY_MS = 100;

export class Table {
  readonly n: number;
  now = 0;
  readonly kiosks: Recovery[];
  readonly executed: number[];
  /** From whom to whom. */
  readonly hears: boolean[][];
  /** These say to everybody that they hear everybody. */
  liars: readonly number[] = [];
  said = 0;
  lossPercent = 0;
  private readonly chance = chance(17);
  readonly rejoined: { readonly at: number; readonly who: number; readonly afterMs: number }[] = [];
  private readonly heardAt: number[][];
  private readonly beats: number[];
  private mail: Letter[] = [];

  constructor(n: number, stagger: (kiosk: number) => number = (kiosk) => kiosk * 300) {
    this.n = n;
    this.kiosks = keys(n).map((_, me) => begin(n, me));
    this.executed = new Array(n).fill(0);
    this.hears = keys(n).map(() => new Array(n).fill(true));
    this.heardAt = keys(n).map(() => new Array(n).fill(Number.NEGATIVE_INFINITY));
    this.beats = keys(n).map((_, kiosk) => stagger(kiosk) % 5_000);
  }

  /** Everybody hears those of the same group. */
  split(groups: readonly (readonly number[])[]): void {
    const groupOf = (kiosk: number) => groups.findIndex((group) => group.includes(kiosk));
    for (let from = 0; from < this.n; from++) {
      for (let to = 0; to < this.n; to++) {
        this.hears[from][to] = groupOf(from) === groupOf(to) || this.liars.includes(from) || this.liars.includes(to);
      }
    }
  }

  heal(): void {
    for (const row of this.hears) row.fill(true);
  }

  goingOn(): number[] {
    return this.kiosks.flatMap(({ mode, me }) => (mode === "goesOn" && !this.liars.includes(me) ? [me] : []));
  }

  run(until: number): void {
    while (this.now < until) {
      this.now += 50;
      const due = this.mail.filter(({ at }) => at <= this.now);
      this.mail = this.mail.filter(({ at }) => at > this.now);
      for (const { from, to, event } of due) {
        this.heardAt[to][from] = this.now;
        this.tell(to, event);
      }
      for (let each = 0; each < this.n; each++) {
        if (this.now >= this.beats[each]) this.beat(each);
        if (this.now >= nextDeadline(this.kiosks[each])) this.tell(each, { type: "tick" });
      }
      if (this.now % 1_000 === 0) this.agree();
    }
  }

  private beat(from: number): void {
    this.beats[from] += 5_000;
    const isWhole = Math.floor(this.now / 5_000) % 3 === from % 3;
    const lies = this.liars.includes(from);
    const seen = keys(this.n).flatMap((_, member) => {
      const age = lies ? 0 : this.now - this.heardAt[from][member];
      return member === from || !(isWhole || lies) || age > 3_600_000 ? [] : [{ member, age }];
    });
    this.post(from, { type: "heartbeat", from, said: heartbeat(this.now, this.executed[from], seen) });
  }

  private agree(): void {
    const before = [...this.executed];
    for (let each = 0; each < this.n; each++) {
      const with_ = keys(this.n).flatMap((_, other) =>
        other === each || (this.hears[each][other] && this.hears[other][each]) ? [other] : [],
      );
      const most = Math.max(...with_.map((other) => before[other]));
      if (with_.length >= quorum(this.n)) this.executed[each] = most + (this.kiosks[each].mode === "goesOn" ? 1 : 0);
      this.tell(each, { type: "progress", standing: standing(this.executed[each]) });
    }
  }

  private tell(to: number, event: Untimed<RecoveryEvent>): void {
    const effects: RecoveryEffect[] = [];
    step(this.kiosks[to], { ...event, at: millis(this.now) } as RecoveryEvent, effects);
    for (const effect of effects) {
      if (effect.type === "say") this.say(to, effect.said);
      if (effect.type === "rejoined") this.rejoined.push({ at: this.now, who: to, afterMs: effect.afterMs });
    }
  }

  private say(from: number, said: PartitionRecovery): void {
    this.said += 1;
    const reachable = this.liars.includes(from) ? 2 ** this.n - 1 : said.reachable;
    this.post(from, { type: "said", from, said: { ...said, reachable } });
  }

  private post(from: number, event: Untimed<RecoveryEvent>): void {
    for (let to = 0; to < this.n; to++) {
      if (drawBelow(this.chance, 100) < this.lossPercent) continue;
      if (to !== from && this.hears[from][to]) this.mail.push({ at: this.now + DELAY_MS, from, to, event });
    }
  }
}
