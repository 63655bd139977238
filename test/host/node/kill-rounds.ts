/**
 * Kills real kiosks that write real journals, in the middle of their work: by their own hand at some operation of the disk, or
 * from outside at any moment, one by one, several at a time, and now and then all of them.
 *
 * The hub between them carries every packet, and so hears every ballot. It holds what a kiosk acknowledges, keeps and says
 * against what it knows when it starts again, and against what the others know at the end.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type Socket } from "node:net";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { cryptoPorts } from "../../../host/node/crypto-ports.ts";
import { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { type Chance, chance, draw, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import { bytesComeBefore } from "../../../protocol/message/fields.ts";
import { emitted } from "../../xs/engine/run.ts";
import { readFrames, writeFrame } from "./frames.ts";
import { type KillKiosk, type Report, TABLE } from "./kill-table.ts";
import { Monitor } from "./monitor.ts";

export interface KillRounds {
  /** For the journals and the socket. */
  readonly folder: string;
  readonly count: number;
  readonly seed: number;
  readonly compactAboveSize: number;
}

export interface Killed {
  readonly kills: number;
  readonly byOwnHand: number;
  /** Acknowledged, and not there again. */
  readonly lost: number;
  /** Promises that contradict each other, and whatever else must not be; in words. */
  readonly wrongs: readonly string[];
  readonly acknowledged: number;
  readonly ballots: number;
  readonly sequences: number;
  readonly views: number;
  readonly verdicts: { readonly [verdict: string]: number };
  readonly recordsMax: number;
  readonly startMsMax: number;
  readonly startMsMedian: number;
  readonly bootMsMax: number;
}

const KIOSKS = 4;
/** Half of all lives end by their own hand, within so many operations. */
const OPERATIONS_MAX = 40;
/** Reports and packets between two kills from outside, at most. */
const FRAMES_BETWEEN_MAX = 500;
const ALL_AT_ONCE = 0.08;
const SETTLE_WITHIN_MS = 60_000;
const STARTS_AT_ONCE = Math.max(1, availableParallelism() - 1);

export function killRounds(rounds: KillRounds): Promise<Killed> {
  return new Rounds(rounds).run();
}

export const seedsOf = (seed: number): Uint8Array[] => {
  const source = chance(seed);
  const seeds = Array.from({ length: KIOSKS }, () => drawBytes(source, 32));
  const key = (each: Uint8Array): Uint8Array => keyPairFromSeed(each).publicKey.bytes;
  return seeds.sort((left, right) => (bytesComeBefore(key(left), key(right)) ? -1 : 1));
};

export const folderOf = (folder: string, me: number): string => join(folder, `kiosk-${me}`);

interface Life {
  process: ChildProcess | undefined;
  socket: Socket | undefined;
  /** The highest number of its requests that was answered; and what to each. */
  acknowledged: number;
  readonly answers: Map<number, string>;
  rested: (Report & { type: "rested" }) | undefined;
}

class Rounds {
  private readonly rounds: KillRounds;
  private readonly source: Chance;
  private readonly seeds: readonly Uint8Array[];
  private readonly members: readonly Uint8Array[];
  private readonly monitor: Monitor;
  private readonly hub = createServer((socket) => this.onSocket(socket));
  private readonly lives: Life[] = [];
  private readonly executed = new Map<number, string>();
  private readonly wrongs: string[] = [];
  private readonly startMs: number[] = [];
  private readonly verdicts: { [verdict: string]: number } = {};
  private killed = { kills: 0, byOwnHand: 0, lost: 0, views: 0, recordsMax: 0, bootMsMax: 0 };
  private framesLeft = 0;
  private readonly line: number[] = [];
  private readonly starting = new Set<number>();
  private isOver = false;
  private settle: () => void = () => {};
  private fail: (error: Error) => void = () => {};

  constructor(rounds: KillRounds) {
    this.rounds = rounds;
    this.source = chance(rounds.seed);
    this.seeds = seedsOf(rounds.seed);
    const pairs = this.seeds.map(keyPairFromSeed);
    this.members = pairs.map(({ publicKey }) => publicKey.bytes);
    this.monitor = new Monitor(TABLE, this.members, cryptoPorts(pairs[0]!));
    this.framesLeft = drawBelow(this.source, FRAMES_BETWEEN_MAX);
    for (let me = 0; me < KIOSKS; me++) {
      this.lives.push({
        process: undefined,
        socket: undefined,
        acknowledged: 0,
        answers: new Map(),
        rested: undefined,
      });
    }
  }

