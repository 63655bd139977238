/** The bounds and spans of a screen. */

/** Of the dice's way; by a touch it is over at once. */
export const TUMBLE_MS = 1_300;
/** Of what each bet won or lost, on the felt. */
export const RESULTS_MS = 6_000;
export const NOTICE_MS = 4_500;
/** A bet's card goes away by itself when nobody reads on. */
export const CARD_MS = 12_000;
/** Of a person who sits and touches nothing. */
export const IDLE_MS = 90_000;
/** From the question to the end. */
export const IDLE_ANSWER_MS = 20_000;
/** Nobody sits: after this long the screen invites. */
export const ATTRACT_MS = 30_000;
/** A step of the tutorial, where nobody presses: five of them take half a minute. */
export const TUTORIAL_STEP_MS = 6_000;
/** Orders that wait for the kiosk: a person cannot press faster, and a stuck key can. */
export const ORDERS_UNDER_WAY_MAX = 24;
export const UNDO_MAX = 64;
/** Colours and notches are made for these. */
export const CHIPS: readonly number[] = Object.freeze([1, 5, 25, 100, 500]);
