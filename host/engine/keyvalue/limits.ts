/** What the key–value machine holds: its bounds, each with its unit and reason. */

/** A name that a person types. */
export const KEY_SIZE_MAX = 32;
/** A line of text, with its result well within what a reply carries. */
export const VALUE_SIZE_MAX = 256;
/** With the longest keys and values the state takes 300 KiB, which one transfer brings. */
export const KEY_COUNT_MAX = 1024;
/** A key that should live for more than a day is set without an end, and deleted. */
export const TIME_TO_LIVE_MAX_MS = 86_400_000;