  async run(): Promise<Killed> {
    await new Promise<void>((resolve) => this.hub.listen(join(this.rounds.folder, "hub"), resolve));
    const settled = new Promise<void>((resolve, reject) => {
      this.settle = resolve;
      this.fail = reject;
    });
    let guard: NodeJS.Timeout | undefined;
    try {
      for (let me = 0; me < KIOSKS; me++) this.begin(me);
      guard = setInterval(() => this.watch(), 1000);
      await settled;
    } finally {
      this.isOver = true;
      clearInterval(guard);
      for (const { process } of this.lives) process?.kill("SIGKILL");
      this.hub.close();
    }
    const startMs = this.startMs.sort((left, right) => left - right);
    return {
      ...this.killed,
      ...{ wrongs: [...this.wrongs, ...this.monitor.violations], verdicts: this.verdicts },
      acknowledged: this.lives.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
      ...{ ballots: this.monitor.ballots, sequences: this.executed.size },
      ...{ startMsMax: Math.round(startMs.at(-1) ?? 0), startMsMedian: Math.round(startMs[startMs.length >> 1] ?? 0) },
    };
  }

  private get isEnough(): boolean {
    return this.killed.kills >= this.rounds.count;
  }

  /** Each kiosk is a machine of its own, and here they share one: at least one core is left to those that play. */
  private begin(me: number): void {
    this.line.push(me);
    this.beginNext();
  }

  private beginNext(): void {
    if (this.isOver || this.starting.size >= STARTS_AT_ONCE) return;
    const me = this.line.shift();
    if (me === undefined) return;
    this.starting.add(me);
    this.spawn(me);
  }

  /** It has read its journal, or will not any more. */
  private begun(me: number): void {
    if (this.starting.delete(me)) this.beginNext();
  }

