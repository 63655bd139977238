/** What an operator looks at: one kiosk or several of one address, whether a PIN was shown, and what was asked for. */
import type { Session } from "../../contract/answers.ts";
import type { Logs, Settings } from "../../contract/operator-part.ts";
import type { KioskView } from "../../contract/view.ts";

export interface OperatorState {
  now: number;
  kiosks: WatchedKiosk[];
  /** Which of them is looked at closely. */
  chosen: number;
  /** Which of them is to cheat. */
  attacker: number;
  /** Undefined before the address has said. */
  session: Session | undefined;
  settings: Settings | undefined;
  logs: Logs | undefined;
  nextOrder: number;
  underWay: number[];
  notice: { readonly text: string; readonly isGood: boolean; readonly until: number } | undefined;
}

export interface WatchedKiosk {
  /** As `?kiosk=` says it. */
  readonly kiosk: number;
  readonly name: string;
  isLost: boolean;
  clockAheadMs: number;
  view: KioskView | undefined;
}

export const NOTICE_MS = 6_000;

export const newOperator = (now: number): OperatorState => ({
  ...{ now, kiosks: [], chosen: 0, attacker: 1, session: undefined, settings: undefined, logs: undefined },
  ...{ nextOrder: 1, underWay: [], notice: undefined },
});

export const chosenKiosk = ({ kiosks, chosen }: OperatorState): WatchedKiosk | undefined =>
  kiosks.find(({ kiosk }) => kiosk === chosen) ?? kiosks[0];
