/** Every address of a kiosk, as data: the server answers by it, and the published description is made of it. */
import { z } from "zod";
import { Actions } from "../contract/actions.ts";
import { Answer, Done, KioskName, PinGiven, type Refusal, Session } from "../contract/answers.ts";
import { ViewNow } from "../contract/frames.ts";
import { LedgerFileText } from "../contract/ledger-part.ts";
import { Logs, Settings } from "../contract/operator-part.ts";
import { Order } from "../contract/orders.ts";
import { RollProof } from "../contract/roll-proof.ts";
import { Health } from "./health.ts";
import type { Giver } from "./obey.ts";
import { isLoopback } from "./origin.ts";

export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** A name in braces stands for a whole number. */
  readonly path: string;
  /** - everybody: also from elsewhere without a PIN. - players: whoever is at this machine, and operators from elsewhere. */
  readonly who: "everybody" | "players" | "operators";
  readonly words: string;
  /** Several kiosks have it, told apart by `?kiosk=`. */
  readonly ofKiosk: boolean;
  /** Others are whole numbers, and may be left out. */
  readonly query?: readonly string[];
  readonly body?: z.ZodType;
  /** By status. Text is Prometheus' own form. */
  readonly answers: { readonly [status: number]: z.ZodType | "text" };
}

const route = <const Name extends string>(name: Name, of: Route): readonly [Name, Route] => [name, of];

const ALL = [
  route("kiosks", {
    ...{ method: "GET", path: "/api/kiosks", who: "players", ofKiosk: false },
    words: "The kiosks that this address shows.",
    answers: { 200: z.array(KioskName) },
  }),
  route("view", {
    ...{ method: "GET", path: "/api/view", who: "players", ofKiosk: true },
    words:
      "All that the kiosk shows, as it is now. Whoever wants to be told of changes opens a WebSocket at /api/live.",
    answers: { 200: ViewNow },
  }),
  route("actions", {
    ...{ method: "GET", path: "/api/actions", who: "players", ofKiosk: true, query: ["seat"] },
    words: "What a seat of the kiosk may do now, and why not the rest.",
    answers: { 200: Actions },
  }),
  route("order", {
    ...{ method: "POST", path: "/api/order", who: "players", ofKiosk: true, body: Order },
    words: "Asks for something. It is answered when it is done or will not be; an operator's order wants a session.",
    answers: { 200: Done, 409: Answer },
  }),
  route("roll", {
    ...{ method: "GET", path: "/api/rolls/{roll}", who: "players", ofKiosk: true },
    words: "The proof of a roll, as a file that hardway roll verify reads.",
    answers: { 200: RollProof },
  }),
  route("session", {
    ...{ method: "GET", path: "/api/session", who: "everybody", ofKiosk: false },
    words: "Whether whoever asks is an operator.",
    answers: { 200: Session },
  }),
  route("begin", {
    ...{ method: "POST", path: "/api/session", who: "everybody", ofKiosk: false, body: PinGiven },
    words: "Begins an operator's session, which lives in a cookie.",
    answers: { 200: Session },
  }),
  route("end", {
    ...{ method: "DELETE", path: "/api/session", who: "everybody", ofKiosk: false },
    words: "Ends it: nobody can use it any more.",
    answers: { 200: Session },
  }),
  route("settings", {
    ...{ method: "GET", path: "/api/settings", who: "operators", ofKiosk: true },
    words: "The configuration and its schema. Secrets are not told.",
    answers: { 200: Settings },
  }),
  route("logs", {
    ...{ method: "GET", path: "/api/logs", who: "operators", ofKiosk: true },
    words: "The newest lines of the log, and how much each part tells.",
    answers: { 200: Logs },
  }),
  route("ledger", {
    ...{ method: "GET", path: "/api/ledger", who: "operators", ofKiosk: true },
    words: "The table's ledger as a file that hardway ledger audit reads, signed by the kiosk.",
    answers: { 200: LedgerFileText, 409: Answer },
  }),
  route("health", {
    ...{ method: "GET", path: "/health", who: "everybody", ofKiosk: true },
    words: "How the kiosk is, part by part.",
    answers: { 200: Health, 503: Health },
  }),
  route("ready", {
    ...{ method: "GET", path: "/ready", who: "everybody", ofKiosk: true },
    words: "Whether it plays. A healthy kiosk may wait for others.",
    answers: { 200: Health, 503: Health },
  }),
  route("metrics", {
    ...{ method: "GET", path: "/metrics", who: "everybody", ofKiosk: true },
    words: "Its figures, for Prometheus.",
    answers: { 200: "text" },
  }),
  route("openApi", {
    ...{ method: "GET", path: "/openapi.json", who: "everybody", ofKiosk: false },
    words: "This description.",
    answers: { 200: z.record(z.string(), z.unknown()) },
  }),
] as const satisfies readonly (readonly [string, Route])[];

export type RouteName = (typeof ALL)[number][0];
export const ROUTES: readonly (readonly [RouteName, Route])[] = ALL;

/** Why whoever asks does not get it; undefined where nothing stands against it. */
export function keptFrom(who: Route["who"], { address, rank }: Giver): Refusal | undefined {
  if (rank === "operator" || who === "everybody" || (who === "players" && isLoopback(address))) return undefined;
  return rank === "noPin" ? "no PIN" : "PIN wanted";
}

export type Found =
  | { readonly name: RouteName; readonly route: Route; readonly numbers: { readonly [name: string]: number } }
  /** There is the path, but not for that method. */
  | "no such way"
  | undefined;

export function findRoute(method: string, path: string): Found {
  let isPath = false;
  for (const [name, route] of ROUTES) {
    const numbers = matched(route.path, path);
    if (numbers === undefined) continue;
    isPath = true;
    if (method === route.method || (method === "HEAD" && route.method === "GET")) return { name, route, numbers };
  }
  return isPath ? "no such way" : undefined;
}

function matched(pattern: string, path: string): { readonly [name: string]: number } | undefined {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  if (wanted.length !== given.length) return undefined;
  const numbers: { [name: string]: number } = {};
  for (const [i, part] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) {
      if (part !== given[i]) return undefined;
    } else if (/^\d{1,15}$/.test(given[i])) numbers[name] = Number(given[i]);
    else return undefined;
  }
  return numbers;
}
