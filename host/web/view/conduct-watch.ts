/**
 * How the other members have behaved, as far as what they signed shows it here, and the links to them: whether they vote with
 * everybody, whether they have signed what nobody may, and whether they have become slow. For an operator to look at. It costs nobody a
 * chip, and players are not shown it: who is not heard may have a bad link.
 */
import { agreedMillis } from "../../../protocol/core/units.ts";
import type { Effect } from "../../engine/consensus/events.ts";
import { accusedBy } from "../../engine/consensus/evidence.ts";
import type { Replica } from "../../engine/consensus/state.ts";
import { assess, REPUTATION_MIN_PPM } from "../../engine/judge/assessment.ts";
import { conductOf, noConducts, observe, participated } from "../../engine/judge/conduct.ts";
import { type Latencies, latencies, measuredLatency } from "../../engine/judge/latency.ts";
import { SAMPLES_MIN, STANDINGS_MAX, WHOLE_PPM } from "../../engine/judge/limits.ts";
import type { Profile } from "../../engine/timing/profiles.ts";
import { nameOfKey } from "../../mesh/judge.ts";
import type { PeerName } from "../../mesh/peer-name.ts";
import type { LinkHealth } from "../../node/radio-health.ts";
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
  /** What a radio says of the link to a neighbour, each time that it says it, and at which pace the table goes. */
  readonly measured: (peer: PeerName, health: LinkHealth, profile: Profile) => void;
  /** Of a member, by its key. */
  readonly of: (key: Uint8Array, time: number) => Seen;
}

export interface Seen {
  /** Of 1; null where too little was seen. */
  readonly reputation: number | null;
  readonly oddities: string[];
}

/** By its own standard, as an operator reads it. */
const SLOW = "slower than usual";

const NOTHING: Seen = Object.freeze({ reputation: null, oddities: [] });

export const noConductWatch: ConductWatch = Object.freeze({ see() {}, measured() {}, of: () => NOTHING });

/** What is remembered of a neighbour's links: how long they usually take. */
interface Pace {
  readonly usual: Latencies;
  /** The last that was said. */
  told: LinkHealth | undefined;
  isSlow: boolean;
}

export function conductWatch({ reputationMinPpm, namesOddities }: Detection): ConductWatch {
  const conducts = noConducts();
  const paces = new Map<PeerName, Pace>();
  let pacedBy: Profile | undefined;
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
    measured(peer, health, profile) {
      // Links of kiosks that nap take twenty times as long, and nobody is at fault: what is usual is learned anew.
      if (profile !== pacedBy) paces.clear();
      pacedBy = profile;
      const pace = paces.get(peer) ?? { usual: latencies(), told: undefined, isSlow: false };
      // Strangers come by and go again: the one that was met first is forgotten.
      if (!paces.has(peer) && paces.size === STANDINGS_MAX) paces.delete(paces.keys().next().value as PeerName);
      paces.set(peer, pace);
      if (health === pace.told || health.roundTripMs === undefined) return;
      pace.told = health;
      pace.isSlow = measuredLatency(pace.usual, health.roundTripMs);
    },
    of(key, time) {
      const conduct = conductOf(conducts, key, agreedMillis(time));
      const slow = namesOddities && paces.get(nameOfKey(key))?.isSlow === true ? [SLOW] : [];
      if (conduct === undefined) return slow.length === 0 ? NOTHING : { reputation: null, oddities: slow };
      const { indicators, reputationPpm = WHOLE_PPM } = assess(conduct, reputationMinPpm);
      const told = namesOddities ? indicators : indicators.filter((each) => each === "low reputation");
      return {
        reputation: conduct.asked < SAMPLES_MIN ? null : reputationPpm / WHOLE_PPM,
        oddities: [...told, ...slow],
      };
    },
  };
}
