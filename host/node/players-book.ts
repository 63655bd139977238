/** Whose an account is: the ledger knows a digest alone, of a kiosk's key and a seat. Worked out once for each key. */
import { SEATS_MAX } from "../../protocol/core/limits.ts";
import { ownerOf } from "../engine/table/players.ts";
import type { CrapsRules } from "./craps-table.ts";
import { KEYS_READY_MAX } from "./limits.ts";

export interface KnownPlayer {
  /** Place among the members that were given. */
  readonly member: number;
  /** The player's at that kiosk. */
  readonly seat: number;
}

/** Undefined of a player whose kiosk is no member. */
export type PlayersBook = (
  owner: Uint8Array,
  members: readonly { readonly key: Uint8Array }[],
) => KnownPlayer | undefined;

export function playersBook(rules: CrapsRules): PlayersBook {
  /** By owner: the key, in hexadecimal text. */
  const known = new Map<string, { readonly key: string; readonly seat: number }>();
  const keys = new Set<string>();
  const learn = (key: Uint8Array, name: string): void => {
    if (keys.size === KEYS_READY_MAX) {
      keys.clear();
      known.clear();
    }
    keys.add(name);
    for (let seat = 0; seat < SEATS_MAX; seat++) known.set(hex(ownerOf(rules, key, seat)), { key: name, seat });
  };
  return (owner, members) => {
    const names = members.map(({ key }) => hex(key));
    for (const [member, name] of names.entries()) if (!keys.has(name)) learn(members[member].key, name);
    const found = known.get(hex(owner));
    const member = found === undefined ? -1 : names.indexOf(found.key);
    return found === undefined || member < 0 ? undefined : { member, seat: found.seat };
  };
}

const hex = (of: Uint8Array): string => Buffer.from(of).toString("hex");
