/** What people make wrong with a table that they started, by a key or at a page, and how all becomes well again. */
import { unreachable } from "../../../protocol/core/assert.ts";
import { type Answer, refused } from "../../web/contract/answers.ts";
import { type FaultsPart, NO_FAULTS } from "../../web/contract/faults-part.ts";
import type { FaultOrder } from "../../web/contract/orders.ts";
import type { TableAir } from "./start-air.ts";
import type { RunningTable } from "./start-table.ts";

export interface TableFaults {
  readonly order: (order: FaultOrder) => Answer;
  readonly heal: () => void;
  readonly now: () => FaultsPart;
}

const done = (words: string): Answer => ({ ok: true, revision: 0, words });

/** `nameOf`: what a kiosk is called on screens. */
export function tableFaults(
  table: RunningTable,
  air: TableAir | undefined,
  kiosks: number,
  nameOf: (kiosk: number) => string,
): TableFaults {
  let loss = 0;
  let groups: FaultsPart["groups"] = [];
  const places = [...Array(kiosks).keys()];

  const heal = (): void => {
    [loss, groups] = [0, []];
    air?.heal();
    for (const kiosk of places) {
      if (table.lieOf(kiosk) !== undefined) table.lie(kiosk, undefined);
      table.start(kiosk);
    }
  };
  const order = (wanted: FaultOrder): Answer => {
    if (air === undefined) return refused("real radios");
    if ("kiosk" in wanted && wanted.kiosk >= kiosks) return refused("no such kiosk");
    switch (wanted.fault) {
      case "heal":
        heal();
        return done("All stand together again, run, and are honest.");
      case "kill":
        table.kill(wanted.kiosk, undefined);
        return done(`${nameOf(wanted.kiosk)} is killed, as when its power goes.`);
      case "start":
        table.start(wanted.kiosk);
        return done(`${nameOf(wanted.kiosk)} starts.`);
      case "loss":
        [loss, groups] = [wanted.share, []];
        air.lose(wanted.share);
        return done(wanted.share === 0 ? "The air loses nothing." : "The kiosks were carried apart.");
      case "partition":
        [loss, groups] = [0, wanted.groups];
        if (wanted.groups.length === 0) air.heal();
        else air.part(wanted.groups);
        return done(wanted.groups.length === 0 ? "All stand together again." : "The groups no longer hear each other.");
      case "cheat":
        table.lie(wanted.kiosk, wanted.cheat ?? undefined);
        return done(
          wanted.cheat === null
            ? `${nameOf(wanted.kiosk)} is honest again.`
            : `${nameOf(wanted.kiosk)} cheats from now on. Watch what the others make of it.`,
        );
      default:
        return unreachable(wanted);
    }
  };
  return {
    ...{ order, heal },
    now: () =>
      air === undefined
        ? NO_FAULTS
        : {
            ...{ whyNot: null, loss, groups },
            kiosks: places.map((kiosk) => ({
              ...{ kiosk, name: nameOf(kiosk), isKilled: !table.isUp(kiosk), cheat: table.lieOf(kiosk) ?? null },
            })),
          },
  };
}
