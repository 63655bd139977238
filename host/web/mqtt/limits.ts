/** The bounds of a kiosk's MQTT, each with its unit and reason. */

/** Between two messages of state: lights and displays of a house, no page. */
export const STATE_EVERY_MS = 1_000;
/** After a broker was not there, or went. */
export const RECONNECT_AFTER_MS = 5_000;
export const CONNECT_WITHIN_MS = 10_000;
/** In which a broker notices that a kiosk is gone, and tells its will: half as much again. */
export const KEEP_ALIVE_S = 15;
/** As long as a command over HTTP. */
export const COMMAND_SIZE_MAX = 16_384;
/** What a button of a house pauses for. */
export const PAUSE_MS = 60_000;
/** For the last word to a broker. */
export const FAREWELL_MS = 1_000;
