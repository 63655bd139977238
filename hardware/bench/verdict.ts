/** What a bench says in the end: the record, and the first thing that is wrong with it. */
import { isWorse } from "./compare.ts";
import type { BenchRecord } from "./record.ts";

/** - mapWrong, planWrong: correct the file. - radioMissing: nothing was measured. - interrupted; - unmeasured: points failed;
 * - limitsExceeded; - worseThanBaseline: the record says which. The first that applies. */
export type BenchResult =
  | { readonly ok: true; readonly code: "done"; readonly record: BenchRecord }
  | {
      readonly ok: false;
      readonly code: "mapWrong" | "planWrong" | "radioMissing";
      readonly why: string;
      readonly next: string;
    }
  | {
      readonly ok: false;
      readonly code: "interrupted" | "unmeasured" | "limitsExceeded" | "worseThanBaseline";
      readonly why: string;
      readonly next: string;
      readonly record: BenchRecord;
    };

export function judge(record: BenchRecord): BenchResult {
  const failed = record.points.filter(({ status }) => status === "failed");
  const outside = record.limits.filter(({ ok }) => !ok);
  const { comparison } = record;
  if (record.interrupted) {
    const done = record.points.filter(({ status }) => status === "measured").length;
    const why = `it was broken off; ${done} of ${record.points.length} points are measured`;
    return { ok: false, code: "interrupted", why, next: "Run it again; --only takes the rest alone.", record };
  }
  if (failed.length > 0) {
    const [first] = failed;
    const why = `${failed.length} of ${record.points.length} points failed; ${first.id}: ${first.why ?? ""}`;
    return { ok: false, code: "unmeasured", why, next: first.next ?? "", record };
  }
  if (outside.length > 0) {
    const why = `${outside.length} of ${record.limits.length} limits are not kept`;
    return { ok: false, code: "limitsExceeded", why, next: "The table marks them.", record };
  }
  if (comparison !== undefined && isWorse(comparison)) {
    const count = comparison.lost.length + comparison.changes.filter(({ verdict }) => verdict === "worse").length;
    const why = `${count} measurements are worse than on ${comparison.startedAt}`;
    return { ok: false, code: "worseThanBaseline", why, next: "Compare the builds that the table names.", record };
  }
  return { ok: true, code: "done", record };
}
