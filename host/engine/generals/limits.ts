/** How large a siege is played out. */

/** Four with one traitor, seven with two, ten with three. */
export const GENERALS_MAX = 10;
/** A strategy is one word a message of a traitor: of nine such messages there are 19,683. */
export const STRATEGIES_MAX = 20_000;
