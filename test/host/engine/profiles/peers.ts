/** Peers for tests: honest ones on a wire and on the air, and three that follow one script. */
import { observe, type Profiles, profiles } from "../../../../host/engine/profiles/profile.ts";
import { type Chance, draw } from "../../../../protocol/core/chance.ts";
import { millis } from "../../../../protocol/core/units.ts";

export type Way = "wire" | "air";

/** Answers of honest peers: their own distance, the round's own difficulty, and what the way adds. */
function honestSpan(from: Chance, way: Way, member: number, hardMs: number): number {
  const own = way === "wire" ? 2 + member : 20 + 30 * (member % 3);
  const jitter = way === "wire" ? 6 * draw(from) ** 3 : 20 * draw(from) + (draw(from) < 0.1 ? 100 * draw(from) : 0);
  return own + hardMs + jitter;
}

/** What a script adds to a round, the same for all that follow it. */
const scriptedDelay = (script: Chance): number => 150 * draw(script) ** 2;

export interface Story {
  readonly way: Way;
  readonly rounds: number;
  readonly members?: number;
  /** Who follows the script. */
  readonly colluders?: readonly number[];
}

/** Everyone answers every round, each by a neighbour of its own unless told otherwise. */
export function answered(
  from: Chance,
  { way, rounds, members = 10, colluders = [] }: Story,
  path: (member: number) => number = (member) => member,
): Profiles {
  const of = profiles(members);
  for (let round = 0; round < rounds; round++) {
    const hardMs = 40 * draw(from);
    const plan = scriptedDelay(from);
    for (let member = 0; member < members; member++) {
      const extra = colluders.includes(member) ? plan : 0;
      const spanMs = honestSpan(from, way, member, hardMs) + extra;
      observe(of, { type: "answered", member, round, spanMs, path: path(member) });
    }
  }
  return of;
}

/** Heartbeats to the millisecond, or whatever the protocol schedules. */
export function beat(of: Profiles, times: number, everyMs: number, scheduled: boolean): void {
  for (let at = 0; at < times; at++) {
    for (let member = 0; member < of.peers.length; member++) {
      observe(of, { type: "acted", member, at: millis(at * everyMs), scheduled });
    }
  }
}
