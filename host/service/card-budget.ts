/**
 * What a kiosk writes to its card in a day, from what it wrote in a while.
 *
 * A flush costs a card more than its bytes: the page that the last one began is written again, and the file system's own journal
 * gets a page. On ext4 a thousand flushes of 900 B were measured as 9.09 MB at the device.
 */
import { assert } from "../../protocol/core/assert.ts";

/** Beside its own bytes: half a page of the one before and after on average, and a page of the file system's. */
export const FLUSH_COST_SIZE = 8_192;
/** The small card of a Pi, and how often each of its cells can be written: what makers of plain cards admit. */
export const CARD_SIZE = 32_000_000_000;
export const CARD_REWRITES_COUNT = 500;
/** A card moves whole blocks of megabytes for a few pages; how often is its maker's secret. */
export const CARD_COST_TIMES = 10;

const DAY_MS = 86_400_000;
const DAYS_A_YEAR = 365;

/** What was written to one file, or to several, in the same while. */
export interface Written {
  readonly name: string;
  readonly bytes: number;
  /** Writes that were waited for; those of others come together, some twice a minute. */
  readonly flushes: number;
}

export interface CardBudget {
  readonly bytesADay: number;
  /** By name, in the order in which they were given. */
  readonly parts: readonly { readonly name: string; readonly bytesADay: number }[];
  /** Of a small card, at this pace day and night. */
  readonly years: number;
}

/** Undefined where the while was too short to tell. */
export function cardBudget(written: readonly Written[], whileMs: number): CardBudget | undefined {
  if (!(whileMs >= WHILE_MIN_MS)) return undefined;
  const parts = written.map(({ name, bytes, flushes }) => {
    assert(bytes >= 0 && flushes >= 0, "nothing is unwritten");
    return { name, bytesADay: Math.round(((bytes + flushes * FLUSH_COST_SIZE) * DAY_MS) / whileMs) };
  });
  const bytesADay = parts.reduce((sum, part) => sum + part.bytesADay, 0);
  const days = (CARD_SIZE * CARD_REWRITES_COUNT) / CARD_COST_TIMES / Math.max(1, bytesADay);
  return { bytesADay, parts, years: days / DAYS_A_YEAR };
}

/** A start writes more than what follows it. */
const WHILE_MIN_MS = 10_000;

/** Below this a card goes before the machine does. */
const YEARS_MIN = 3;

/** As in "310 MB a day to the card (journal 290 MB, history 20 MB): at this pace a card of 32 GB lasts some 14 years". */
export function budgetLine({ bytesADay, parts, years }: CardBudget): string {
  const of = parts.map((part) => `${part.name} ${sizeWords(part.bytesADay)}`).join(", ");
  const last =
    years >= 100 ? "more than a hundred years" : years >= 1 ? `some ${Math.floor(years)} years` : "less than a year";
  const advice = years < YEARS_MIN ? "; take one made for cameras that record all day" : "";
  return `${sizeWords(bytesADay)} a day to the card (${of}): at this pace one of ${sizeWords(CARD_SIZE)} lasts ${last}${advice}`;
}

function sizeWords(bytes: number): string {
  const [unit, size] = bytes >= 1e9 ? ["GB", 1e9] : bytes >= 1e6 ? ["MB", 1e6] : ["KB", 1e3];
  return `${rounded(bytes / size)} ${unit}`;
}

/** Two digits that mean something. */
const rounded = (value: number): number => (value >= 10 ? Math.round(value) : Math.round(10 * value) / 10);
