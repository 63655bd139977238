/** Four kiosks of `bench page` at one table, on the real clock and with journals on the disk; links between them take as long as
 * some connection events do. What kiosk 0 does is seen with its date. */
import { join } from "node:path";
import type { Effect } from "../../host/engine/consensus/events.ts";
import { PASS } from "../../host/engine/games/craps/spots.ts";
import { nodeClock } from "../../host/node/clock.ts";
import type { CrapsTable } from "../../host/node/craps-table.ts";
import type { NodeOptions } from "../../host/node/node.ts";
import type { OpenTransport } from "../../host/node/transport.ts";
import { fileDisk } from "../../host/storage/file-disk.ts";
import { type Chance, chance, draw32 } from "../../protocol/core/chance.ts";
import { millis } from "../../protocol/core/units.ts";
import { WatchedKiosks } from "../host/web/view/watched-kiosks.ts";

const LINK_MS = 15;
const LOOK_EVERY_MS = 5;

export class PageKiosks extends WatchedKiosks {
  override readonly clock = nodeClock;
  /** Of the first kiosk. */
  see: (effect: Effect) => void = () => {};
  readonly random: Chance = chance(1);
  private readonly folder: string;

  constructor(folder: string) {
    super(4);
    this.folder = folder;
  }

  protected override moreOf(at: number): Partial<NodeOptions<CrapsTable>> {
    const { on } = super.moreOf(at);
    return {
      disk: fileDisk(join(this.folder, `${at}`)),
      on: (effect) => {
        on?.(effect);
        if (at === 0) this.see(effect);
      },
    };
  }

  protected override round(_at: number, open: OpenTransport): OpenTransport {
    return (listener) =>
      open({
        ...listener,
        onPacket: (link, packet) => void this.after(LINK_MS, () => listener.onPacket(link, packet)),
      });
  }

  protected override after(ms: number, run: () => void): () => void {
    const timer = setTimeout(() => {
      this.now = millis(nodeClock.now());
      run();
    }, ms);
    return () => clearTimeout(timer);
  }

  override async run(ms: number, done: () => boolean = () => false): Promise<boolean> {
    const until = nodeClock.now() + ms;
    while (!done() && nodeClock.now() < until) await new Promise((wake) => setTimeout(wake, LOOK_EVERY_MS));
    return done();
  }

  /** Somebody else puts a chip down, at one of the other kiosks. */
  othersBet(): void {
    const at = 1 + (draw32(this.random) % 3);
    void this.ports[at]!.order({ type: "bet", code: PASS, chips: 1 }).catch(() => {});
  }

  /** Whose turn it is bets and asks for the dice. */
  async roll(): Promise<void> {
    const { play } = this.stateOf(0)!;
    const { shooter, point } = play.state;
    const port = this.ports[shooter]!;
    if (point === 0) await port.order({ type: "bet", code: PASS, chips: 10 });
    const answer = await port.order({ type: "roll" });
    if (!answer.ok) throw new Error(answer.words);
  }

  async end(): Promise<void> {
    for (const view of this.views) view.close();
    for (const { node } of this.kiosks) await node?.close();
  }
}
