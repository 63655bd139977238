/** A share of the dice that is none: whatever a kiosk makes of it is refused, with its proof. */

/** Below any group's order, and not the one that its key is of. */
export const wrongSecret = (secret: Uint8Array): Uint8Array => secret.map((byte, at) => (at === 0 ? byte ^ 1 : byte));
