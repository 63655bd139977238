/** Tables with other rules, so that a long run meets them all. */
import type { CrapsConfig } from "../../../../../host/engine/games/craps/config.ts";

export const VARIANTS: readonly Partial<CrapsConfig>[] = [
  { bets: "beginner" },
  { bets: "everything" },
  { bets: "everything", rounding: "down", fee: "withStake", feeRounding: "up", bankShareBasisPoints: 10_000 },
  { bets: "everything", fee: "withStake", layWorks: false, hardWorks: false, hardStays: false, fire: "b", bar: 2 },
  { bets: "everything", rounding: "down", oddsFour: 100, oddsFive: 100, oddsSix: 100, repeaters: "to", bar: 3 },
  {
    bets: "full",
    shooterBets: false,
    stakeMin: 5,
    stakeMax: 500,
    twoPays: 29,
    threePays: 14,
    bankShareBasisPoints: 5_000,
  },
];
