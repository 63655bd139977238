/** A support bundle as it grows: every text goes through the same hands that take secrets out of it. */
import { assert } from "../../protocol/core/assert.ts";
import { ENTRIES_MAX, LOG_TAIL_SIZE_MAX } from "./limits.ts";
import type { Redactor } from "./redact.ts";
import type { Entry } from "./tar.ts";

export class Bundle {
  private readonly redact: Redactor;
  private readonly list: Entry[] = [];

  constructor(redact: Redactor) {
    this.redact = redact;
  }

  get entries(): readonly Entry[] {
    return this.list;
  }

  add(name: string, text: string): void {
    assert(this.list.length < ENTRIES_MAX, "a bundle keeps its bound");
    this.list.push({ name, bytes: Buffer.from(this.redact(text)) });
  }

  addJson(name: string, value: unknown): void {
    this.add(name, `${JSON.stringify(value, null, 2)}\n`);
  }

  /** The end of a log, from a line's beginning: half a line may hold half a secret, which nobody would know for one. */
  addTail(name: string, bytes: Uint8Array, isCut: boolean): void {
    assert(bytes.length <= LOG_TAIL_SIZE_MAX, "a log's end keeps its bound");
    const text = Buffer.from(bytes).toString("utf8");
    const from = isCut ? text.indexOf("\n") + 1 : 0;
    this.add(name, isCut && from === 0 ? "" : text.slice(from));
  }
}
