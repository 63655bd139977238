/** A kiosk's port as its process tells it to the one that shows it. Whoever reads slowly is told the newest, and nothing between. */
import { unreachable } from "../../../protocol/core/assert.ts";
import { refused } from "../../web/contract/answers.ts";
import type { KioskNow, KioskPort } from "../../web/server/kiosk-port.ts";
import type { PortAnswers, PortAsks, PortSaid } from "./port-words.ts";

export interface ToldPort {
  readonly ask: (id: number, asks: PortAsks) => void;
}

/** Figures have no changes of their own that anybody is told. */
const COUNTED_EVERY_MS = 1_000;

/** For as long as the process lives. `tell` calls back when it was written. */
export function tellPort(port: KioskPort, tell: (said: PortSaid, onWritten: () => void) => void): ToldPort {
  let told: KioskNow | undefined;
  let isTelling = false;

  const show = (): void => {
    const now = port.view();
    if (isTelling || now === told) return;
    isTelling = true;
    const parts = changed(told?.view, now.view);
    told = now;
    tell({ type: "shown", revision: now.revision, parts }, () => {
      isTelling = false;
      show();
    });
  };
  const counted = (): void => tell({ type: "counted", figures: port.figures(), health: port.health() }, () => {});

  port.onChange(show);
  setInterval(counted, COUNTED_EVERY_MS);
  counted();
  show();
  return {
    ask(id, asks) {
      const answered = (answer: PortAnswers[keyof PortAnswers]): void =>
        tell({ type: "answered", id, answer }, () => {});
      void answerOf(port, asks).then(answered);
    },
  };
}

/** A part that is the same is the same object. */
function changed(before: KioskNow["view"] | undefined, now: KioskNow["view"]): Partial<KioskNow["view"]> {
  if (before === undefined) return now;
  const names = (Object.keys(now) as (keyof KioskNow["view"])[]).filter((name) => before[name] !== now[name]);
  return Object.fromEntries(names.map((name) => [name, now[name]]));
}

async function answerOf(port: KioskPort, asks: PortAsks): Promise<PortAnswers[keyof PortAnswers]> {
  switch (asks.what) {
    case "order":
      return port.order(asks.order);
    case "proof":
      return (await port.proof(asks.roll)) ?? null;
    case "settings":
      return port.settings();
    case "logs":
      return port.logs();
    case "ledger":
      return (await port.ledger?.()) ?? refused("not now");
    default:
      return unreachable(asks);
  }
}
