/** Members that hold an object, one kiosk that wants it, and a network between them, in virtual time from one seed. */
import { domainDigest } from "../../../../host/crypto/domain-digest.ts";
import type { Chunk, FetchEffect, FetchEvent, Refuse } from "../../../../host/engine/objects/fetch-events.ts";
import { type Fetches, fetches } from "../../../../host/engine/objects/fetch-state.ts";
import { nextDeadline, step } from "../../../../host/engine/objects/fetches.ts";
import { ASK_CHUNKS_MAX, ASKED_PEERS_MAX } from "../../../../host/engine/objects/limits.ts";
import { answer, type Holdings, hold, holdings, type ServeEffect } from "../../../../host/engine/objects/serve.ts";
import { chunkOf, objectName, objectTree, pathOf } from "../../../../host/engine/objects/tree.ts";
import { assert } from "../../../../protocol/core/assert.ts";
import { type Chance, chance, draw, drawBelow, drawBytes } from "../../../../protocol/core/chance.ts";
import { ENVELOPE_OVERHEAD_MAX } from "../../../../protocol/core/limits.ts";
import { type MemberIndex, type Millis, memberIndex, millis } from "../../../../protocol/core/units.ts";
import type { ObjectName } from "../../../../protocol/message/fields.ts";

export const PORTS = { digest: domainDigest };
const WANTS = memberIndex(0);

export type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;
export type Said = Chunk | Refuse;

/** What a member does about an answer that an honest one would give: says others, or none, each after a while. */
export type Manner = (said: Said, order: number) => readonly { readonly said: Said; readonly afterMs?: number }[];

export const honest: Manner = (said) => [{ said }];
export const silent: Manner = () => [];

export interface RigOptions {
  readonly seed?: number;
  /** The first is the kiosk that wants; the others are asked. */
  readonly manners?: readonly Manner[];
  /** Of messages, either way. */
  readonly loss?: number;
  readonly doubled?: number;
  readonly delayMinMs?: number;
  readonly delayMaxMs?: number;
  /** Of the wanting kiosk's own link, which all answers share. */
  readonly linkBytesPerSecond?: number;
  readonly serveBytesPerSecond?: number;
}

export class Rig {
  readonly state: Fetches;
  readonly holdings: Holdings[];
  readonly effects: FetchEffect[] = [];
  readonly asked: { readonly at: number; readonly to: MemberIndex; readonly index: number; readonly count: number }[] =
    [];
  now = 0;
  answered = 0;
  /** Heard of everyone all the while, as from a table that plays. */
  isAlive = true;
  readonly options: Required<RigOptions>;
  private readonly chance: Chance;
  private coming: { at: number; order: number; run: () => void }[] = [];
  private order = 0;
  private linkFreeAt = 0;

  constructor(options: RigOptions = {}) {
    this.options = {
      seed: 1,
      manners: [honest, honest, honest],
      loss: 0,
      doubled: 0,
      delayMinMs: 5,
      delayMaxMs: 5,
      linkBytesPerSecond: 1e9,
      serveBytesPerSecond: 1e9,
      ...options,
    };
    const count = 1 + this.options.manners.length;
    this.chance = chance(this.options.seed);
    this.state = fetches(millis(0), count, WANTS);
    this.holdings = [];
    for (let each = 0; each < count; each++) {
      this.holdings.push(holdings(millis(0), count, this.options.serveBytesPerSecond));
    }
  }

  /** Everyone but the first has it. */
  give(bytes: Uint8Array): ObjectName {
    const name = objectName(PORTS, bytes);
    for (const each of this.holdings.slice(1)) assert(hold(each, name, bytes), "there is room");
    return name;
  }

  want(name: ObjectName, holders = this.others()): void {
    this.feed({ type: "want", subject: "snapshot", name, holders });
  }

  others(): MemberIndex[] {
    return this.options.manners.map((_, i) => memberIndex(i + 1));
  }

  feed(event: Untimed<FetchEvent>): FetchEffect[] {
    const effects: FetchEffect[] = [];
    if (this.isAlive) for (const peer of this.state.peers) peer.heardAt = millis(this.now);
    step(this.state, { ...event, at: millis(this.now) } as FetchEvent, PORTS, effects);
    this.check();
    for (const effect of effects) {
      this.effects.push(effect);
      if (effect.type !== "send") continue;
      const { to, step: chunks } = effect;
      this.asked.push({ at: this.now, to, index: chunks.index, count: chunks.count });
      this.carry(0, () => this.onAsked(to, chunks));
    }
    return effects;
  }

  at(at: number, run: () => void): void {
    this.coming.push({ at, order: this.order++, run });
  }

