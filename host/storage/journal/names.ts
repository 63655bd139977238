/** The names of a journal's files, from which an opening learns what happened before it reads one. */
import type { Disk } from "../disk.ts";

/** Of names with the same generation there is at most one of each kind. */
export interface Names {
  /** Generations that were finished, the oldest first. */
  readonly finished: readonly number[];
  /** Generations that were being written; nobody was told of anything in them. */
  readonly begun: readonly number[];
  /** Damaged files. */
  readonly aside: readonly string[];
  readonly asideGenerations: readonly number[];
  readonly hasFailed: boolean;
}

export const fileName = (generation: number): string => `journal-${String(generation).padStart(10, "0")}`;
export const begunName = (generation: number): string => `${fileName(generation)}.new`;
export const asideName = (name: string): string => `${name}.damaged`;

/**
 * It exists from a failed write or sync until the journal was written anew. After a failure the operating system may show
 * bytes that the disk does not have and call them written: what is read back must then be written again, elsewhere.
 * It need not be durable, for the memory that deceives is gone whenever the mark is.
 */
export const FAILED_NAME = "failed";

export function namesOn(disk: Disk): Names {
  const list = disk.list();
  const matches = [...list].sort().flatMap((name) => [...name.matchAll(/^journal-(\d{10})(\.new)?(\.damaged)?$/g)]);
  const aside = matches.filter((match) => match[3] !== undefined);
  const here = matches.filter((match) => match[3] === undefined);
  const generation = (match: RegExpExecArray): number => Number(match[1]);
  return {
    finished: here.filter((match) => match[2] === undefined).map(generation),
    begun: here.filter((match) => match[2] !== undefined).map(generation),
    aside: aside.map((match) => match[0]),
    asideGenerations: aside.map(generation),
    hasFailed: list.includes(FAILED_NAME),
  };
}
