/** A few replicas on a network without faults, in virtual time: enough for tests that tell one story. */
import { createHash } from "node:crypto";
import type { Effect, Event } from "../../host/engine/consensus/events.ts";
import { type Founding, found } from "../../host/engine/consensus/found.ts";
import { objectsDue } from "../../host/engine/consensus/objects.ts";
import type { Options } from "../../host/engine/consensus/options.ts";
import type { Record } from "../../host/engine/consensus/records.ts";
import { recover } from "../../host/engine/consensus/restart.ts";
import type { Replica, World } from "../../host/engine/consensus/state.ts";
import { deadlineOf, step } from "../../host/engine/consensus/step.ts";
import { suspectAt } from "../../host/engine/consensus/timing.ts";
import { keyValueMachine } from "../../host/engine/keyvalue/key-value-machine.ts";
import type { KeyValueState } from "../../host/engine/keyvalue/state.ts";
import type { Ports } from "../../host/engine/ports.ts";
import { LAN } from "../../host/engine/timing/profiles.ts";
import type { Said } from "../../protocol/agreement/said.ts";
import { type MemberIndex, type Millis, memberIndex, millis } from "../../protocol/core/units.ts";
import type { Message } from "../../protocol/message/kinds.ts";

export const OPTIONS: Options = {
  checkpointEvery: 10,
  window: 8,
  batchLengthMax: 50,
  fastPath: true,
  bundles: true,
  lazy: true,
  rules: [1],
  profile: LAN,
};

export const WALL_MS = 1_790_000_000_000;

export interface Sent {
  readonly from: number;
  readonly to: number;
  readonly said: Said | undefined;
  readonly message: Message | undefined;
}

export interface Kiosk {
  replica: Replica<KeyValueState>;
  readonly journal: Record[];
  readonly world: World<KeyValueState>;
  readonly founding: Founding;
  up: boolean;
  /** Effects that are no messages. */
  readonly told: Effect[];
}

export interface Rig {
  now: number;
  readonly kiosks: Kiosk[];
  queue: { readonly at: number; readonly order: number; readonly sent: Sent }[];
  order: number;
  delayMs: number;
  /** What does not arrive. */
  drop: (sent: Sent) => boolean;
  readonly log: Sent[];
}

const sha = (...parts: (string | Uint8Array)[]): Uint8Array => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

/** A keyed hash: unforgeable for whoever has no secret. */
export function portsOf(key: Uint8Array): Ports {
  const tag = (of: Uint8Array, signed: Uint8Array): Uint8Array => {
    const half = sha("secret", of, signed);
    const bytes = new Uint8Array(64);
    bytes.set(half);
    bytes.set(half, 32);
    return bytes;
  };
  return {
    digest: (domain, bytes) => sha(domain, bytes),
    sign: (signed) => tag(key, signed),
    verify: (of, signed, signature) => Buffer.compare(tag(of, signed), signature) === 0,
  };
}

/** `spare` kiosks more have keys and are no members. */
export function rig(n: number, options: Partial<Options> = {}, spare = 0): Rig {
  const keys = Array.from({ length: n + spare }, (_, i) =>
    Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? i : 7)),
  );
  const members = keys.slice(0, n);
  const kiosks = keys.map((key): Kiosk => {
    const world = { ports: portsOf(key), machine: keyValueMachine };
    const founding: Founding = {
      options: { ...OPTIONS, ...options },
      table: new Uint8Array(16).fill(1),
      members,
      key,
      at: millis(0),
      wallMs: WALL_MS,
    };
    return { replica: found(founding, world), journal: [], world, founding, up: true, told: [] };
  });
  return { now: 0, kiosks, queue: [], order: 0, delayMs: 1, drop: () => false, log: [] };
}

