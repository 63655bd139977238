/** What the web server asks of a kiosk. Nothing here waits for the network but an order's answer, and nothing throws. What is asked
 * rarely may be in another process, and come later. */
import type { Answer, Refused } from "../contract/answers.ts";
import type { LedgerFileText } from "../contract/ledger-part.ts";
import type { Logs, Settings } from "../contract/operator-part.ts";
import type { OperatorOrder, PlayerOrder } from "../contract/orders.ts";
import type { RollProof } from "../contract/roll-proof.ts";
import type { KioskView } from "../contract/view.ts";
import type { Figures } from "./figures.ts";
import type { Health } from "./health.ts";

/** - revision: rises with each change. - alerts: the server's own to fill in. - operator: it takes care who is shown it. */
export interface KioskNow {
  readonly revision: number;
  readonly view: Omit<KioskView, "alerts">;
}

export interface KioskPort {
  /** The same object until something has changed: it is asked often. */
  view(): KioskNow;
  /** Called soon after a change, as often as it likes: whoever listens gathers. Answers how to call it off. */
  onChange(listener: () => void): () => void;
  /** Answered when it is done or will not be. The server itself gives up waiting, and forgets no order by that. */
  order(order: PlayerOrder | OperatorOrder): Promise<Answer>;
  proof(roll: number): RollProof | undefined | Promise<RollProof | undefined>;
  health(): Health;
  figures(): Figures;
  settings(): Settings | Promise<Settings>;
  logs(): Logs | Promise<Logs>;
  /** Undefined where nobody at a page may take it. */
  readonly ledger?: () => Promise<{ readonly ok: true; readonly file: LedgerFileText } | Refused>;
}

/** Of a kiosk in this process: all is there at once. */
export interface NearKioskPort extends KioskPort {
  proof(roll: number): RollProof | undefined;
  settings(): Settings;
  logs(): Logs;
}
