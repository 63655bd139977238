/** The dice meter of an operator's page: all rolls that this kiosk has executed or its journal has brought back. */
import { type DiceMonitor, needle } from "../../engine/judge/dice-monitor.ts";
import type { DicePart } from "../contract/operator-part.ts";

export function dicePart(monitor: DiceMonitor): DicePart {
  const { rolls, faces, alarmedAt } = monitor;
  return { rolls, faces: [...faces.counts], alarm: needle(monitor), alarmedAt: alarmedAt ?? null };
}
