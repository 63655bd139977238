/** Sizes in bytes of what Ed25519 takes and gives (RFC 8032, section 5.1). */

export const SEED_SIZE = 32;
export const PUBLIC_KEY_SIZE = 32;
export const SIGNATURE_SIZE = 64;
