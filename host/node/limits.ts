/** The bounds of a kiosk's process, each with its unit and reason. */
import { assert } from "../../protocol/core/assert.ts";
import { MEMBERS_MAX, SEATS_MAX } from "../../protocol/core/limits.ts";
import { SERVE_BYTES_PER_SECOND } from "../engine/objects/limits.ts";
import { SPECTATOR_KEPT_MS } from "../engine/reception/limits.ts";
import { HANDSHAKE_AGAIN_MS, HANDSHAKE_TIMEOUT_MS } from "../secure/limits.ts";
import { JOURNAL_FILE_SIZE_MAX, JOURNAL_RECORD_SIZE_MAX } from "../storage/limits.ts";
import { NodeRecord } from "./node-record.ts";

/** Letters that wait to be stepped. At a hundred a second, a disk that takes twenty seconds for a flush fills it. */
export const NEWS_LENGTH_MAX = 2048;
/** What was said openly and may be said again: two rounds of everything that a member of a full table has under way. */
export const REPEATS_REMEMBERED_MAX = 256;
/** A call that nobody takes is given up after this: thirty adverts' time, all bad. */
export const DIAL_WITHIN_MS = 6_000;
/** And after this, where the radio has links that it may lose by it. */
export const DIAL_WITHIN_LINKED_MS = 20_000;
/** A kiosk that is told to save power stays awake so long after the last that was heard or asked for: between two rolls nobody goes to
 * sleep, for each change of pace costs a round that is under way. */
export const AWAKE_MS = 60_000;
/** How often the radios learn what the map of the mesh says. */
export const VIEW_EVERY_MS = 1_000;
/** How often somebody who was told to do nothing looks whether that is over. */
export const DEAF_LOOK_MS = 50;
/** Events that share a flush: what a group of ten says while a disk syncs. */
export const EVENTS_TOGETHER_MAX = 64;
/** How often the engine is told what this machine's clock shows. */
export const CLOCK_EVERY_MS = 60_000;
/** A deadline that has come and cannot be met yet is looked at again after this. */
export const DEADLINE_AGAIN_MS = 1;
/** Numbers of sealed envelopes that one record sets aside: a flush in some thousand messages. */
export const COUNTERS_RESERVED_COUNT = 4096;
/** A clock before this (2020) has never been set, and numbers nothing. */
export const WALL_PLAUSIBLE_MS = 1_577_836_800_000;
/** And after this (2100) it was set by nobody who means well: numbers would run out. */
export const WALL_PLAUSIBLE_MAX_MS = 4_102_444_800_000;
/** A journal is made short when it is so long, and four times what it would be then: a day's play on a slow card. */
export const COMPACT_ABOVE_SIZE = 8_388_608;
export const COMPACT_ABOVE_TIMES = 4;
/** Epochs whose members are still understood, beside the present one: who was away may be as many behind. */
export const OLD_EPOCHS_MAX = 4;
/** Keys made ready for use: those of members now, before and soon. */
export const KEYS_READY_MAX = 4 * MEMBERS_MAX;
/** Where statements are written before they are signed or verified: some fifty at a time. */
export const STATEMENTS_ROOM_SIZE = 16_384;
/** At which a kiosk orders what the dice want of it: the last one, where hardly ever a player sits. */
export const DICE_SEAT = SEATS_MAX - 1;
/** Stable states of which the last are remembered, for disputes: some minutes of play, and a mebibyte at most. */
export const STATES_REMEMBERED_MAX = 4;
/** A vote in a dispute that was ordered and is not there after this is ordered again. */
export const VOTE_AGAIN_MS = 30_000;
/** A kiosk that looks on asks to go on so long before members forget it, and those that began anew meanwhile know it again. */
export const LOOK_ON_AGAIN_MS = 120_000;
/** What one that looks on may draw: half of what a member may, which plays. */
export const ONLOOKER_BYTES_PER_SECOND = SERVE_BYTES_PER_SECOND / 2;
/** A connection over which no session has come for so long is dropped: time for one attempt whole, and the beginning of another. */
export const LINK_OPENS_WITHIN_MS = 12_000;
/** Between two notes to recovery that a member was heard, who may be heard with each packet. */
export const HEARD_AGAIN_MS = 1_000;
/** Heartbeats between two words about the own boards: a minute, and a newcomer waits no longer for its plan. */
export const BOARDS_EVERY_BEATS = 12;
/** A link without a secret is kept so long after both people said yes: two repetitions of what may have been lost. */
export const PAIRED_LINK_KEPT_MS = 10_000;
/** Kiosks that are known by their adverts: as many as come and go before a process is started anew. */
export const IDENTITIES_MAX = 8 * MEMBERS_MAX;
/** Radios that are known to be a member's: three of each. */
export const RADIOS_KNOWN_MAX = 3 * MEMBERS_MAX;
/** A line that a person made up, and room for all that it may be. */
export const PASSPHRASE_SIZE_MAX = 1_024;
/** How often it is looked whether a radio's name is due at the latest: somebody may have set the clock. */
export const RENAME_LOOK_MAX_MS = 1_000;
/** A person walks to a radio and finds it among others. */
export const BLINK_SECONDS = 20;

assert(2 * LOOK_ON_AGAIN_MS <= SPECTATOR_KEPT_MS, "whose question is lost once still looks on");
assert(HANDSHAKE_TIMEOUT_MS + HANDSHAKE_AGAIN_MS <= LINK_OPENS_WITHIN_MS, "a handshake has its time");
assert(NodeRecord.sizeMax <= JOURNAL_RECORD_SIZE_MAX, "the longest record fits the journal");
assert(COMPACT_ABOVE_SIZE < JOURNAL_FILE_SIZE_MAX, "a journal is made short before it is full");
