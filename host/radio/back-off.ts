/** How long to wait before a port is tried again: longer each time, up to a bound, forever, and never in step with others. */
import { type Chance, draw } from "../../protocol/core/chance.ts";
import { RETRY_MAX_MS, RETRY_MIN_MS } from "./limits.ts";

/** `attempt` counts the failures in a row, from 1. Within a quarter of the due time either way. */
export function backOffMs(attempt: number, chance: Chance): number {
  const due = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(16, attempt - 1));
  return due * (0.75 + draw(chance) / 2);
}
