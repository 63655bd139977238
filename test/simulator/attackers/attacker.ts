/** A dishonest kiosk: an honest one runs underneath, and what it says is said otherwise. It has its own key, those of its
 * friends, and all that it hears; nothing else. */
import type { Ports } from "../../../host/engine/ports.ts";
import { Said } from "../../../protocol/agreement/said.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { Writer } from "../../../protocol/bytes/cursor.ts";
import { type Chance, draw } from "../../../protocol/core/chance.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import type { Attack } from "../kinds.ts";
import type { Packet } from "../packet.ts";
import { deliver } from "../say.ts";
import type { Kiosk, Sim } from "../sim.ts";
import type { Conspiracy } from "./conspiracy.ts";
import type { Attacker } from "./role.ts";

export interface Means {
  readonly sim: Sim;
  readonly kiosk: Kiosk;
  readonly chance: Chance;
  readonly ports: Ports;
  readonly conspiracy: Conspiracy;
}

/** Who passes everything on, for those who change a part. */
export const passive = (means: Means, kind: Attack): Attacker => ({
  kind,
  says: (packet, to) => pass(means, packet, to),
  hears: () => "heard",
  turn: () => {},
  reaches: () => true,
});

export const pass = (means: Means, packet: Packet, to: number): void => deliver(means.sim, means.kiosk, to, packet);

/** Counted, so that an attack that never does anything is seen. */
export function act(
  means: Means,
  kind: Attack,
  to: number,
  what: { readonly said: Said } | { readonly message: Message },
): void {
  const { sim, kiosk } = means;
  if ("said" in what && !isSayable(what.said)) return;
  sim.attacks[kind] = (sim.attacks[kind] ?? 0) + 1;
  const packet: Packet = {
    from: kiosk.id,
    said: "said" in what ? what.said : undefined,
    message: "message" in what ? what.message : undefined,
    epoch: kiosk.replica?.epoch ?? 0,
    honest: false,
  };
  deliver(sim, kiosk, to, packet);
}

/** What the layout cannot say never arrives. */
function isSayable(said: Said): boolean {
  try {
    encode(Said, said, new Writer(SCRATCH));
    return true;
  } catch {
    return false;
  }
}

const SCRATCH = new Uint8Array(Said.sizeMax);

/** Not all the time: who always lies is soon alone. */
export const dares = (means: Means): boolean => draw(means.chance) < means.sim.plan.zeal;
