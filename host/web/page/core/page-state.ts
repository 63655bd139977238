/** A screen as plain data: what the kiosk last said, what the person at it has chosen, and what is still on its way. */
import type { PlayerOrder } from "../../contract/orders.ts";
import type { KioskView } from "../../contract/view.ts";
import type { BetFigures } from "./figures.ts";
import type { TrustState } from "./trust-state.ts";

export interface PageState {
  /** Of the latest event, by the screen's own clock. */
  now: number;
  connection: "opening" | "open" | "lost";
  /** The kiosk's clock less the screen's, as of the latest frame. */
  clockAheadMs: number;
  revision: number;
  /** Of the program that the first view came from. */
  build: string | undefined;
  /** The newest that the kiosk said. */
  view: KioskView | undefined;
  preferences: Preferences;
  panel: Panel;
  area: Area;
  /** The bet that was touched last, with its figures. */
  card: Card | undefined;
  /** In the order in which they were asked. */
  orders: OrderUnderWay[];
  nextOrder: number;
  done: Move[];
  undone: Move[];
  /** What lay there when bets were last locked. */
  lastBets: readonly LastBet[];
  dice: DiceShow;
  /** Why something was not done, and until when that is shown. */
  notice: Notice | undefined;
  /** For those who hear the page: what the dice brought. */
  call: string;
  /** What the last roll brought stands on the felt until then. */
  resultsUntil: number;
  touchedAt: number;
  tutorialStep: number;
  trust: TrustState;
}

/** Kept on the screen for the next time. */
export interface Preferences {
  language: string;
  layout: "beginner" | "full";
  chip: number;
  textSize: 0 | 1 | 2;
  voice: boolean;
  /** Nothing moves that need not. */
  calm: boolean;
}

export type Panel = "none" | "attract" | "tutorial" | "history" | "trust" | "settings" | "idle";
export type Area = "table" | "numbers" | "middle" | "hops" | "bonus" | "other";

export interface Card {
  readonly code: number;
  /** Worked out after the press: an order does not wait for arithmetic. Null where a screen works out none. */
  figures: BetFigures | null | undefined;
  readonly until: number;
}

export interface OrderUnderWay {
  readonly id: number;
  readonly order: PlayerOrder;
  /** What the person did, for undo; undefined where it was an undo itself. */
  readonly move: Move | undefined;
  /** From which revision on the view shows it; undefined before the answer. */
  revision: number | undefined;
  readonly at: number;
}

/** What can be undone: chips put down or taken up, or a bet called. */
export type Move =
  | { readonly type: "bet" | "take"; readonly code: number; readonly chips: number }
  | { readonly type: "call"; readonly code: number; readonly working: Working; readonly before: Working };

export type Working = "usual" | "on" | "off";

export interface LastBet {
  readonly code: number;
  readonly stake: number;
}

/** Dice lie still, or tumble towards what was agreed on. `before` is shown until they lie. */
export type DiceShow =
  | { readonly type: "still"; readonly roll: number; readonly first: number; readonly second: number }
  | {
      readonly type: "tumbling";
      readonly roll: number;
      readonly first: number;
      readonly second: number;
      readonly until: number;
      readonly before: KioskView;
      /** Somebody wants to see it once more: it is no news. */
      readonly isReplay: boolean;
    };

export interface Notice {
  readonly text: string;
  /** The bet that it is about. */
  readonly code: number | undefined;
  readonly isGood: boolean;
  readonly until: number;
}

export const USUAL_PREFERENCES: Preferences = Object.freeze({
  language: "en",
  layout: "full",
  chip: 5,
  textSize: 0,
  voice: true,
  calm: false,
});

export function newPage(now: number, preferences: Preferences): PageState {
  return {
    ...{ now, connection: "opening", clockAheadMs: 0, revision: 0, build: undefined, view: undefined },
    preferences: { ...preferences },
    ...{ panel: "attract", area: "table", card: undefined },
    ...{ orders: [], nextOrder: 1, done: [], undone: [], lastBets: [] },
    dice: { type: "still", roll: 0, first: 0, second: 0 },
    ...{ notice: undefined, call: "", resultsUntil: 0, touchedAt: now, tutorialStep: 0 },
    trust: { type: "none" },
  };
}

/** The view that belongs to what the dice show: the felt waits for them. */
export const shownView = ({ dice, view }: PageState): KioskView | undefined =>
  dice.type === "tumbling" ? dice.before : view;
