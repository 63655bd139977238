/** The bounds of what a kiosk shows of itself, each with its unit and reason. */
import { assert } from "../../../protocol/core/assert.ts";
import { ANSWER_WITHIN_MS } from "../server/limits.ts";

/** Between two looks at what changes with the play. */
export const PLAY_EVERY_MS = 60;
/** And where the table has decided something: people wait for that, and pages have a beat of their own behind this one. */
export const DECIDED_EVERY_MS = 20;
/** A look takes a slow machine many milliseconds: so many times that lie between one and the next, up to the calm beat. */
export const LOOK_REST_TIMES = 4;
/** Between two looks at everything else: links, radios, who is heard. */
export const REST_EVERY_MS = 1_000;
/** Orders of one seat that nobody has answered yet: a hand that puts down chips as fast as it can, over a slow table. */
export const ORDERS_PER_SEAT_MAX = 16;
/** An order whose number came too early or too late is given another one so often. */
export const RENUMBERED_MAX = 4;
/** What was asked for and is not answered is forgotten here after this: whoever asked was told long ago that there was no answer. */
export const ORDER_FORGOTTEN_MS = 30_000;
/** A board, a cable or a process that comes back makes waits that are over before anybody reads of them. */
export const WAIT_SHOWN_AFTER_MS = 1_500;
/** Between two looks at who votes: half a window, so that a member who votes late has been seen to. */
export const VOTES_LOOK_SEQUENCES = 4;
/** Rolls that have fallen and whose batch was not told of yet: those of one turn of the loop. */
export const FRESH_ROLLS_MAX = 64;

assert(DECIDED_EVERY_MS <= PLAY_EVERY_MS, "what people wait for is looked at first");
assert(ANSWER_WITHIN_MS < ORDER_FORGOTTEN_MS, "an order is not forgotten before its asker has given up");
