/** The chip as C sees it: who it is, why it started, chance from its own noise, and how it starts anew. */

/** Eight bytes that no other chip has. */
export const chipId = native<() => ArrayBuffer>("xs_hardway_chip_id");
/** Seven bytes: 0 public or 1 random, then the Bluetooth address, most significant byte first. Known before the stack. */
export const chipAddress = native<() => ArrayBuffer>("xs_hardway_chip_address");
/** Thirty-two bits. */
export const chipRandom = native<() => number>("xs_hardway_chip_random");
/** As the hello numbers it. */
export const chipReset = native<() => number>("xs_hardway_chip_reset");
/** Does not return. */
export const chipRestart = native<(bootloader: boolean) => void>("xs_hardway_chip_restart");
