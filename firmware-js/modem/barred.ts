/** Peers whose traffic dies on the board, before the wire. Only the host bars, and a radio's neighbours cannot bring an
 * entry in, so no flood of strangers can push one out. The key is an address: a peer that changes its address evades it. */
import { RADIO_PEERS_MAX } from "../../protocol/core/limits.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import type { PeerKey } from "./facts.ts";

export interface Barred {
  readonly entries: PeerKey[];
  /** Of each entry. Numbers side by side take a board a third of what objects do. */
  readonly until: Millis[];
  /** Orders that found the table full. */
  refused: number;
}

export const barred = (): Barred => ({ entries: [], until: [], refused: 0 });

/** False if the table is full of peers that are still barred: the host hears of it and lets one go. */
export function bar(table: Barred, peer: PeerKey, seconds: number, now: Millis): boolean {
  const until = millis(now + 1000 * seconds);
  const known = table.entries.indexOf(peer);
  if (known >= 0) {
    table.until[known] = millis(Math.max(table.until[known], until));
    return true;
  }
  expire(table, now);
  if (table.entries.length === RADIO_PEERS_MAX) {
    table.refused += 1;
    return false;
  }
  table.entries.push(peer);
  table.until.push(until);
  return true;
}

export function unbar(table: Barred, peer: PeerKey): void {
  const at = table.entries.indexOf(peer);
  if (at >= 0) remove(table, at);
}

export function isBarred(table: Barred, peer: PeerKey, now: Millis): boolean {
  const at = table.entries.indexOf(peer);
  return at >= 0 && now < table.until[at];
}

function expire(table: Barred, now: Millis): void {
  for (let at = table.entries.length - 1; at >= 0; at--) if (now >= table.until[at]) remove(table, at);
}

function remove(table: Barred, at: number): void {
  table.entries.splice(at, 1);
  table.until.splice(at, 1);
}
