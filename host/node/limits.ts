/** The bounds of a kiosk's process, each with its unit and reason. */
import { assert } from "../../protocol/core/assert.ts";
import { MEMBERS_MAX, SEATS_MAX } from "../../protocol/core/limits.ts";
import { HANDSHAKE_AGAIN_MS, HANDSHAKE_TIMEOUT_MS } from "../secure/limits.ts";
import { JOURNAL_FILE_SIZE_MAX, JOURNAL_RECORD_SIZE_MAX } from "../storage/limits.ts";
import { NodeRecord } from "./node-record.ts";

/** What waits to be stepped. At a hundred packets a second and link, a disk that takes three seconds for a flush fills it. */
export const INBOX_LENGTH_MAX = 2048;
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
/** Packets given to one link's radio and not settled: what is given is beyond recall, and a later vote says more. */
export const LINK_SENDS_MAX = 6;
/** Packets that wait for one link, a class; the oldest gives way, for the newest of a class says most. */
export const LINK_WAITING_MAX = 32;
/** A connection over which no session has come for so long is dropped: time for one attempt whole, and the beginning of another. */
export const LINK_OPENS_WITHIN_MS = 12_000;
/** Radios that are known to be a member's: three of each. */
export const RADIOS_KNOWN_MAX = 3 * MEMBERS_MAX;
/** A link that ended so soon after its beginning is not dialled again for as long. */
export const DIAL_AGAIN_MS = 2_000;
/** Of one radio, whose links ended so: more than a client has. */
export const LINKS_FLED_MAX = 8;
/** A line that a person made up, and room for all that it may be. */
export const PASSPHRASE_SIZE_MAX = 1_024;
/** How often it is looked whether a radio's name is due at the latest: somebody may have set the clock. */
export const RENAME_LOOK_MAX_MS = 1_000;

assert(HANDSHAKE_TIMEOUT_MS + HANDSHAKE_AGAIN_MS <= LINK_OPENS_WITHIN_MS, "a handshake has its time");
assert(NodeRecord.sizeMax <= JOURNAL_RECORD_SIZE_MAX, "the longest record fits the journal");
assert(COMPACT_ABOVE_SIZE < JOURNAL_FILE_SIZE_MAX, "a journal is made short before it is full");
