/** Attackers that virtual kiosks can be turned into: names alone, which a page may have without all that checks forms. */
export const CHEATS = Object.freeze([
  ...(["equivocation", "mutation", "withholding", "selectiveSilence", "replay", "flooding"] as const),
  ...(["slowPrimary", "forgedCertificates", "withheldPartial", "forgedPartial"] as const),
]);
export type Cheat = (typeof CHEATS)[number];