  private spawn(me: number): void {
    const dieAt = !this.isEnough && draw(this.source) < 0.5 ? drawBelow(this.source, OPERATIONS_MAX) : undefined;
    const config: KillKiosk = {
      ...{
        me,
        hub: join(this.rounds.folder, "hub"),
        folder: folderOf(this.rounds.folder, me),
        seed: hex(this.seeds[me]!),
      },
      ...{ members: this.members.map(hex), compactAboveSize: this.rounds.compactAboveSize },
      ...(dieAt === undefined ? {} : { dieAt }),
    };
    const child = spawn(process.execPath, [emitted("test/host/node/kill-kiosk.ts"), JSON.stringify(config)], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let words = "";
    child.stderr.on("data", (more) => {
      words += more;
    });
    this.lives[me]!.process = child;
    child.once("close", (code, signal) => {
      this.begun(me);
      if (this.isOver) return;
      if (signal !== "SIGKILL") this.fail(new Error(`kiosk ${me} ended with code ${code} by itself: ${words}`));
      this.killed.kills += 1;
      if (dieAt !== undefined && !child.killed) this.killed.byOwnHand += 1;
      this.begin(me);
      if (this.isEnough) this.restAll();
    });
  }

  private onSocket(socket: Socket): void {
    let me = -1;
    socket.on("error", () => {});
    const reports: Report[] = [];
    readFrames(socket, (type, bytes) => {
      if (type === "report") {
        const said = JSON.parse(Buffer.from(bytes).toString()) as Report;
        // A kiosk says who it is after it has said how it started.
        if (me < 0) reports.push(said);
        else this.onReport(me, said);
      } else if (type === "hello") {
        me = bytes[0]!;
        this.join(me, socket);
        for (const said of reports.splice(0)) this.onReport(me, said);
      } else if (type === "kept") {
        const decoded = decode(SignedBallot, bytes);
        assert(decoded.ok, "a ballot that was kept can be read");
        this.monitor.kept(decoded.value);
      } else if (type === "packet") {
        this.monitor.sent(bytes.subarray(1));
        const other = this.lives[bytes[0]!]?.socket;
        if (me >= 0 && other !== undefined) writeFrame(other, "packet", Uint8Array.of(me), bytes.subarray(1));
      }
      this.tick();
    });
    socket.on("close", () => {
      if (me < 0 || this.lives[me]!.socket !== socket) return;
      this.lives[me]!.socket = undefined;
      for (const { socket } of this.lives) if (socket !== undefined) writeFrame(socket, "down", Uint8Array.of(me));
    });
  }

  private join(me: number, socket: Socket): void {
    this.lives[me]!.socket = socket;
    for (const [other, life] of this.lives.entries()) {
      if (other === me || life.socket === undefined) continue;
      writeFrame(life.socket, "up", Uint8Array.of(me));
      writeFrame(socket, "up", Uint8Array.of(other));
    }
    if (this.isEnough) writeFrame(socket, "rest");
  }

  private onReport(me: number, said: Report): void {
    const life = this.lives[me]!;
    switch (said.type) {
      case "started":
        this.begun(me);
        this.startMs.push(said.startMs);
        this.killed.bootMsMax = Math.max(this.killed.bootMsMax, Math.round(said.bootMs));
        this.killed.recordsMax = Math.max(this.killed.recordsMax, said.recordCount);
        this.verdicts[said.verdict] = 1 + (this.verdicts[said.verdict] ?? 0);
        if (!this.monitor.isRemembered(said.remembered)) this.wrongs.push(`kiosk ${me} forgot what it had said`);
        if (said.lastNumber < life.acknowledged) this.wrongs.push(`kiosk ${me} forgot a request`);
        break;
      case "answered":
        // Twice where a kiosk was killed: that it has shown an answer is nothing that it must remember.
        if ((life.answers.get(said.number) ?? said.result) !== said.result) {
          this.wrongs.push(`request ${said.number} of ${me} had two answers`);
        }
        life.answers.set(said.number, said.result);
        life.acknowledged = Math.max(life.acknowledged, said.number);
        break;
      case "executed": {
        const before = this.executed.get(said.sequence);
        if (before !== undefined && before !== said.what)
          this.wrongs.push(`two batches were executed at ${said.sequence}`);
        this.executed.set(said.sequence, said.what);
        break;
      }
      case "entered":
        this.killed.views = Math.max(this.killed.views, said.view);
        break;
      case "wrong":
        this.wrongs.push(`kiosk ${me}: ${said.what}`);
        break;
      case "rested":
        life.rested = said;
        this.compare();
    }
  }

  /** Now and then somebody is killed from outside. */
  private tick(): void {
    if (this.isEnough || this.framesLeft-- > 0) return;
    this.framesLeft = drawBelow(this.source, FRAMES_BETWEEN_MAX);
    const victims = draw(this.source) < ALL_AT_ONCE ? this.lives : [this.lives[drawBelow(this.source, KIOSKS)]!];
    for (const { process } of victims) process?.kill("SIGKILL");
  }

  private restAll(): void {
    this.restSince ??= Date.now();
    for (const { socket } of this.lives) if (socket !== undefined) writeFrame(socket, "rest");
  }

  private restSince: number | undefined;

  private watch(): void {
    // Where all are down or wait for each other, no frame comes to count by.
    this.tick();
    if (this.restSince === undefined || Date.now() - this.restSince < SETTLE_WITHIN_MS) return;
    const where = JSON.stringify(this.lives.map(({ rested }) => rested));
    const wrongs = [...this.wrongs, ...this.monitor.violations].slice(0, 10);
    this.fail(new Error(`the kiosks do not come to rest: ${where}; ${wrongs.join("; ")}`));
  }

  private compare(): void {
    const rested = this.lives.map((life) => life.rested);
    const [first] = rested;
    if (!rested.every((each) => each?.isIdle === true && each.sequence === first?.sequence)) return;
    if (!rested.every((each) => each?.digest === first?.digest)) this.wrongs.push("two states at one place");
    for (const [me, { acknowledged }] of this.lives.entries()) {
      this.killed.lost += Math.max(0, acknowledged - (first?.clients[me] ?? 0));
    }
    this.settle();
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
