/** Both stacks count advertising and scanning in 0.625 ms. */
export const airUnits = (ms: number): number => Math.max(4, Math.min(0x4000, Math.round(ms / 0.625)));
