/** §9.6 what was fetched, to whoever waits for it. */
import { Batch } from "../../../protocol/agreement/request.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import type { ObjectName } from "../../../protocol/message/fields.ts";
import { installSnapshot } from "./catch-up.ts";
import type { Effect } from "./events.ts";
import { sameName } from "./log.ts";
import { takeNamedBody } from "./new-view.ts";
import { keepBatch } from "./proposals.ts";
import type { Replica, World } from "./state.ts";
import { takeBody, wishesChanged } from "./view-change.ts";

export function takeArrivals<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  while (of.arrived.length > 0) {
    const { name, bytes } = of.arrived.shift() as { name: ObjectName; bytes: Uint8Array };
    if (of.snapshot !== undefined && sameName(of.snapshot.header.state, name)) {
      installSnapshot(of, bytes, effects, world);
      continue;
    }
    takeWishes(of, name, bytes, effects, world);
    takeBatch(of, name, bytes, effects);
  }
}

/** Members who know the same say the same: one body may be that of several. */
function takeWishes<S>(of: Replica<S>, name: ObjectName, bytes: Uint8Array, effects: Effect[], world: World<S>): void {
  let wished = false;
  for (const held of of.viewChanges) {
    if (held === undefined || held.body !== undefined || !sameName(held.change.body, name)) continue;
    takeBody(of, held, bytes, effects, world);
    wished = true;
  }
  if (takeNamedBody(of, name, bytes, effects, world) || wished) wishesChanged(of, effects, world);
}

function takeBatch(of: Replica<unknown>, name: ObjectName, bytes: Uint8Array, effects: Effect[]): void {
  const wanting = of.slots.filter((slot) => slot.name !== undefined && sameName(slot.name, name));
  const decoded = wanting.length === 0 ? undefined : decode(Batch, bytes);
  if (decoded?.ok !== true) return;
  for (const slot of wanting) keepBatch(slot, decoded.value, effects);
}
