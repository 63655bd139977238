/** What dice ask of mathematics. In a kiosk the group is ristretto255; tests put a small one behind the same port, where ten
 * thousand rolls take no time. Elements are opaque here. */

/** A cyclic group of prime order in which discrete logarithms are hard. */
export interface Group<E = unknown> {
  readonly order: bigint;
  readonly base: E;
  add(left: E, right: E): E;
  /** By a secret: what it takes does not tell the number. 0 < number < order. */
  multiply(element: E, number: bigint): E;
  /** The sum of number · element, of what everybody may know. 0 ≤ number < order. */
  combine(terms: readonly Term<E>[]): E;
  equal(left: E, right: E): boolean;
  isIdentity(element: E): boolean;
  /** 32 bytes; one element, one encoding. */
  encode(element: E): Uint8Array;
  /** Undefined of what is not canonical, no element, or the identity: nobody honest ever sends that. */
  decode(bytes: Uint8Array): E | undefined;
  /** Nobody knows its logarithm. */
  hashToElement(domain: string, bytes: Uint8Array): E;
  /** Below the order, without a bias that anyone could use. */
  hashToScalar(domain: string, bytes: Uint8Array): bigint;
}

export interface Term<E> {
  readonly element: E;
  readonly number: bigint;
}

/** What everyone needs who follows dice, or checks them afterwards. */
export interface DicePorts<E = unknown> {
  readonly group: Group<E>;
  /** 32 bytes, of bytes that say what they are for. */
  digest(domain: string, bytes: Uint8Array): Uint8Array;
  /** 64 bytes, likewise. */
  wideDigest(domain: string, bytes: Uint8Array): Uint8Array;
  /** Of a member's own key, by the one rule of the project. */
  verify(key: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean;
}
