/** Kiosks' loops in one process: real envelopes, disks and links in memory, and time that a test turns on. Signatures are real
 * ones or, where there are to be many kiosks' lives, a keyed hash. */
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { sha256 } from "../../../host/crypto/sha256.ts";
import type { Effect } from "../../../host/engine/consensus/events.ts";
import type { Options } from "../../../host/engine/consensus/options.ts";
import { keyValueMachine } from "../../../host/engine/keyvalue/key-value-machine.ts";
import { KeyValueOperation } from "../../../host/engine/keyvalue/operation.ts";
import type { KeyValueState } from "../../../host/engine/keyvalue/state.ts";
import type { Machine } from "../../../host/engine/machine.ts";
import type { Ports } from "../../../host/engine/ports.ts";
import { LAN } from "../../../host/engine/timing/profiles.ts";
import type { Attendant } from "../../../host/node/attendant.ts";
import type { NodeClock } from "../../../host/node/clock.ts";
import { cryptoPorts } from "../../../host/node/crypto-ports.ts";
import { meshMail, type OpenMail } from "../../../host/node/mail.ts";
import { type NodeOptions, type RunningNode, runNode, type StartedNode } from "../../../host/node/node.ts";
import type { OpenTransport, TransportListener } from "../../../host/node/transport.ts";
import type { Disk } from "../../../host/storage/disk.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { utf8Encode } from "../../../protocol/bytes/utf8.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";
import { bytesComeBefore } from "../../../protocol/message/fields.ts";
import { portsOf } from "../../simulator/rig.ts";
import { SimulatedDisk } from "../storage/simulated-disk.ts";
import { envelopeIn, signerOf } from "./envelope-in.ts";

export const WALL_MS = 1_790_000_000_000;
const DELAY_MS = 1;

const OPTIONS: Options = {
  ...{ checkpointEvery: 10, window: 8, batchLengthMax: 50 },
  ...{ fastPath: true, bundles: true, lazy: true, rules: [1], profile: LAN },
};

export interface Packet {
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
  /** In it, and who sealed that, by its place; undefined of what neighbours say to each other. */
  readonly envelope: Uint8Array | undefined;
  readonly signer: number | undefined;
}

export type Signatures = "real" | "hashed";

export interface Person {
  readonly key: Uint8Array;
  readonly ports: Ports;
  /** Of a real key. */
  readonly seed: Uint8Array;
}

export interface Kiosk<S> extends Person {
  disk: SimulatedDisk;
  node: RunningNode<S> | undefined;
  listener: TransportListener | undefined;
  /** Whom it has a link to. */
  readonly up: Set<number>;
  readonly told: Effect[];
  failure: unknown;
}

