/** How a kiosk is, part by part: for a supervisor, and for whoever looks after it. */
import type { RecoveryPart } from "../contract/state-part.ts";
import { type Component, type Health, healthOf } from "../server/health.ts";
import type { Reach } from "./reach.ts";
import type { SeenKiosk } from "./seen-kiosk.ts";

export function healthNow(
  { node, radios }: SeenKiosk,
  recovery: RecoveryPart,
  reach: Reach,
  isBalanced: boolean,
): Health {
  const { state, words } = recovery;
  const reports = radios.reports();
  const up = reports.filter(({ isUp }) => isUp).length;
  const isWell = state === "playing" || state === "starting" || state === "recovering";
  const components: Component[] = [
    { component: "engine", state: isWell ? "ok" : "degraded", words: `${state}, sequence ${node.replica.executed}` },
    {
      component: "radios",
      state: up === reports.length ? "ok" : up === 0 ? "failed" : "degraded",
      words: reports.length === 0 ? "there is none" : `${up} of ${reports.length} answer`,
    },
    {
      component: "mesh",
      state: reach.count === reach.names.length ? "ok" : "degraded",
      words: `${reach.count} of ${reach.names.length} kiosks are here`,
    },
    {
      component: "storage",
      state: node.verdict.type === "damaged" ? "degraded" : "ok",
      words: `the journal was ${node.verdict.type} at the start, and is written`,
    },
    {
      component: "ledger",
      state: isBalanced ? "ok" : "failed",
      words: isBalanced ? "every chip is somewhere" : "the sum is not what was made",
    },
  ];
  const isReady = state === "playing";
  return healthOf(components, { isReady, awaits: isReady ? "" : words });
}
