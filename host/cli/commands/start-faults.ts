/** What people make wrong with a table that they started, by a key or at a page, and how all becomes well again. */
import { unreachable } from "../../../protocol/core/assert.ts";
import { type Answer, refused } from "../../web/contract/answers.ts";
import type { FaultsPart } from "../../web/contract/operator-part.ts";
import type { FaultOrder } from "../../web/contract/orders.ts";
import type { TableAir } from "./start-air.ts";
import type { RunningTable } from "./start-table.ts";

export interface TableFaults {
  readonly order: (order: FaultOrder) => Answer;
  readonly heal: () => void;
  /** By member; what `kioskOf` does not know is nobody. */
  readonly now: () => FaultsPart;
}

const done = (words: string): Answer => ({ ok: true, revision: 0, words });

export function tableFaults(table: RunningTable, air: TableAir | undefined, kiosks: number): TableFaults {
  let loss = 0;
  let groups: FaultsPart["groups"] = [];
  const places = [...Array(kiosks).keys()];

  const heal = (): void => {
    [loss, groups] = [0, []];
    air?.heal();
    for (const kiosk of places) table.start(kiosk);
  };
  const order = (wanted: FaultOrder): Answer => {
    switch (wanted.fault) {
      case "heal":
        heal();
        return done("All stand together again.");
      case "kill":
      case "start": {
        const kiosk = table.kioskOf(wanted.member);
        if (kiosk === undefined) return refused("no such kiosk");
        if (wanted.fault === "start") table.start(kiosk);
        else table.kill(kiosk, undefined);
        return done(wanted.fault === "start" ? `Kiosk ${kiosk} starts.` : `Kiosk ${kiosk} is killed.`);
      }
      case "loss":
        if (air === undefined) return refused("real radios");
        [loss, groups] = [wanted.share, []];
        air.lose(wanted.share);
        return done(wanted.share === 0 ? "The air loses nothing." : "The kiosks were carried apart.");
      case "partition":
        if (air === undefined) return refused("real radios");
        [loss, groups] = [0, wanted.groups];
        if (wanted.groups.length === 0) air.heal();
        else air.part(wanted.groups.map((group) => group.flatMap((member) => table.kioskOf(member) ?? [])));
        return done(wanted.groups.length === 0 ? "All stand together again." : "The groups no longer hear each other.");
      case "cheat":
        return { ...refused("not now"), words: "Kiosks that cheat are in the simulator: npm run simulate." };
      default:
        return unreachable(wanted);
    }
  };
  return {
    ...{ order, heal },
    now: () => ({
      ...{ whyNot: air === undefined ? "real radios" : null, loss, groups, cheating: [] },
      killed: places.flatMap((kiosk) => (table.isUp(kiosk) ? [] : (table.memberOf(kiosk) ?? []))),
    }),
  };
}