  /** Until it is done, or nothing happens any more, or the time is up; answers whether it was done. */
  run(ms: number, done: () => boolean = () => false): boolean {
    const until = this.now + ms;
    for (let turns = 0; !done(); turns++) {
      assert(turns < 200_000, "the machine comes to rest");
      let next: (typeof this.coming)[number] | undefined;
      for (const one of this.coming) {
        if (next === undefined || one.at < next.at || (one.at === next.at && one.order < next.order)) next = one;
      }
      const deadline = nextDeadline(this.state) ?? Number.POSITIVE_INFINITY;
      assert(deadline >= this.now, "a deadline does not lie behind");
      const at = Math.min(next?.at ?? Number.POSITIVE_INFINITY, deadline);
      if (at > until) {
        this.now = until;
        return done();
      }
      this.now = at;
      if (next !== undefined && next.at <= deadline) {
        this.coming = this.coming.filter((each) => each !== next);
        next.run();
      } else this.feed({ type: "tick" });
    }
    return true;
  }

  fetched(): Uint8Array | undefined {
    for (const effect of this.effects) if (effect.type === "fetched") return effect.bytes;
    return undefined;
  }

  blamed(): number[] {
    return this.effects.flatMap((effect) => (effect.type === "blame" ? [effect.peer] : []));
  }

  ignored(): string[] {
    return this.effects.flatMap((effect) => (effect.type === "ignored" ? [effect.why] : []));
  }

  private onAsked(to: MemberIndex, asked: Parameters<typeof answer>[3]): void {
    const answers: ServeEffect[] = [];
    answer(this.holdings[to], millis(this.now), WANTS, asked, PORTS, answers);
    for (const { step: honestly } of answers) {
      for (const { said, afterMs = 0 } of (this.options.manners[to - 1] ?? silent)(honestly, this.answered++)) {
        const size = ENVELOPE_OVERHEAD_MAX + (said.type === "chunk" ? said.bytes.length + 32 * said.path.length : 0);
        this.at(this.now + afterMs, () => this.carry(size, () => this.onSaid(to, said)));
      }
    }
  }

  private onSaid(from: MemberIndex, said: Said): void {
    if (said.type === "chunk") this.feed({ type: "chunk", from, chunk: said });
    else this.feed({ type: "refuse", from, refuse: said });
  }

  private carry(size: number, run: () => void): void {
    if (size > 0)
      this.linkFreeAt = Math.max(this.now, this.linkFreeAt) + (1000 * size) / this.options.linkBytesPerSecond;
    const { delayMinMs, delayMaxMs, loss, doubled } = this.options;
    const copies = draw(this.chance) < loss ? 0 : draw(this.chance) < doubled ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const delay = delayMinMs + (delayMaxMs > delayMinMs ? drawBelow(this.chance, delayMaxMs - delayMinMs + 1) : 0);
      this.at((size > 0 ? this.linkFreeAt : this.now) + delay, run);
    }
  }

  /** What holds after every step. */
  private check(): void {
    const { fetches: all, peers, own } = this.state;
    for (const fetch of all) {
      assert(fetch.bytes === undefined || fetch.bytes.length === fetch.name.size, "room is the object's size");
      assert(fetch.missingCount === fetch.isHere.filter((here) => !here).length, "what is missing is counted");
      assert(fetch.missingCount > 0, "what is whole is handed over");
      const owed = new Array<number>(peers.length).fill(0);
      fetch.askedOf.forEach((peer, index) => {
        if (peer === undefined) return;
        assert(!fetch.isHere[index] && !peers[peer].isBarred, "owed is what is missing, by who may be asked");
        owed[peer] += 1;
      });
      assert(
        owed.every((count, peer) => count === fetch.owedCount[peer]),
        "what is owed is counted",
      );
      assert(owed.filter((count) => count > 0).length <= ASKED_PEERS_MAX, "few are asked at a time");
      assert(owed[own] === undefined || owed[own] === 0, "nobody asks itself");
    }
    for (let peer = 0; peer < peers.length; peer++) {
      let owed = 0;
      for (const fetch of all) owed += fetch.owedCount[peer];
      assert(owed <= ASK_CHUNKS_MAX, "nobody owes more than its window");
    }
  }
}

export const someBytes = (size: number, seed = 7): Uint8Array => drawBytes(chance(seed), size);
/** Quicker than to look at each byte through an expectation. */
export const isSame = (left: Uint8Array | undefined, right: Uint8Array): boolean =>
  left !== undefined && Buffer.compare(left, right) === 0;
export const at = (ms: number): Millis => millis(ms);

/** The same digests, and of which domains they were. */
export function counted(digest: typeof domainDigest): typeof PORTS & { readonly domains: readonly string[] } {
  const domains: string[] = [];
  return {
    domains,
    digest(domain, bytes) {
      domains.push(domain);
      return digest(domain, bytes);
    },
  };
}

export const ONE = memberIndex(1);
export const TWO = memberIndex(2);
export const THREE = memberIndex(3);

/** A chunk as an honest holder says it. */
export function chunk(bytes: Uint8Array, index: number) {
  const tree = objectTree(PORTS, bytes);
  return { type: "chunk", object: tree.name, index, path: pathOf(tree, index), bytes: chunkOf(bytes, index) } as const;
}

export const sends = (effects: readonly FetchEffect[]) =>
  effects.flatMap((effect) =>
    effect.type === "send" ? [[effect.to, effect.step.index, effect.step.count] as number[]] : [],
  );

/** Members that never answer by themselves. */
export const mute = (count = 3): Rig => new Rig({ manners: new Array(count).fill(silent) });
