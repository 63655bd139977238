/** The bounds of judgement, each with its unit and reason. */
import { assert } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { faultsMax } from "../consensus/quorum.ts";
import { DAY_MS, HOUR_MS } from "../stakes/limits.ts";

// --- dice ---

/** The evidence at which the page says so: fair dice ever come so far in one life of a thousand (Ville 1939). */
export const ALARM_EVIDENCE = 1_000;
/** Before anybody is accused of anything by numbers alone, over all pairs and years: what a person may be told. */
export const ACCUSING_EVIDENCE = 1_000_000;
/** Rolls after which the meter that forgets begins anew: dice that were changed late are not hidden by an honest past. */
export const WINDOW_ROLLS_COUNT = 2_000;
/** Below so many expected in a cell the chi-square law is no good approximation. */
export const CELL_EXPECTED_MIN = 5;
/** Faces seen before a goodness of fit is reported. */
export const FACES_REPORTED_MIN = 30;

// --- evidence ---

/** Signed evidence is kept so long at least. */
export const EVIDENCE_KEPT_MS = 30 * DAY_MS;
/** After a dispute is decided it may be brought before people. */
export const APPEAL_MS = 7 * DAY_MS;
/** A stake on its way out is in reach for so long. */
export const UNBONDING_MS = 7 * DAY_MS;
/** Samples that nobody signed: they say how things are, and prove nothing. */
export const SAMPLES_KEPT_MS = HOUR_MS;
/** Members that say they have seen the proof. */
export const WITNESSES_MAX = MEMBERS_MAX;
/** Offences of one key that are remembered at a time: whoever has so many is long gone. */
export const OFFENCES_PER_KEY_MAX = 32;
/** And of all keys: a table of ten whose members were all exchanged three times. */
export const OFFENCES_MAX = 1_024;
/** Offences that do not break agreement itself, each proved, that cost the seat. */
export const EXCLUDING_OFFENCES_COUNT = 3;
/** Of evidence that does not fit one operation, what a part brings: an operation less what a part is beside. */
export const EVIDENCE_PART_SIZE_MAX = 952;
/** Parts of one. A new view that is false takes two or three with one certificate in each wish, among four as among ten: room for
 * several views that failed in a row. */
export const EVIDENCE_PARTS_MAX = 14;
export const EVIDENCE_PACKED_SIZE_MAX = EVIDENCE_PARTS_MAX * EVIDENCE_PART_SIZE_MAX;
/** And as it is checked: a part may claim to unpack to anything, and each certificate in it is verified. */
export const EVIDENCE_WHOLE_SIZE_MAX = 32_768;
/** Of these, incomplete at a time, one to whoever began it: three liars of ten keep three, and the honest, who bring the same bytes
 * of one offence, are left with two offences at a time. */
export const EVIDENCE_OPEN_MAX = 5;
/** From one part to the next: a kiosk orders all of them at once. */
export const EVIDENCE_PART_WAIT_MS = 60_000;
/** Alerts that a kiosk remembers to have passed on. */
export const ALERTS_SEEN_MAX = 256;

// --- disputes ---

/** Disputes that are open at a time, … */
export const DISPUTES_OPEN_MAX = 16;
/** … of them by one claimant: nobody keeps the others from being heard. */
export const DISPUTES_PER_CLAIMANT_MAX = 2;
/** Decided ones that are remembered, so that nothing is decided twice. */
export const DISPUTES_DECIDED_MAX = 128;
/** Votes that one dispute holds, of those too who have left since: an hour sees few changes of members. One more is refused. */
export const DISPUTE_VOTES_MAX = 4 * MEMBERS_MAX;
/** What members can see for themselves at once. */
export const DISPUTE_SHORT_MS = 60_000;
/** What people have to look at. */
export const DISPUTE_LONG_MS = HOUR_MS;

// --- what operations may look like ---

/** A claimed moment may lie so far from the agreed one, either way. */
export const CLAIMED_TIME_TOLERANCE_MS = 30_000;
/** Between two operations of one seat. A finger is slower. */
export const OPERATION_INTERVAL_MIN_MS = 100;
/** Between two bets: chips are put down in quick taps. */
export const BET_INTERVAL_MIN_MS = 50;

// --- standing: shown, and nothing more ---

/** Trust and reputation are counted in millionths. */
export const WHOLE_PPM = 1_000_000;
export const POINTS_MIN = -1_000;
export const POINTS_MAX = 1_000;
/** Whoever has fewer is shown as one not to play with, or whose vote is not asked for. */
export const PLAY_POINTS_MIN = -500;
export const VOTE_POINTS_MIN = 0;
/** Keys that a standing is remembered of: members of a table, past ones too. */
export const STANDINGS_MAX = 32;
/** Observations below which nothing is said of anybody. */
export const SAMPLES_MIN = 20;
/** Faults in a row after which a kiosk is shown as at fault. */
export const CONSECUTIVE_FAULTS_MAX = 5;
/** Reputation goes back to its prior in steps of this. */
export const DECAY_STEP_MS = HOUR_MS;
/** What is left of the distance after a step: half of it after 29 days. */
export const DECAY_LEFT_PPM = 999_000;
/** Latencies that the next is held against. */
export const LATENCIES_MAX = 100;
export const LATENCIES_MIN = 20;
/** Opinions of others that are followed: from hand to hand, so often. */
export const TRUST_HOPS_MAX = 4;

// --- traffic, for people ---

/** Kinds of messages that are counted apart. */
export const TRAFFIC_KINDS_MAX = 16;

assert(EVIDENCE_OPEN_MAX >= faultsMax(MEMBERS_MAX) + 2, "liars cannot keep the honest from bringing two offences");
assert(EVIDENCE_KEPT_MS >= DISPUTE_LONG_MS + APPEAL_MS, "evidence outlives the dispute about it, and the appeal");
assert(EVIDENCE_KEPT_MS >= UNBONDING_MS, "evidence outlives the stake that it could reach");
assert(SAMPLES_KEPT_MS < EVIDENCE_KEPT_MS, "what is signed is kept longer than what is not");
assert(BET_INTERVAL_MIN_MS < OPERATION_INTERVAL_MIN_MS, "bets come faster than the rest");
assert(DISPUTES_PER_CLAIMANT_MAX * MEMBERS_MAX > DISPUTES_OPEN_MAX, "the table's bound is the one that is reached");
