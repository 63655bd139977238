/** A world whose air can be watched. */
import { assert } from "../../../protocol/core/assert.ts";
import type { AirSight } from "../air/sights.ts";
import { type World, type WorldConfig, world } from "../world.ts";

export interface WatchedWorld {
  readonly world: World;
  /** What was seen since it was asked last. */
  readonly takeSights: () => readonly AirSight[];
}

export function watchedWorld(config: WorldConfig, watched: boolean): WatchedWorld {
  const made = world({ ...config, ...{ watched } });
  const { sights } = made.air as { readonly sights?: AirSight[] | undefined };
  return {
    world: made,
    takeSights() {
      assert(sights !== undefined, "an air that is watched keeps what is seen");
      return sights.splice(0);
    },
  };
}
