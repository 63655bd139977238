/** The bounds of what messages say of a kiosk's boards, each with its unit and reason. */

/** Radios of one kiosk: as many as its settings may name. */
export const BOARDS_MAX = 16;
/** Links of one radio at a time: what the largest of the stacks is built for. */
export const BOARD_LINKS_MAX = 20;
