/** Kiosks that play craps in virtual time, each with a view of it as pages see it. */
import type { Effect } from "../../../../host/engine/consensus/events.ts";
import type { CrapsTable } from "../../../../host/node/craps-table.ts";
import type { NodeOptions, RunningNode } from "../../../../host/node/node.ts";
import { watchRolls } from "../../../../host/node/roll-watch.ts";
import type { Answer } from "../../../../host/web/contract/answers.ts";
import type { PlayerOrder } from "../../../../host/web/contract/orders.ts";
import { KioskView } from "../../../../host/web/contract/view.ts";
import type { NearKioskPort } from "../../../../host/web/server/kiosk-port.ts";
import { USUAL_DETECTION } from "../../../../host/web/view/conduct-watch.ts";
import type { OperatorDesk } from "../../../../host/web/view/seen-kiosk.ts";
import { type WatchedKiosk, watchKiosk } from "../../../../host/web/view/view.ts";
import { CrapsKiosks } from "../../node/craps-kiosks.ts";
import type { App } from "../../node/neighbours.ts";

export class WatchedKiosks extends CrapsKiosks {
  readonly views: WatchedKiosk[] = [];
  readonly ports: NearKioskPort[] = [];

  protected override appOf(at: number): App<CrapsTable> {
    const app = super.appOf(at);
    const rules = this.rulesOf(at);
    const { key } = this.kiosks[at]!;
    this.views[at]?.close();
    this.views[at] = watchKiosk({
      ...{ name: `Kiosk ${at}`, version: "0.1.0", key, rules, seats: [0], isVirtual: true, batchLengthMax: 50 },
      ...{ clock: this.clock, nameOf: () => undefined, operator: DESK },
    });
    return { ...app, machine: watchRolls(app.machine, rules, (roll) => this.views[at]!.onRoll(roll)) };
  }

  protected override moreOf(at: number): Partial<NodeOptions<CrapsTable>> {
    return {
      on: (effect: Effect) => {
        this.kiosks[at]!.told.push(effect);
        this.views[at]!.on(effect);
      },
    };
  }

  override async start(at: number): Promise<RunningNode<CrapsTable>> {
    const node = await super.start(at);
    this.ports[at] = this.views[at]!.show({ node, radios: RADIOS });
    return node;
  }

  /** As a page would: what it is answered, once time has passed. */
  async ordered(at: number, order: PlayerOrder): Promise<Answer> {
    const [answer] = await this.allOrdered(at, [order]);
    return answer!;
  }

  async allOrdered(at: number, all: readonly PlayerOrder[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const order of all) void this.ports[at]!.order(order).then((answer) => answers.push(answer));
    await this.run(20_000, () => answers.length === all.length);
    return answers;
  }

  /** What the kiosk shows now; it is what the contract says. */
  shown(at: number): Omit<KioskView, "alerts"> {
    const { view } = this.ports[at]!.view();
    return KioskView.parse({ ...view, alerts: [] });
  }
}

const RADIOS = { reports: () => [], tally: { sent: 0, dropped: 0, unknown: 0 } };

const DESK: OperatorDesk = {
  part: () => ({
    faults: { whyNot: null, loss: 0, groups: [], kiosks: [] },
    ...{ backups: [], writtenBytesADay: null },
  }),
  settings: () => ({ schema: {}, settings: [] }),
  logs: () => ({ level: "info", levels: {}, lines: [] }),
  order: async () => ({ ok: true, revision: 0, words: "" }),
  ...{ writtenBytes: () => 0, detection: USUAL_DETECTION },
};
