/** The server's clocks: one that only runs, and one that tells the date. */
export interface WebClock {
  readonly nowMs: () => number;
  /** Since 1970. */
  readonly wallMs: () => number;
}

export const webClock: WebClock = Object.freeze({ nowMs: () => performance.now(), wallMs: () => Date.now() });
