/** A new table, before it exists: what its founder chose, checked. Whoever founds it is its first member; the others join. */
import { utf8Encode } from "../../../protocol/bytes/utf8.ts";
import { NAME_SIZE_MAX, SEATS_MAX, TABLE_ID_SIZE } from "../../../protocol/core/limits.ts";
import { SEATS_MIN } from "./limits.ts";

export interface TablePlan {
  /** Drawn at random by whoever founds it. */
  readonly table: Uint8Array;
  readonly name: string;
  /** Places in the game, whoever sits there. */
  readonly seats: number;
  readonly rules: number;
}

export type PlanFault =
  | "too few seats"
  | "too many seats"
  | "no name"
  | "name too long"
  | "id of another size"
  | "unknown rules";

/** `rulesKnown` are those of this software. */
export function planFault(plan: TablePlan, rulesKnown: readonly number[]): PlanFault | undefined {
  if (plan.table.length !== TABLE_ID_SIZE) return "id of another size";
  if (!Number.isInteger(plan.seats) || plan.seats < SEATS_MIN) return "too few seats";
  if (plan.seats > SEATS_MAX) return "too many seats";
  if (plan.name.trim() === "") return "no name";
  if (utf8Encode(plan.name).length > NAME_SIZE_MAX) return "name too long";
  return rulesKnown.includes(plan.rules) ? undefined : "unknown rules";
}
