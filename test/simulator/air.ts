/** What the network does to what is said on it, apart from partitions. */
import type { Profile } from "../../host/engine/timing/profiles.ts";
import { type Chance, draw } from "../../protocol/core/chance.ts";

export interface Air {
  readonly delayMs: number;
  readonly jitterMs: number;
  /** Shares of all messages. */
  readonly loss: number;
  readonly duplication: number;
  readonly corruption: number;
  readonly truncation: number;
  /** Without it, what is said on one link arrives in its order. */
  readonly reordering: boolean;
  /** How long a flush takes; 0 for one that is over at once. */
  readonly flushMs: number;
}

export function airOf(from: Chance, profile: Profile, calm: boolean, without: ReadonlySet<string>): Air {
  const delayMs = profile.roundTripMs * (0.02 + 0.3 * draw(from) ** 2);
  const share = (kind: string, chance: number, most: number): number => {
    const happens = draw(from) < chance;
    const much = most * draw(from) ** 2;
    return happens && !calm && !without.has(kind) ? much : 0;
  };
  return {
    delayMs,
    jitterMs: delayMs * 2 * draw(from),
    loss: share("loss", 0.35, 0.3),
    duplication: share("duplication", 0.25, 0.3),
    corruption: share("corruption", 0.15, 0.1),
    truncation: share("truncation", 0.1, 0.1),
    reordering: share("reordering", 0.6, 1) > 0,
    flushMs: share("slowDisk", 0.3, 2 * delayMs + 2),
  };
}
