/** What one end of a link has to send: values in the stack's own short queue, and a few procedures of the link layer and of
 * ATT that pass them. A packet stays until its acknowledgement came back. */
import { PAYLOAD_SIZE_MAX, VALUE_OVERHEAD } from "./air-time.ts";

/** The bound of a procedure each: one may wait while another is under way. */
const PROCEDURES_MAX = 4;
/** Opcode and contents, behind L2CAP's header where there is one. */
const PROCEDURE_SIZE = 12;

export type Item =
  | { readonly kind: "value"; readonly bytes: Uint8Array }
  | { readonly kind: "mtuRequest"; readonly mtu: number }
  | { readonly kind: "mtuResponse"; readonly mtu: number }
  | { readonly kind: "parameters"; readonly intervalUs: number; readonly supervisionUs: number }
  | { readonly kind: "terminate" };

export interface Outgoing {
  readonly valuesMax: number;
  readonly values: Item[];
  readonly procedures: Item[];
  current: { readonly item: Item; left: number; delivered: boolean } | undefined;
}

export const outgoing = (valuesMax: number): Outgoing => ({
  valuesMax,
  values: [],
  procedures: [],
  current: undefined,
});

/** Values that the stack holds. */
export const queued = (box: Outgoing): number => box.values.length + (box.current?.item.kind === "value" ? 1 : 0);

/** False: dropped. */
export function enqueue(box: Outgoing, item: Item): boolean {
  if (item.kind === "value" ? queued(box) >= box.valuesMax : box.procedures.length >= PROCEDURES_MAX) return false;
  (item.kind === "value" ? box.values : box.procedures).push(item);
  return true;
}

export const isEmpty = (box: Outgoing): boolean =>
  box.current === undefined && box.procedures.length === 0 && box.values.length === 0;

/** The payload of the next packet; undefined when there is none. */
export function nextPayload(box: Outgoing): number | undefined {
  if (box.current === undefined) {
    const item = box.procedures.shift() ?? box.values.shift();
    if (item === undefined) return undefined;
    const left = item.kind === "value" ? item.bytes.length + VALUE_OVERHEAD : PROCEDURE_SIZE;
    box.current = { item, left, delivered: false };
  }
  return Math.min(box.current.left, PAYLOAD_SIZE_MAX);
}

/** The peer has the packet: the item, if it was the last of it and is new to the peer. */
export function onDelivered(box: Outgoing): Item | undefined {
  const { current } = box;
  // An end that closes lets go of what is on its way.
  if (current === undefined || current.delivered) return undefined;
  current.delivered = true;
  return current.left <= PAYLOAD_SIZE_MAX ? current.item : undefined;
}

/** And this end knows it. */
export function onAcknowledged(box: Outgoing): void {
  const { current } = box;
  if (current === undefined || !current.delivered) return;
  current.left -= PAYLOAD_SIZE_MAX;
  current.delivered = false;
  if (current.left <= 0) box.current = undefined;
}

/** The end was ordered: what waited goes with the link. */
export function empty(box: Outgoing): void {
  box.values.length = 0;
  box.procedures.length = 0;
  box.current = undefined;
}
