/** A journal that lives through a script, and beside it what it must be able to give back: every state that it has been in,
 * and the last that somebody was told of. */
import type { Journal } from "../../../../host/storage/journal/journal.ts";
import { openJournal, type Verdict } from "../../../../host/storage/journal/open-journal.ts";
import { assert } from "../../../../protocol/core/assert.ts";
import { type Chance, drawBelow } from "../../../../protocol/core/chance.ts";
import type { SimulatedDisk } from "../simulated-disk.ts";

export type Act =
  | { readonly type: "append"; readonly size: number }
  /** Asked for and not waited for. */
  | { readonly type: "flush" }
  | { readonly type: "compact"; readonly last: number }
  /** Until all that was asked for has come. */
  | { readonly type: "wait" }
  /** Some turns of others. */
  | { readonly type: "turns"; readonly count: number }
  | { readonly type: "flush at once" }
  | { readonly type: "reopen" }
  | { readonly type: "kill" };

/** What a record says, by its number in this life; the states are lists of such numbers. */
type State = readonly number[];

export class Life {
  disk: SimulatedDisk;
  journal: Journal | undefined = undefined;
  verdict: Verdict | undefined = undefined;
  private sizes: number[] = [];
  private states: State[] = [[]];
  private told = 0;
  private asked: Promise<void>[] = [];
  private compacting: Promise<unknown> = Promise.resolve();

  /** Each draws other salts. */
  private openings = 0;

  constructor(disk: SimulatedDisk) {
    this.disk = disk;
  }

  /** Throws what the disk throws; a breach of what must hold is an assertion. */
  async open(allows: readonly Verdict["type"][] = ["new", "clean", "torn tail cut"]): Promise<void> {
    this.openings += 1;
    let salt = 1000 * this.openings;
    const opened = await openJournal(this.disk, { drawSalt: () => salt++ });
    if (!opened.ok) throw opened.why === "disk" ? opened.error : new Error(opened.why);
    this.verdict = opened.verdict;
    this.journal = opened.journal;
    assert(allows.includes(opened.verdict.type), `an opening of this disk is no "${opened.verdict.type}"`);
    const found = opened.records.map((record) => this.read(record));
    const at = this.states.map(String).lastIndexOf(String(found));
    assert(at >= 0, `what is read was once there: ${found}`);
    assert(at >= this.told, `nothing of which somebody was told is lost: ${found} of ${this.states[this.told]}`);
    if (opened.verdict.type === "new") assert(found.length === 0, "a new journal is empty");
    // What is not there now must never come back.
    this.states = this.states.slice(0, at + 1);
    this.told = at;
  }

  async act(act: Act): Promise<void> {
    const { journal } = this;
    assert(journal !== undefined, "the journal is open");
    switch (act.type) {
      case "append":
        if (journal.append(this.record(act.size)) === "buffered") break;
        // Which tells why.
        await this.wait();
        assert(false, "there is room");
        break;
      case "flush":
        this.ask(journal.flush());
        break;
      case "flush at once":
        await this.wait();
        journal.flushSync();
        this.told = this.states.length - 1;
        break;
      case "compact": {
        await this.compacting;
        const live = (this.states.at(-1) ?? []).slice(-act.last);
        const summary = this.sizes.push(20) - 1;
        const state = [summary, ...live];
        this.states.push(state);
        const compacted = journal.compact(state.map((number) => recordOf(number, this.sizes[number] ?? 0)));
        this.compacting = compacted;
        this.ask(compacted);
        break;
      }
      case "wait":
        await this.wait();
        break;
      case "turns":
        for (let turns = 0; turns < act.count; turns++) await undefined;
        break;
      case "reopen":
        await this.wait();
        await journal.close();
        this.told = this.states.length - 1;
        await this.open();
        assert(this.states.length - 1 === this.told, "a journal that was closed is whole");
        break;
      case "kill":
        this.asked = [];
        this.compacting = Promise.resolve();
        this.disk = this.disk.killed();
        await this.open();
        break;
    }
  }

  /** The same past, to live on from here on what a cut has left. Whoever still waited is gone. */
  fork(disk: SimulatedDisk): Life {
    const fork = new Life(disk);
    fork.sizes = [...this.sizes];
    fork.states = [...this.states];
    fork.told = this.told;
    fork.openings = this.openings;
    return fork;
  }

  private record(size: number): Uint8Array {
    const number = this.sizes.push(size) - 1;
    this.states.push([...(this.states.at(-1) ?? []), number]);
    return recordOf(number, size);
  }

  private read(record: Uint8Array): number {
    const number = record.length < 4 ? -1 : new DataView(record.buffer, record.byteOffset).getUint32(0);
    const size = this.sizes[number] ?? -1;
    assert(size >= 0 && equal(record, recordOf(number, size)), "a record that is read was appended, byte by byte");
    return number;
  }

  private ask(promise: Promise<unknown>): void {
    const state = this.states.length - 1;
    const told = promise.then(() => {
      this.told = Math.max(this.told, state);
    });
    // A cut ends it, and the script hears of that elsewhere.
    told.catch(() => {});
    this.asked.push(told);
  }

  private async wait(): Promise<void> {
    await Promise.all(this.asked.splice(0));
  }
}

/** Its number, then bytes that follow from it. */
export function recordOf(number: number, size: number): Uint8Array {
  const bytes = new Uint8Array(4 + size);
  new DataView(bytes.buffer).setUint32(0, number);
  for (let at = 4; at < bytes.length; at++) bytes[at] = (number * 31 + at * 7) & 0xff;
  return bytes;
}

export function scriptOf(chance: Chance, length: number): readonly Act[] {
  const acts: Act[] = [];
  for (let at = 0; at < length; at++) {
    const drawn = drawBelow(chance, 34);
    if (drawn < 16) acts.push({ type: "append", size: drawBelow(chance, 8) === 0 ? 300 : drawBelow(chance, 40) });
    else if (drawn < 21) acts.push({ type: "flush" });
    else if (drawn < 24) acts.push({ type: "turns", count: drawBelow(chance, 12) });
    else if (drawn < 26) acts.push({ type: "wait" });
    else if (drawn < 28) acts.push({ type: "flush at once" });
    else if (drawn < 30) acts.push({ type: "compact", last: 1 + drawBelow(chance, 3) });
    else if (drawn < 31) acts.push({ type: "reopen" });
    else acts.push({ type: "kill" });
  }
  return acts;
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at]);
