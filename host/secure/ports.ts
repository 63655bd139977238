/** What secured links ask of cryptography. All of it is a function of its bytes; chance comes in events. */

export interface NoisePorts {
  /** X25519: the public half of 32 secret bytes. */
  publicOf(secret: Uint8Array): Uint8Array;
  /** X25519. Undefined where the result would be all zeros, as with every point of low order: whoever sends one wants a key
   * that everybody knows. */
  agree(secret: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;
  /** SHA-256 of the parts one after another. */
  hash(...parts: readonly Uint8Array[]): Uint8Array;
  /** HMAC-SHA-256 of the parts one after another. */
  hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array;
  /** ChaCha20-Poly1305: the text, and its tag after it. */
  seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, text: Uint8Array): Uint8Array;
  /** Undefined where the tag does not fit. */
  unseal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}

export interface SecurePorts extends NoisePorts {
  /** This kiosk's Ed25519 key. */
  readonly identity: Uint8Array;
  sign(signed: Uint8Array): Uint8Array;
  /** By the one rule of the project; false for a key that nobody may have. */
  verify(key: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean;
}
