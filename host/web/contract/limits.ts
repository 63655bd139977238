/** The bounds of what crosses between a kiosk and its pages, each with its unit and reason. */
import { MEMBERS_MAX, SEATS_MAX } from "../../../protocol/core/limits.ts";

/** Of a sentence that is shown. */
export const WORDS_LENGTH_MAX = 400;
/** Of a name: a member's, a radio's, a bet's, a backup's. */
export const LABEL_LENGTH_MAX = 128;
/** Rolls in the view, the newest last: a screen of history and its histogram; older ones are asked for one by one. */
export const ROLLS_SHOWN_MAX = 60;
/** Latencies in the view, the newest last: two minutes of a busy player. */
export const LATENCIES_SHOWN_MAX = 120;
/** Links in the map: every pair, both ways, and each perhaps twice. */
export const LINKS_SHOWN_MAX = 2 * MEMBERS_MAX * MEMBERS_MAX;
export const RADIOS_SHOWN_MAX = 64;
export const EVIDENCE_SHOWN_MAX = 64;
export const WAITS_SHOWN_MAX = 16;
export const BACKUPS_SHOWN_MAX = 64;
export const ALERTS_SHOWN_MAX = 32;
export const LOG_LINES_SHOWN_MAX = 200;
/** Bets of a layout: the largest has some two hundred. */
export const OFFERS_SHOWN_MAX = 256;
/** A pause that an operator orders ends by itself. */
export const PAUSE_MAX_MS = 600_000;
export const PIN_LENGTH_MIN = 6;
export const PIN_LENGTH_MAX = 64;
/** Several seats may be at one kiosk. */
export const OWN_SEATS_MAX = SEATS_MAX;
/** Of an order's value of a setting, as text. */
export const SETTING_LENGTH_MAX = 1_024;
/** A roll's proof and its keys in hexadecimal text. */
export const PROOF_LENGTH_MAX = 65_536;
