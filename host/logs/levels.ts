/** How much is told, and by whom. */

/** From nothing to everything: each tells what those before it tell. */
export const LEVELS = Object.freeze(["silent", "error", "warn", "info", "debug"] as const);
export type Level = (typeof LEVELS)[number];

/** Parts of a kiosk that have a level of their own. */
export const PARTS = Object.freeze([
  ...(["kiosk", "engine", "dice", "game", "judge", "session", "recovery"] as const),
  ...(["identity", "mesh", "secure", "radio", "storage", "web"] as const),
] as const);
export type Part = (typeof PARTS)[number];

/** Whether a part that is set to `set` tells what is of `level`. */
export const tells = (set: Level, level: Level): boolean => LEVELS.indexOf(level) <= LEVELS.indexOf(set);
