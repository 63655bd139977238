/** One address of this machine for all kiosks of a table: an overview of them, and each kiosk's own page. */
import { SILENT_LOG } from "../../logs/logger.ts";
import { startWebServer, type WebServer } from "../../web/server/serve.ts";
import { webClock } from "../../web/server/web-clock.ts";
import { type FarKiosk, farKiosk } from "../kiosk/far-kiosk.ts";
import { scaledClock } from "../kiosk/scaled-clock.ts";
import { pageFolder } from "../repository.ts";
import { packageFacts } from "../version.ts";
import type { TableFaults } from "./start-faults.ts";
import type { RunningTable } from "./start-table.ts";

export interface TableWeb {
  readonly kiosks: readonly FarKiosk[];
  /** What is wrong with air and kiosks is other now. */
  readonly look: () => void;
  /** Listens. Answers why not, in plain words. */
  readonly open: () => Promise<OpenedWeb>;
  /** Somebody has a page of it open. */
  readonly isWatched: () => boolean;
  readonly close: () => Promise<void>;
}

export type OpenedWeb =
  | { readonly ok: true; readonly overview: string; readonly pages: readonly string[]; readonly isMoved: boolean }
  | { readonly ok: false; readonly why: string; readonly next: string };

export interface TableWebOptions {
  readonly names: readonly string[];
  readonly table: Pick<RunningTable, "tell">;
  readonly faults: TableFaults;
  readonly isVirtual: boolean;
  readonly port: number;
  readonly speed: number;
  readonly beganAt: number;
}

export function tableWeb({ names, table, faults, isVirtual, port, speed, beganAt }: TableWebOptions): TableWeb {
  const { version } = packageFacts();
  let server: WebServer | undefined;
  const look = (): void => {
    for (const kiosk of kiosks) kiosk.look();
  };
  const kiosks = names.map((name, kiosk) =>
    farKiosk({
      ...{ name, version, isVirtual, faults: faults.now },
      ask: (id, asks) => table.tell(kiosk, { type: "ask", id, asks }),
      fault(order) {
        const answer = faults.order(order);
        look();
        return answer;
      },
    }),
  );
  return {
    ...{ kiosks, look },
    async open() {
      const started = await startWebServer({
        ...{ kiosks: names.map((name, kiosk) => ({ name, port: kiosks[kiosk].port })), version, log: SILENT_LOG },
        ...{ host: "127.0.0.1", port, everybodyOperates: true, page: pageFolder() },
        // What a page counts down to is told by the kiosks' own clock.
        clock: { nowMs: webClock.nowMs, wallMs: scaledClock(speed, beganAt).wallMs },
      });
      if (!started.ok) return { ok: false, why: started.why, next: "choose another with --port" };
      server = started.server;
      const { url, isMoved } = server;
      const pages = names.map((_, kiosk) => new URL(`?kiosk=${kiosk}`, url).href);
      return { ok: true, overview: new URL("overview.html", url).href, pages, isMoved };
    },
    isWatched: () => (server?.pageCount() ?? 0) > 0,
    close: async () => server?.close(),
  };
}
