/** Where in the space of addresses an identity lives: BLAKE3 over its proof and its key. The zeros that work makes are in the
 * proof; an address has none, and nobody chooses it but at the price of a proof each. */
import { createBLAKE3 } from "hash-wasm";
import { ADDRESS_SIZE } from "../../engine/identity/limits.ts";

export type AddressOf = (proof: Uint8Array, key: Uint8Array) => Uint8Array;

export async function openAddresses(): Promise<AddressOf> {
  const hasher = await createBLAKE3(ADDRESS_SIZE * 8);
  return (proof, key) => hasher.init().update(proof).update(key).digest("binary");
}
