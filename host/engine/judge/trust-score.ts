/** Trust in a kiosk from what is proved of it alone: whole until an offence stands in the book, less for each by its severity, and
 * whole again as the offence grows old or is taken back. Whole numbers, the same on every replica; shown, and nothing more. */
import { assert } from "../../../protocol/core/assert.ts";
import type { AgreedMillis } from "../../../protocol/core/units.ts";
import { SEVERITY_MAX } from "../../../protocol/message/alert.ts";
import { severityOf } from "./cheat.ts";
import { type EvidenceBook, offencesOf } from "./evidence-book.ts";
import { WHOLE_PPM } from "./limits.ts";

/** Π (1 − severity · what is left of its time), in millionths, rounded down. */
export function trustPpm(book: EvidenceBook, key: Uint8Array, time: AgreedMillis, keptMs: number): number {
  let trust = WHOLE_PPM;
  for (const { kind, at } of offencesOf(book, key)) {
    const leftMs = Math.min(keptMs, Math.max(0, at + keptMs - time));
    const weightPpm = Math.floor((WHOLE_PPM * leftMs) / keptMs);
    const lostPpm = Math.ceil((weightPpm * severityOf(kind)) / SEVERITY_MAX);
    trust = Math.floor((trust * (WHOLE_PPM - lostPpm)) / WHOLE_PPM);
  }
  assert(trust >= 0 && trust <= WHOLE_PPM, "trust is a share");
  return trust;
}
