/** A checkpoint is believed by computing it again: what a peer sends as the state must have the digest that was signed. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { Machine } from "../machine.ts";
import type { Ports } from "../ports.ts";

export interface StateAtCheckpoint {
  readonly digest: Uint8Array;
  readonly snapshot: Uint8Array;
}

export type CheckedState<S> =
  | { readonly ok: true; readonly state: S }
  | { readonly ok: false; readonly why: "another digest" | "no snapshot" };

export function checkpointOf<S>(machine: Machine<S>, state: S, ports: Ports): StateAtCheckpoint {
  const snapshot = machine.snapshot(state);
  return { digest: ports.digest(STATE_DOMAIN, snapshot), snapshot };
}

/** The digest first: bytes that nobody vouched for are not parsed. */
export function verifyCheckpoint<S>(
  machine: Machine<S>,
  { digest, snapshot }: StateAtCheckpoint,
  ports: Ports,
): CheckedState<S> {
  if (!bytesEqual(ports.digest(STATE_DOMAIN, snapshot), digest)) return { ok: false, why: "another digest" };
  const state = machine.restore(snapshot);
  return state === undefined ? { ok: false, why: "no snapshot" } : { ok: true, state };
}

const STATE_DOMAIN = "hardway state";
