/** Whoever writes a history, wherever it runs: what it is told, what it says, and what it does when the disk does not let it. */
import { unreachable } from "../../../protocol/core/assert.ts";
import type { Entry } from "./entry.ts";
import { TROUBLE_AGAIN_MS } from "./limits.ts";
import type { Answers, Question } from "./questions.ts";
import { asidePath, isDamage, openStore, type Store } from "./store.ts";

export interface Place {
  readonly path: string;
  /** Whose history it is: the table's id. */
  readonly table: string;
}

export type Order =
  | { readonly type: "write"; readonly entries: readonly Entry[] }
  | { readonly type: "ask"; readonly id: number; readonly question: Question; readonly words: readonly unknown[] }
  | { readonly type: "close" };

export type Said =
  /** So many rows have had their turn, and so many of them are lost until a journal tells of them again. */
  | { readonly type: "written"; readonly count: number; readonly lostCount: number }
  | { readonly type: "answer"; readonly id: number; readonly answer: unknown }
  /** One plain sentence for a person, once for each time that something changes. */
  | { readonly type: "notice"; readonly text: string }
  | { readonly type: "closed" };

export interface Keeper {
  readonly obey: (order: Order) => void;
}

/** Never throws: what goes wrong is said, and the table plays on. */
export function keeper({ path, table }: Place, say: (said: Said) => void, now: () => number): Keeper {
  let store: Store | undefined;
  /** When to try again, after the disk has refused something. */
  let restsUntil: number | undefined;

  // SQLite's own words may be several lines.
  const notice = (text: string): void => say({ type: "notice", text: text.replace(/\s+/g, " ") });

  const open = (): void => {
    const opened = openStore(path, table);
    store = opened.store;
    if (opened.aside !== undefined) {
      notice(`the history in ${path} is made anew, for ${opened.aside}; what was there lies in ${asidePath(path)}`);
    }
  };

  const fail = (error: unknown): void => {
    const why = plain((error as Error).message);
    if (store !== undefined && isDamage(error)) {
      // It is set aside at the next opening, which sees the same.
      notice(`the history in ${path} is damaged: ${why}; play goes on`);
      close();
    } else if (restsUntil === undefined) {
      notice(`the history in ${path} is not written: ${why}; play goes on, and nothing that counts is lost`);
    }
    restsUntil = now() + TROUBLE_AGAIN_MS;
  };

  const write = (entries: readonly Entry[]): boolean => {
    if (restsUntil !== undefined && now() < restsUntil) return false;
    try {
      if (store === undefined) open();
      store?.write(entries);
      if (restsUntil !== undefined) notice(`the history in ${path} is written again`);
      restsUntil = undefined;
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  };

  const ask = (question: Question, words: readonly unknown[]): unknown => {
    if (store === undefined && restsUntil !== undefined && now() < restsUntil) return NOTHING[question];
    try {
      if (store === undefined) open();
      const answer = store?.[question] as ((...words: readonly unknown[]) => unknown) | undefined;
      return answer?.(...words) ?? NOTHING[question];
    } catch (error) {
      fail(error);
      return NOTHING[question];
    }
  };

  const close = (): void => {
    try {
      store?.close();
    } catch {
      // What was written before is there, and the rest is in the journal.
    }
    store = undefined;
  };

  return {
    obey(order) {
      switch (order.type) {
        case "write": {
          const { length } = order.entries;
          const isWritten = write(order.entries);
          say({ type: "written", count: length, lostCount: isWritten ? 0 : length });
          break;
        }
        case "ask":
          say({ type: "answer", id: order.id, answer: ask(order.question, order.words) });
          break;
        case "close":
          close();
          say({ type: "closed" });
          break;
        default:
          unreachable(order);
      }
    },
  };
}

/** SQLite's word for what its binding in WebAssembly cannot tell apart. */
function plain(why: string): string {
  if (why === "disk I/O error") return "the disk is full, or fails";
  return why.startsWith("Cannot find module") ? "node-sqlite3-wasm is not installed" : why;
}

/** What is answered where nothing can be read. */
export const NOTHING: { readonly [question in Question]: ReturnType<Answers[question]> } = Object.freeze({
  rolls: [],
  batches: [],
  operations: undefined,
  audits: [],
  evidence: [],
  sessions: [],
  newest: undefined,
});
