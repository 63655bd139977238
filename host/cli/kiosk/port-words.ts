/** What crosses between a kiosk's process and the one that shows it, so that one address shows all kiosks of a table: the view part by
 * part as it changes, and what is asked rarely one by one. */
import type { Answer } from "../../web/contract/answers.ts";
import type { Logs, Settings } from "../../web/contract/operator-part.ts";
import type { OperatorOrder, PlayerOrder } from "../../web/contract/orders.ts";
import type { RollProof } from "../../web/contract/roll-proof.ts";
import type { Figures } from "../../web/server/figures.ts";
import type { Health } from "../../web/server/health.ts";
import type { KioskNow } from "../../web/server/kiosk-port.ts";
import type { Exported } from "./page-ledger.ts";

/** Asked of the kiosk under a number, which comes back with the answer. */
export type PortAsks =
  | { readonly what: "order"; readonly order: PlayerOrder | OperatorOrder }
  | { readonly what: "proof"; readonly roll: number }
  | { readonly what: "settings" }
  | { readonly what: "logs" }
  | { readonly what: "ledger" };

export interface PortAnswers {
  readonly order: Answer;
  /** As JSON has nothing. */
  readonly proof: RollProof | null;
  readonly settings: Settings;
  readonly logs: Logs;
  readonly ledger: Exported;
}

export type PortSaid =
  /** Parts that have changed, whole; the first time all of them. */
  | { readonly type: "shown"; readonly revision: number; readonly parts: Partial<KioskNow["view"]> }
  /** Now and then. */
  | { readonly type: "counted"; readonly figures: Figures; readonly health: Health }
  | { readonly type: "answered"; readonly id: number; readonly answer: PortAnswers[keyof PortAnswers] };
