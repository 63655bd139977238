/** Operators' sessions: a token that nobody can guess, of which only a digest is kept. One that has ended, by its time or by its
 * operator, is nobody's any more, whoever recorded it. */
import { createHash } from "node:crypto";
import { SESSION_IDLE_MAX_MS, SESSION_MAX_MS, SESSIONS_MAX } from "./limits.ts";

interface OpenSession {
  readonly since: number;
  usedAt: number;
}

export interface Sessions {
  /** By the token's digest, the oldest first. */
  readonly open: Map<string, OpenSession>;
}

export const sessions = (): Sessions => ({ open: new Map() });

export function begin(of: Sessions, token: string, at: number): void {
  const [oldest] = of.open.keys();
  if (of.open.size === SESSIONS_MAX && oldest !== undefined) of.open.delete(oldest);
  of.open.set(digest(token), { since: at, usedAt: at });
}

/** For how long it is open if nothing is done; undefined where it is not. */
export function leftMs(of: Sessions, token: string | undefined, at: number): number | undefined {
  if (token === undefined) return undefined;
  const name = digest(token);
  const session = of.open.get(name);
  if (session === undefined) return undefined;
  const left = Math.min(session.usedAt + SESSION_IDLE_MAX_MS, session.since + SESSION_MAX_MS) - at;
  if (left > 0) return left;
  of.open.delete(name);
  return undefined;
}

/** Its operator did something. */
export function use(of: Sessions, token: string, at: number): void {
  const session = of.open.get(digest(token));
  if (session !== undefined) session.usedAt = at;
}

export const end = (of: Sessions, token: string): void => {
  of.open.delete(digest(token));
};

const digest = (token: string): string => createHash("sha256").update(token).digest("base64");
