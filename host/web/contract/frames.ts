/** What is said over the WebSocket. First comes the whole view, then the parts that have changed, each whole; a page that reads
 * slowly is sent the newest of each part and none between. */
import { z } from "zod";
import { Answer } from "./answers.ts";
import { count, label, record, timeMs } from "./forms.ts";
import { Order } from "./orders.ts";
import { KioskView, SomeParts } from "./view.ts";

/** Rises when a page that was written for the one before would misread the next. */
export const CONTRACT_VERSION = 1;

export const Frame = z.discriminatedUnion("type", [
  record({
    type: z.literal("view"),
    contract: z.literal(CONTRACT_VERSION),
    /** Of the program and its page: a page that was served by another one loads itself anew. */
    build: label,
    /** Rises with each change of the view. */
    revision: count,
    /** What the kiosk's clock shows as it says this. */
    at: timeMs,
    view: KioskView,
  }),
  record({ type: z.literal("changes"), revision: count, at: timeMs, parts: SomeParts }),
  record({ type: z.literal("answer"), id: count, answer: Answer }),
]);
export type Frame =
  | {
      readonly type: "view";
      readonly contract: typeof CONTRACT_VERSION;
      readonly build: string;
      readonly revision: number;
      readonly at: number;
      readonly view: KioskView;
    }
  | { readonly type: "changes"; readonly revision: number; readonly at: number; readonly parts: SomeParts }
  | { readonly type: "answer"; readonly id: number; readonly answer: Answer };

/** From a page. `id` is its own, and comes back with the answer. */
export const PageFrame = record({ type: z.literal("order"), id: count, order: Order });
export type PageFrame = z.output<typeof PageFrame>;

/** Of GET /api/view. */
export const ViewNow = record({ revision: count, at: timeMs, view: KioskView });
export type ViewNow = z.output<typeof ViewNow>;
