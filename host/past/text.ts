/** Keys, chips and times as people read them. */

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** Enough of a key to tell the members of a table apart. */
export const keyText = (key: Uint8Array | string): string =>
  (typeof key === "string" ? key : hex(key)).slice(0, 2 * SHORT_SIZE);

const SHORT_SIZE = 4;

export const chipsText = (chips: number): string => `${chips} ${chips === 1 ? "chip" : "chips"}`;

/** The table's own time; it begins when the first batch is agreed on. */
export const timeText = (time: number): string => (time === 0 ? "the beginning" : new Date(time).toISOString());