/** What a kiosk agrees on, from one start of its process to the next. */
export interface App<S> {
  readonly machine: Machine<S>;
  readonly attendant?: Attendant<S>;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export abstract class NeighboursOf<S> {
  readonly kiosks: readonly Kiosk<S>[];
  readonly options: Options;
  readonly table = new Uint8Array(16).fill(7);
  now: Millis = millis(0);
  /** Sees each packet when it is sent; false: it is lost. */
  carry: (packet: Packet) => boolean = () => true;
  compactAboveSize: number | undefined = undefined;
  private timers: Timer[] = [];
  private order = 0;
  private lives = 0;

  constructor(count: number, options: Partial<Options> = {}, signatures: Signatures = "hashed") {
    this.options = { ...OPTIONS, ...options };
    const people = Array.from({ length: count }, (_, i) => (signatures === "real" ? real(i) : hashed(i)));
    people.sort((left, right) => (bytesComeBefore(left.key, right.key) ? -1 : 1));
    this.kiosks = people.map((person) => ({
      ...{ ...person, disk: new SimulatedDisk(), node: undefined, listener: undefined },
      ...{ up: new Set(), told: [], failure: undefined },
    }));
  }

  get members(): readonly Uint8Array[] {
    return this.kiosks.map(({ key }) => key);
  }

  async startAll(): Promise<void> {
    for (const at of this.kiosks.keys()) await this.start(at);
  }

  protected abstract appOf(at: number): App<S>;

  /** Whether the two are near enough for a link. */
  protected isNear(_at: number, _other: number): boolean {
    return true;
  }

  /** What stands between its loop and its links. */
  protected round(_at: number, open: OpenTransport): OpenTransport {
    return open;
  }

  readonly clock: NodeClock = {
    now: () => this.now,
    wallMs: () => WALL_MS + this.now,
    after: (ms, run) => this.after(ms, run),
  };

  async start(at: number): Promise<RunningNode<S>> {
    const started = await this.tryStart(at);
    assert(started.ok, `kiosk ${at} starts: ${JSON.stringify(started)}`);
    return started.node;
  }

  async tryStart(at: number, disk: Disk = this.kiosks[at]!.disk): Promise<StartedNode<S>> {
    const kiosk = this.kiosks[at]!;
    const life = this.nextLife();
    const { clock } = this;
    const started = await runNode<S>({
      ...{ ports: kiosk.ports, disk, clock },
      ...this.appOf(at),
      founding: { options: this.options, table: this.table, members: this.members, key: kiosk.key },
      ...(this.compactAboveSize === undefined ? {} : { compactAboveSize: this.compactAboveSize }),
      on: (effect) => kiosk.told.push(effect),
      ...this.moreOf(at),
      mail: this.mailOf(at, life),
    });
    if (!started.ok) return started;
    kiosk.node = started.node;
    kiosk.failure = undefined;
    started.node.ended.catch((error) => {
      kiosk.failure = error;
      kiosk.node = undefined;
      if (kiosk.listener !== undefined) this.unlink(at, kiosk.listener);
    });
    return started;
  }

  /** What a life of a kiosk says and hears. */
  protected mailOf<T = S>(at: number, life: number): OpenMail<T> {
    const kiosk = this.kiosks[at]!;
    return meshMail({
      ...{ hash: sha256, seed: life },
      transport: this.round(at, (listener) => {
        kiosk.listener = listener;
        kiosk.up.clear();
        this.after(0, () => this.link(at));
        return {
          send: (to, _, bytes, token) => this.send({ from: at, to, bytes }, life, token),
          drop: (to) => this.after(0, () => this.unlinkBoth(at, to)),
          close: () => this.unlink(at, listener),
        };
      }),
    });
  }

  /** What a kiosk has beside that of all. */
  protected moreOf(_at: number): Partial<NodeOptions<S>> {
    return {};
  }

  protected nextLife(): number {
    return ++this.lives;
  }

  /** Its process ends at once: what it has not written by then it never writes. */
  async kill(at: number): Promise<void> {
    const kiosk = this.kiosks[at]!;
    const { node } = kiosk;
    kiosk.node = undefined;
    kiosk.disk = kiosk.disk.killed();
    await node?.close().catch(() => {});
  }

  /** Until that much time has passed, or it is done. */
  async run(ms: number, done: () => boolean = () => false): Promise<boolean> {
    const until = this.now + ms;
    for (;;) {
      // Disks in memory answer with the microtasks; a macrotask is after all of them.
      await new Promise((resolve) => setImmediate(resolve));
      if (done()) return true;
      this.timers.sort((left, right) => left.at - right.at || left.order - right.order);
      const next = this.timers[0];
      if (next === undefined || next.at > until) break;
      this.timers.shift();
      this.now = millis(Math.max(this.now, next.at));
      next.run();
    }
    this.now = millis(until);
    return done();
  }

  protected after(ms: number, run: () => void): () => void {
    const timer = { at: this.now + ms, order: ++this.order, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }

  /** A link is called by the place of who is at its other end. */
  private link(at: number): void {
    for (const other of this.kiosks.keys()) {
      if (other === at || this.kiosks[other]!.listener === undefined || !this.isNear(at, other)) continue;
      this.up(other, at);
      this.up(at, other);
    }
  }

  private up(at: number, other: number): void {
    const { listener, up } = this.kiosks[at]!;
    if (listener === undefined || up.has(other)) return;
    up.add(other);
    listener.onUp(other, this.kiosks[other]!.key);
  }

  private unlinkBoth(at: number, other: number): void {
    this.down(at, other);
    this.down(other, at);
  }

  private down(at: number, other: number): void {
    const { listener, up } = this.kiosks[at]!;
    if (up.delete(other)) listener?.onDown(other);
  }

  private unlink(at: number, listener: TransportListener): void {
    const kiosk = this.kiosks[at]!;
    if (kiosk.listener !== listener) return;
    kiosk.listener = undefined;
    kiosk.up.clear();
    for (const other of this.kiosks.keys()) this.down(other, at);
  }

  private send({ from, to, bytes }: Pick<Packet, "from" | "to" | "bytes">, life: number, token: number): void {
    const envelope = envelopeIn(bytes);
    const signer = envelope === undefined ? undefined : signerOf(envelope);
    const isCarried = this.carry({ from, to, bytes, envelope, signer }) && life > 0;
    const copy = bytes.slice();
    const { listener } = this.kiosks[from]!;
    this.after(DELAY_MS, () => {
      if (isCarried) this.kiosks[to]!.listener?.onPacket(from, copy);
      // A radio that lost it all the same may not know.
      if (this.kiosks[from]!.listener === listener) listener?.onSettled(token, isCarried ? "sent" : "unknown");
    });
  }
}

/** Kiosks that agree on keys and values. */
export class Neighbours extends NeighboursOf<KeyValueState> {
  protected override appOf(): App<KeyValueState> {
    return { machine: keyValueMachine };
  }

  submit(at: number, key: string, value: string): void {
    this.kiosks[at]!.node?.submit(0, encode(KeyValueOperation, set(key, value)));
  }
}

function real(at: number): Person {
  const seed = new Uint8Array(32).fill(at + 1);
  const pair = keyPairFromSeed(seed);
  return { key: pair.publicKey.bytes, ports: cryptoPorts(pair), seed };
}

function hashed(at: number): Person {
  const key = new Uint8Array(32).fill(at + 1);
  return { key, ports: portsOf(key), seed: key };
}

const set = (key: string, value: string): KeyValueOperation => ({
  ...{ type: "set", key: utf8Encode(key), value: utf8Encode(value) },
});
