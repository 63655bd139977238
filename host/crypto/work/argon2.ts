/** Argon2id (RFC 9106), whoever computes it. */

/** Version 1.3, 32 bytes of output. */
export interface Argon2Input {
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  /** Argon2's own key, which may be empty: what a hash is for. */
  readonly secret: Uint8Array;
  readonly memoryKibibytes: number;
  readonly passes: number;
  readonly lanes: number;
}

export type Binding = "native" | "portable";

export interface Argon2 {
  readonly binding: Binding;
  /** Takes its time, of the thread that calls. */
  readonly hash: (input: Argon2Input) => Uint8Array | Promise<Uint8Array>;
}
