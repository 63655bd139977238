/** How a kiosk is, part by part. Ready is another question: a healthy kiosk may wait for others. */
import { z } from "zod";
import { many, record, word, words } from "../contract/forms.ts";

const COMPONENTS_MAX = 32;

export const Component = record({
  component: word,
  /** - degraded: it does its work with less than it should have. */
  state: z.enum(["ok", "degraded", "failed"]),
  words,
});
export type Component = z.output<typeof Component>;

export const Health = record({
  state: z.enum(["ok", "degraded", "failed"]),
  components: many(Component, COMPONENTS_MAX),
  isReady: z.boolean(),
  /** What is awaited until then. */
  awaits: words,
});
export type Health = z.output<typeof Health>;

/** As its worst part. */
export function healthOf(
  components: readonly Component[],
  { isReady, awaits }: Pick<Health, "isReady" | "awaits">,
): Health {
  const states = components.map(({ state }) => state);
  const state = states.includes("failed") ? "failed" : states.includes("degraded") ? "degraded" : "ok";
  return { state, components, isReady, awaits };
}
