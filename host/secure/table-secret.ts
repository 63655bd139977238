/** What a table's secret is used for: a key for each use, none of which shows another. The secret is 32 random bytes that the
 * table's kiosks have in their configuration, or got from one another when they were paired. */
import { assert } from "../../protocol/core/assert.ts";
import { TABLE_ID_SIZE } from "../../protocol/core/limits.ts";
import { TABLE_SECRET_SIZE } from "./limits.ts";
import type { NoisePorts } from "./ports.ts";
import { ascii } from "./symmetric.ts";

export interface TableKeys {
  /** Mixed into every handshake between two of the table. */
  readonly handshake: Uint8Array;
  /** Under which the table's kiosks call themselves in the air. */
  readonly adverts: Uint8Array;
}

export function tableKeys(secret: Uint8Array, table: Uint8Array, ports: NoisePorts): TableKeys {
  assert(secret.length === TABLE_SECRET_SIZE && table.length === TABLE_ID_SIZE, "a table's secret has its size");
  const key = (use: string): Uint8Array => ports.hmac(secret, ascii(`hardway ${use}`), Uint8Array.of(0), table);
  return { handshake: key("handshake"), adverts: key("adverts") };
}
