/** How urgent a packet is, on the serial wire and in the air. */

export const CRITICAL = 0;
export const HIGH = 1;
export const NORMAL = 2;
export const LOW = 3;

export type PacketClass = typeof CRITICAL | typeof HIGH | typeof NORMAL | typeof LOW;
