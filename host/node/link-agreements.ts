/** What the two ends of a link may agree on: the table's secret where there is one, and none while people pair two kiosks. */
import { prologueOf } from "../secure/binding.ts";
import type { Agreement } from "../secure/link-state.ts";
import type { LinkEnds } from "./bare-transport.ts";
import type { PairingPort } from "./pairing-desk.ts";

export interface Agreeable {
  readonly table: Uint8Array;
  /** The table's key for handshakes; undefined of a kiosk that has no table yet, and can only be paired. */
  readonly secret: Uint8Array | undefined;
  /** Lets two kiosks meet that share no secret, while people want it. */
  readonly pairing?: PairingPort;
}

/** A client offers the first. Nothing where there is nobody to be spoken to. */
export function agreementsFor(
  { table, secret, pairing }: Agreeable,
  { role, own, other, isForPairing = false }: LinkEnds,
): Agreement[] {
  const [client, server] = role === "client" ? [own, other] : [other, own];
  const agreements: Agreement[] = [];
  if (secret !== undefined && !isForPairing) agreements.push({ prologue: prologueOf(table, client, server), secret });
  if (pairing?.isOpen()) agreements.push({ prologue: prologueOf(undefined, client, server), secret: undefined });
  return agreements;
}
