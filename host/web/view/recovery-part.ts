/** What this kiosk is doing, and what everybody waits for: from what its engine, its mesh and its radios show. */
import { canSign } from "../../engine/consensus/standing.ts";
import type { CrapsPart } from "../contract/craps-part.ts";
import { WORDS_LENGTH_MAX } from "../contract/limits.ts";
import type { RecoveryPart, Wait } from "../contract/state-part.ts";
import { rollingOf } from "./craps-part.ts";
import { WAIT_SHOWN_AFTER_MS } from "./limits.ts";
import type { Moments } from "./moments.ts";
import type { Reach } from "./reach.ts";
import type { SeenKiosk } from "./seen-kiosk.ts";

type State = RecoveryPart["state"];

export interface RecoverySight {
  readonly seen: SeenKiosk;
  readonly reach: Reach;
  readonly craps: CrapsPart;
  readonly journal: RecoveryPart["journal"];
  readonly isEnding: boolean;
  readonly pausedUntil: number | null;
  /** Why it signs nothing. */
  readonly muted: string | null;
  /** Of the members, by their places. */
  readonly names: readonly string[];
  readonly at: Moments;
}

export function recoveryPart(sight: RecoverySight): RecoveryPart {
  const { replica } = sight.seen.node;
  const state = stateOf(sight);
  const to = Math.max(replica.decided, replica.snapshot?.header.sequence ?? 0);
  const isBehind = replica.snapshot !== undefined || to > replica.executed + replica.options.window;
  return {
    ...{ state, words: wordsOf(state, sight), waits: waitsOf(sight), journal: sight.journal },
    behind: isBehind ? { from: replica.executed, to } : null,
  };
}

function stateOf({ seen: { node }, reach, isEnding }: RecoverySight): State {
  const { replica } = node;
  if (isEnding) return "ending";
  if (node.isPaused()) return "paused";
  if (reach.count < replica.quorum) return reach.wasMet ? "partitioned" : "starting";
  // For a moment after each start it asks the others what they heard signed by it.
  if (replica.probing !== undefined && replica.probing.forgot === undefined) return "recovering";
  if (!canSign(replica)) return "muted";
  return replica.snapshot === undefined ? "playing" : "recovering";
}

function wordsOf(state: State, { reach, seen: { node }, muted, names }: RecoverySight): string {
  const told = node.standing(names)?.sentences.join(" ").slice(0, WORDS_LENGTH_MAX);
  if (state === "partitioned" && told !== undefined) return told;
  const here = `${reach.count} of ${reach.names.length} kiosks are here, and ${node.replica.quorum} are needed`;
  switch (state) {
    case "starting":
      return `${here}: looking for the others. Their radios must be up, and near.`;
    case "partitioned":
      return `${here}: nothing can be decided here, and what everybody has is safe. Bring the kiosks nearer, or switch them on.`;
    case "recovering":
      return "It learns what the others agreed on meanwhile.";
    case "muted":
      return `It follows and signs nothing: ${muted ?? "its own memory is not whole"}.`;
    case "paused":
      return "An operator has paused it.";
    case "ending":
      return "It is being shut down.";
    default:
      return told ?? (reach.count === reach.names.length ? "All kiosks are here." : `${here}.`);
  }
}

function waitsOf(sight: RecoverySight): Wait[] {
  const { seen, reach, craps, at } = sight;
  const { node, radios } = seen;
  const { replica } = node;
  const table = replica.state.machine;
  const waits: Wait[] = [];
  /** `shownAfterMs`: what is over before that keeps nobody. */
  const put = (
    what: Wait["for"],
    is: boolean,
    { members = [], until = null, shownAfterMs = 0 }: Partial<Wait> & { readonly shownAfterMs?: number } = {},
  ): void => {
    const since = at.since(what, is);
    if (is && at.now() - since >= shownAfterMs) waits.push({ for: what, members, since, until });
  };
  const reports = radios.reports();
  put("radio", reports.length > 0 && reports.every(({ isUp }) => !isUp));
  const missing = [...reach.link.keys()].filter((member) => reach.link[member] === "none");
  const isAlone = reach.count < replica.quorum;
  put("members", isAlone, { members: missing });
  put("operator", sight.pausedUntil !== null, { until: sight.pausedUntil });
  put("snapshot", replica.snapshot !== undefined);
  put("leader", replica.phase === "changing", { shownAfterMs: WAIT_SHOWN_AFTER_MS });
  put("key", !isAlone && table.dice.deal !== undefined && table.dice.key === undefined, {
    shownAfterMs: WAIT_SHOWN_AFTER_MS,
  });
  const rolling = rollingOf(seen, at);
  put("dice", rolling !== null, rolling === null ? {} : { members: rolling.missing });
  const isOld = (since: number): boolean => replica.now - since > WAIT_SHOWN_AFTER_MS;
  const waiting = replica.pools.some((pool) => pool.waiting.some((each) => each !== undefined && isOld(each.since)));
  put("votes", !isAlone && rolling === null && waiting);
  const isOpen = !isAlone && rolling === null && craps.players.some((player) => player !== null);
  put("bets", isOpen && craps.closesAt !== null, { until: craps.closesAt });
  const shooter = craps.players[craps.state.shooter]?.member ?? null;
  put("shooter", isOpen && craps.closesAt === null, { members: shooter === null ? [] : [shooter] });
  return waits;
}