export function feed(of: Rig, index: number, event: Event): Effect[] {
  const kiosk = of.kiosks[index]!;
  const effects: Effect[] = [];
  // Whom it answers it knows by the members of before.
  const { members } = kiosk.replica;
  step(kiosk.replica, event, effects, kiosk.world);
  perform(of, index, effects, members);
  return effects;
}

const placeOf = (members: readonly Uint8Array[], of: Kiosk): number =>
  members.findIndex((key) => Buffer.compare(key, of.founding.key) === 0);

function perform(of: Rig, index: number, effects: readonly Effect[], members: readonly Uint8Array[]): void {
  const kiosk = of.kiosks[index]!;
  for (const effect of effects) {
    if (effect.type === "persist") kiosk.journal.push(effect.record);
    else if (effect.type === "say" || effect.type === "send") {
      for (let to = 0; to < of.kiosks.length; to++) {
        if (to === index || (effect.to !== "all" && effect.to !== placeOf(members, of.kiosks[to]!))) continue;
        const sent: Sent = {
          from: index,
          to,
          said: effect.type === "say" ? effect.said : undefined,
          message: effect.type === "send" ? effect.message : undefined,
        };
        of.log.push(sent);
        if (of.drop(sent)) continue;
        of.order += 1;
        of.queue.push({ at: of.now + of.delayMs, order: of.order, sent });
      }
    } else kiosk.told.push(effect);
  }
}

export function submit(of: Rig, index: number, operation: Uint8Array, seat = 0): void {
  feed(of, index, { type: "submit", at: millis(of.now), seat, operation });
}

/** Until that moment, or until nothing more happens before it. */
export function run(of: Rig, untilMs: number, done: () => boolean = () => false): void {
  let still = 0;
  for (let steps = 0; steps < 1_000_000; steps++) {
    if (done()) return;
    let next = Number.POSITIVE_INFINITY;
    let who = -1;
    let item = -1;
    for (let i = 0; i < of.kiosks.length; i++) {
      const kiosk = of.kiosks[i]!;
      if (!kiosk.up) continue;
      const at = Math.max(of.now, deadlineOf(kiosk.replica));
      if (at < next) [next, who, item] = [at, i, -1];
    }
    for (let i = 0; i < of.queue.length; i++) {
      const { at } = of.queue[i]!;
      if (at > next || (at === next && item >= 0)) continue;
      [next, who, item] = [at, of.queue[i]!.sent.to, i];
    }
    if (next > untilMs) break;
    still = next === of.now && item < 0 ? still + 1 : 0;
    if (still > 2000)
      throw new Error(
        `kiosk ${who} wants ticks without end: ${JSON.stringify({ now: of.now, objects: objectsDue(of.kiosks[who]!.replica), suspect: suspectAt(of.kiosks[who]!.replica), timing: { ...of.kiosks[who]!.replica.timing, adaptive: 0, clock: 0 } })}`,
      );
    of.now = next;
    const at: Millis = millis(of.now);
    if (item < 0) {
      feed(of, who, { type: "tick", at });
      continue;
    }
    const { sent } = of.queue.splice(item, 1)[0]!;
    if (!of.kiosks[sent.to]!.up) continue;
    const from: MemberIndex = memberIndex(placeOf(of.kiosks[sent.to]!.replica.members, of.kiosks[sent.from]!));
    if (sent.said !== undefined) feed(of, sent.to, { type: "said", at, said: sent.said });
    // Of a stranger the engine hears nothing.
    else if (sent.message !== undefined && from >= 0)
      feed(of, sent.to, { type: "heard", at, from, message: sent.message });
  }
  of.now = Math.max(of.now, untilMs);
}

/** As after a power cut: only the journal is left. */
export function restart(of: Rig, index: number, records = of.kiosks[index]!.journal, damage?: string): void {
  const kiosk = of.kiosks[index]!;
  kiosk.up = true;
  kiosk.replica = recover(
    { ...kiosk.founding, at: millis(of.now), wallMs: WALL_MS + of.now },
    records,
    damage,
    kiosk.world,
  );
}
