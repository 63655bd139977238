/** One party of an exchange as a process of its own, over the real driver: `party.js DEVICE PARTY`. It links, sends its numbered
 * packets as long as it is told to, checks what arrives, and tells its parent every end and every arrival. */

import { parseDevice } from "../../host/radio/device-url.ts";
import type { News, Outcome } from "../../host/radio/events.ts";
import { runDriver } from "../../host/radio/run-driver.ts";
import { assert } from "../../protocol/core/assert.ts";
import type { LinkGeneration } from "../../protocol/core/units.ts";
import { classOf, numberOf, packetOf } from "./numbered.ts";

export type PartySays =
  | { readonly type: "given"; readonly number: number }
  | { readonly type: "settled"; readonly number: number; readonly outcome: Outcome["type"] }
  /** `number` is undefined where nobody sent that, or not in that order. */
  | { readonly type: "arrived"; readonly number: number | undefined; readonly size: number }
  | { readonly type: "words"; readonly words: string }
  | { readonly type: "linked"; readonly linked: boolean }
  /** Nothing was said after this. */
  | { readonly type: "ended" };

/** So many numbers may be given, in all; or that is enough. */
export type PartyHears = { readonly type: "may"; readonly count: number } | { readonly type: "end" };

const IN_FLIGHT_MAX = 4;

const [url = "", me = "0"] = process.argv.slice(2);
const party = Number(me);
const role = party === 0 ? "server" : "client";
const parsed = parseDevice(url);
assert(parsed.ok, "a party is told a device");
const tag = Uint8Array.of(party, 0, 0, 0);
let link: LinkGeneration | undefined;
let dialling = false;
let may = 0;
let next = 0;
let underWay = 0;
const last = [-1, -1, -1];

const say = (said: PartySays): void => {
  process.send?.(said);
};

const driver = runDriver({
  device: parsed.device,
  on(told) {
    switch (told.type) {
      case "state":
        say({ type: "words", words: told.state.words });
        break;
      case "down":
        onLink(undefined);
        break;
      case "up":
        setImmediate(() => driver.order({ type: "start", role, name: `party ${party}` }));
        break;
      case "news":
        setImmediate(() => onNews(told.report));
        break;
      case "arrived": {
        const number = numberOf(1 - party, told.packet, last[told.class] ?? 0);
        if (number !== undefined) last[classOf(number)] = number;
        const isOf = number !== undefined && classOf(number) === told.class;
        say({ type: "arrived", number: isOf ? number : undefined, size: told.packet.length });
        break;
      }
      case "settled":
        underWay -= 1;
        say({ type: "settled", number: told.id, outcome: told.outcome.type });
        setImmediate(send);
        break;
      default:
        break;
    }
  },
});

process.on("message", (heard: PartyHears) => {
  if (heard.type === "end") {
    driver.close();
    process.send?.({ type: "ended" } satisfies PartySays, () => process.exit(0));
    return;
  }
  may = heard.count;
  send();
});
process.on("disconnect", () => process.exit(0));

function onNews(report: News): void {
  switch (report.type) {
    case "ready": {
      const advert = { version: 1, flags: 0, kiosk: tag, component: tag };
      if (role === "server") driver.order({ type: "advertise", on: true, intervalMs: 100, advert });
      else driver.order({ type: "scan", on: true, intervalMs: 60, windowMs: 60 });
      break;
    }
    case "discovered":
      if (dialling || link !== undefined) break;
      dialling = true;
      driver.order({ type: "connect", to: report.peer });
      break;
    case "linkUp":
      if (role === "server") driver.order({ type: "keep", link: report.link });
      onLink(report.link);
      break;
    case "linkDown":
      if (report.link === link) onLink(undefined);
      break;
    case "notConnected":
      dialling = false;
      break;
    default:
      break;
  }
}

function onLink(now: LinkGeneration | undefined): void {
  link = now;
  dialling = false;
  say({ type: "linked", linked: link !== undefined });
  setImmediate(send);
}

function send(): void {
  while (link !== undefined && next < may && underWay < IN_FLIGHT_MAX) {
    const number = next++;
    underWay += 1;
    say({ type: "given", number });
    driver.send(number, link, classOf(number), packetOf(party, number));
  }
}
