/** The bounds of a kiosk as a service of its machine, each with its unit and reason. */
import { assert } from "../../protocol/core/assert.ts";

/** After which systemd ends a service that has not been heard: a slow card may take many seconds for one flush. */
export const WATCHDOG_MS = 90_000;
/** Feedings within that time: two may be lost. */
export const FEEDS_PER_WATCHDOG_COUNT = 3;
/** No radio has answered for so long: opening them anew, which the kiosk tries every 15 s, does not help. */
export const RADIO_SILENT_MAX_MS = 180_000;
/** One turn of the kiosk's loop, with its flush: a card that takes longer has failed. */
export const TURN_MAX_MS = 60_000;
/** A line that `systemctl status` shows. */
export const STATUS_LENGTH_MAX = 200;
/** One message to systemd: it took 10 ms, and on a busy Pi a hundred times that. */
export const NOTIFY_WITHIN_MS = 5_000;

assert(NOTIFY_WITHIN_MS * FEEDS_PER_WATCHDOG_COUNT < WATCHDOG_MS, "a feeding arrives in time");
