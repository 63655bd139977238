/** One party of an exchange as a process of its own, over the real driver: `party.js DEVICE PARTY`. It links, sends its numbered
 * packets as long as it is told to, checks what arrives, and tells its parent every end and every arrival. */

import { parseDevice } from "../../host/radio/device-url.ts";
import type { Outcome } from "../../host/radio/events.ts";
import { runDriver } from "../../host/radio/run-driver.ts";
import { assert } from "../../protocol/core/assert.ts";
import { account, arrive } from "./account.ts";
import { match, onSaid } from "./match.ts";
import { classOf, packetOf } from "./numbered.ts";

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
const parsed = parseDevice(url);
assert(parsed.ok, "a party is told a device");
const pair = match(party);
const others = account(1 - party);
let may = 0;
let next = 0;
let underWay = 0;

const say = (said: PartySays): void => {
  process.send?.(said);
};

const driver = runDriver({
  device: parsed.device,
  on(told) {
    if (onSaid(pair, told, (order) => driver.order(order))) say({ type: "linked", linked: pair.link !== undefined });
    if (told.type === "state") {
      say({ type: "words", words: told.state.words });
    } else if (told.type === "arrived") {
      say({ type: "arrived", number: arrive(others, told.class, told.packet), size: told.packet.length });
    } else if (told.type === "settled") {
      underWay -= 1;
      say({ type: "settled", number: told.id, outcome: told.outcome.type });
    }
    setImmediate(send);
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

function send(): void {
  while (pair.link !== undefined && next < may && underWay < IN_FLIGHT_MAX) {
    const number = next++;
    underWay += 1;
    say({ type: "given", number });
    driver.send(number, pair.link, classOf(number), packetOf(party, number));
  }
}
