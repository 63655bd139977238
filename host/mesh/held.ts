/** Messages as they go on from here, kept for as long as somebody may come who has them not: a neighbour that sleeps, or whose
 * link broke. Room is taken from whoever has most in it, so that a flood forgets itself. */
import { LOW, type PacketClass } from "../../protocol/core/packet-class.ts";
import type { Series } from "./events.ts";
import { KEPT_LOW_MS, KEPT_MAX, KEPT_MS, KEPT_SIZE_MAX } from "./limits.ts";
import type { MessageId } from "./seen.ts";
import type { Held, Mesh } from "./state.ts";

/** Of where somebody stands only the newest word is of use, however urgent it was. */
export const keptMs = (packetClass: PacketClass, series: Series | undefined): number =>
  isBrief({ packetClass, series }) ? KEPT_LOW_MS : KEPT_MS;

const isBrief = ({ packetClass, series }: Pick<Held, "packetClass" | "series">): boolean =>
  packetClass === LOW || series?.name === "heartbeat";

export function hold(mesh: Mesh, id: MessageId, held: Held): void {
  mesh.held.set(id, held);
  mesh.heldSize += held.packet.length;
  if (isBrief(held)) mesh.brief.add(id);
  for (const bytesId of held.bytesIds) mesh.byBytes.set(bytesId, id);
  if (mesh.held.size > KEPT_MAX || mesh.heldSize > KEPT_SIZE_MAX) {
    expire(mesh);
    makeRoom(mesh);
  }
}

/** Both are in the order in which they came, so that only what is forgotten is looked at. */
export function expire(mesh: Mesh): void {
  for (const ids of [mesh.brief, mesh.held.keys()]) {
    for (const id of ids) {
      const held = mesh.held.get(id);
      if (held !== undefined && held.keptUntil > mesh.now) break;
      drop(mesh, id);
    }
  }
}

function drop(mesh: Mesh, id: MessageId): void {
  const held = mesh.held.get(id);
  if (held === undefined) return;
  mesh.held.delete(id);
  mesh.brief.delete(id);
  mesh.heldSize -= held.packet.length;
  for (const bytesId of held.bytesIds) mesh.byBytes.delete(bytesId);
}

/** Down to seven eighths at once, since every search goes through all that is held. */
function makeRoom(mesh: Mesh): void {
  const isFull = (): boolean => mesh.held.size > (7 / 8) * KEPT_MAX || mesh.heldSize > (7 / 8) * KEPT_SIZE_MAX;
  const sizes = new Map<string, number>();
  for (const { origin = "", packet } of mesh.held.values()) {
    sizes.set(origin, (sizes.get(origin) ?? 0) + packet.length + OVERHEAD_SIZE);
  }
  while (isFull()) {
    const [largest, next] = twoLargest(sizes);
    for (const [id, { origin = "", packet }] of mesh.held) {
      if (origin !== largest) continue;
      drop(mesh, id);
      const size = (sizes.get(largest) ?? 0) - packet.length - OVERHEAD_SIZE;
      sizes.set(largest, size);
      if (!isFull() || size <= next) break;
    }
  }
}

/** Whose most is, and how much the one after has. */
function twoLargest(sizes: ReadonlyMap<string, number>): readonly [string, number] {
  let largest = "";
  let most = 0;
  let next = 0;
  for (const [origin, size] of sizes) {
    if (size > most) {
      next = most;
      most = size;
      largest = origin;
    } else next = Math.max(next, size);
  }
  return [largest, next];
}

/** What a message takes beside its bytes: otherwise the smallest would be free. */
const OVERHEAD_SIZE = 256;
