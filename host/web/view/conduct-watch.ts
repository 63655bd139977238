/**
 * How the other members have behaved, as far as what they signed shows it here: whether they vote with everybody, and whether they
 * have signed what nobody may. For an operator to look at. It costs nobody a chip, and players are not shown it: who is not heard may
 * have a bad link.
 */
import { agreedMillis } from "../../../protocol/core/units.ts";
import type { Effect } from "../../engine/consensus/events.ts";
import { accusedBy } from "../../engine/consensus/evidence.ts";
import type { Replica } from "../../engine/consensus/state.ts";
import { assess, REPUTATION_MIN_PPM } from "../../engine/judge/assessment.ts";
import { conductOf, noConducts, observe, participated } from "../../engine/judge/conduct.ts";
import { SAMPLES_MIN, WHOLE_PPM } from "../../engine/judge/limits.ts";
import { VOTES_LOOK_SEQUENCES } from "./limits.ts";

/** What an operator wants to be told of. */
export interface Detection {
  /** Who stands below this is told of, of a million. */
  readonly reputationMinPpm: number;
  /** Whether odd ways are named. */
  readonly namesOddities: boolean;
  /** Whether the dice are held against chance. */
  readonly watchesDice: boolean;
}

/** As a configuration has it that says nothing of it. */
export const USUAL_DETECTION: Detection = Object.freeze({
  reputationMinPpm: REPUTATION_MIN_PPM,
  namesOddities: true,
  watchesDice: true,
});

export interface ConductWatch {
  readonly see: (effect: Effect, replica: Replica<unknown>) => void;
  /** Of a member, by its key. */
  readonly of: (key: Uint8Array, time: number) => Seen;
}

export interface Seen {
  /** Of 1; null where too little was seen. */
  readonly reputation: number | null;
  readonly oddities: string[];
}

const NOTHING: Seen = Object.freeze({ reputation: null, oddities: [] });

export const noConductWatch: ConductWatch = Object.freeze({ see() {}, of: () => NOTHING });

export function conductWatch({ reputationMinPpm, namesOddities }: Detection): ConductWatch {
  const conducts = noConducts();
  /** Where votes are looked at next: those of a new view begin anew, and come after what it decides first. */
  let lookAt = 0;

  const look = (replica: Replica<unknown>): void => {
    // Who only looks on counts nobody's votes.
    if (replica.me < 0) return;
    const time = agreedMillis(replica.state.time);
    const { prepared, committed } = replica.votes;
    for (const [member, key] of replica.members.entries()) {
      if (member === replica.me) continue;
      const votedTo = Math.max(prepared[member] ?? 0, committed[member] ?? 0);
      // A vote that a quorum did not wait for may be on its way.
      const hasVoted = votedTo > replica.executed - VOTES_LOOK_SEQUENCES;
      participated(conducts, key, hasVoted, time);
      if (hasVoted) observe(conducts, { type: "verified", key, what: "success", at: time });
    }
  };

  return {
    see(effect, replica) {
      if (effect.type === "entered") lookAt = replica.executed + 2 * VOTES_LOOK_SEQUENCES;
      else if (effect.type === "executed" && effect.sequence >= lookAt && replica.phase === "normal") {
        lookAt = effect.sequence + VOTES_LOOK_SEQUENCES;
        look(replica);
      } else if (effect.type === "evidence") {
        const key = replica.members[accusedBy(effect.evidence)];
        const at = agreedMillis(replica.state.time);
        if (key !== undefined) observe(conducts, { type: "verified", key, what: "contradiction", at });
      }
    },
    of(key, time) {
      const conduct = conductOf(conducts, key, agreedMillis(time));
      if (conduct === undefined) return NOTHING;
      const { indicators, reputationPpm = WHOLE_PPM } = assess(conduct, reputationMinPpm);
      return {
        reputation: conduct.asked < SAMPLES_MIN ? null : reputationPpm / WHOLE_PPM,
        oddities: namesOddities ? [...indicators] : indicators.filter((each) => each === "low reputation"),
      };
    },
  };
}
