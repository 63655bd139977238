/** What a table's members wait for each other where its file says nothing: by its transport, for a wire of milliseconds and a
 * radio with connection intervals are two worlds. The engine's own profiles say the same, and a test holds them together. */

export type TransportName = "BLE" | "LAN";

export interface TransportDefaults {
  /** From a request to its proposal. */
  readonly timeoutMs: number;
  /** Shorter than this, a lost message is not said again before somebody is suspected. */
  readonly timeoutMinMs: number;
  readonly viewChangeTimeoutMs: number;
  readonly checkpointInterval: number;
  readonly pipelineDepth: number;
}

export const TRANSPORTS: { readonly [name in TransportName]: TransportDefaults } = Object.freeze({
  BLE: Object.freeze({
    ...{ timeoutMs: 1_600, timeoutMinMs: 1_000, viewChangeTimeoutMs: 4_000 },
    ...{ checkpointInterval: 50, pipelineDepth: 8 },
  }),
  LAN: Object.freeze({
    ...{ timeoutMs: 100, timeoutMinMs: 100, viewChangeTimeoutMs: 1_000 },
    ...{ checkpointInterval: 100, pipelineDepth: 3 },
  }),
});
