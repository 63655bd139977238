/** A session under load: messages that its kiosks say in a second, and bytes that pass between them for it. */
import type { Effect } from "../../host/engine/consensus/events.ts";
import type { Options } from "../../host/engine/consensus/options.ts";
import { counted } from "../simulator/table/counted.ts";
import { Asker, KIOSKS, linkedTable } from "./world-table.ts";

export interface Loaded {
  /** Of all kiosks, each counted where it is said first. */
  readonly messagesPerSecond: number;
  readonly operationsPerSecond: number;
  /** Between two neighbours, both directions, with what the serial line itself takes. */
  readonly bytesPerSecondALink: number;
}

/** `underWay`: requests of each kiosk. */
export async function loaded(underWay: number, ms: number, consensus: Partial<Options> = {}): Promise<Loaded> {
  const table = await linkedTable({ shape: "ring", consensus });
  const asker = new Asker(table);
  let messages = 0;
  const sees = table.onEffect;
  table.onEffect = (of, effect: Effect) => {
    if (effect.type === "say" || effect.type === "send") messages += 1;
    sees(of, effect);
  };
  asker.onAnswer = (kiosk) => asker.ask(kiosk);
  for (let each = 0; each < underWay; each++) for (let kiosk = 0; kiosk < KIOSKS; kiosk++) asker.ask(kiosk);
  await table.run(WARM_UP_MS);
  const before = { ...(await counted(table)), messages, answers: asker.latencies.length };
  await table.run(ms);
  const after = { ...(await counted(table)), messages, answers: asker.latencies.length };
  table.end();
  const perSecond = (later: number, earlier: number): number => (1000 * (later - earlier)) / (after.at - before.at);
  return {
    messagesPerSecond: perSecond(after.messages, before.messages),
    operationsPerSecond: perSecond(after.answers, before.answers),
    bytesPerSecondALink: perSecond(after.bytes, before.bytes) / KIOSKS,
  };
}

const WARM_UP_MS = 5_000;
