/** A kiosk's talk with its radio until it has a link, and again after each loss: the first waits and keeps who comes, the
 * second looks and dials. */
import type { Order, SessionEffect } from "../../host/radio/events.ts";
import type { LinkGeneration } from "../../protocol/core/units.ts";

export interface Match {
  readonly party: number;
  link: LinkGeneration | undefined;
  dialling: boolean;
}

export const match = (party: number): Match => ({ party, link: undefined, dialling: false });

const ADVERT_MS = 100;
/** Away from a multiple of the adverts' interval. */
const SCAN_MS = 60;

/** Answers whether a link came or went. */
export function onSaid(
  state: Match,
  said: { readonly type: string } | SessionEffect,
  order: (order: Order) => void,
): boolean {
  const { party, link } = state;
  if (said.type === "up") {
    order({ type: "start", role: party === 0 ? "server" : "client", name: `party ${party}` });
    lose(state);
  } else if (said.type === "down") {
    lose(state);
  } else if (said.type === "news") {
    onNews(state, (said as SessionEffect & { type: "news" }).report, order);
  }
  return state.link !== link;
}

function lose(state: Match): void {
  state.link = undefined;
  state.dialling = false;
}

function onNews(
  state: Match,
  report: (SessionEffect & { type: "news" })["report"],
  order: (order: Order) => void,
): void {
  const { party } = state;
  switch (report.type) {
    case "ready": {
      const tag = Uint8Array.of(party, 0, 0, 0);
      const advert = { version: 1, flags: 0, kiosk: tag, component: tag };
      if (report.role === "server") order({ type: "advertise", on: true, intervalMs: ADVERT_MS, advert });
      else order({ type: "scan", on: true, intervalMs: SCAN_MS, windowMs: SCAN_MS });
      break;
    }
    case "discovered":
      if (state.dialling || state.link !== undefined) break;
      state.dialling = true;
      order({ type: "connect", to: report.peer });
      break;
    case "linkUp":
      state.link = report.link;
      state.dialling = false;
      if (report.role === "server") order({ type: "keep", link: report.link });
      break;
    case "linkDown":
      if (report.link === state.link) lose(state);
      break;
    case "notConnected":
      state.dialling = false;
      break;
    default:
      break;
  }
}
