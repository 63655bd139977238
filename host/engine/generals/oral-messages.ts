/**
 * The Byzantine generals with oral messages: algorithm OM(m) of Lamport, Shostak and Pease 1982, §3.
 *
 * General 0 commands and the others are lieutenants. The commander tells each its order; then each passes on to the others
 * what it heard, they pass that on, and so on m times; each takes the majority. A message is known by its path: who said it
 * to whom, from the commander to the last who passed it on.
 */
import { assert } from "../../../protocol/core/assert.ts";
import { GENERALS_MAX } from "./limits.ts";

export type Order = "attack" | "retreat";
/** Silence is noticed, and counts as an order to retreat. */
export type Said = Order | "nothing";

/** The commander first, the sender last. */
export type Path = readonly number[];

export interface OralMessage {
  readonly path: Path;
  readonly to: number;
}

/** What a traitor says instead of what it should. */
export type Strategy = (message: OralMessage, honest: Order) => Said;

/** What a lieutenant makes of what it was told: first by the commander, then by the others, in their order. */
export type Rule = (lieutenant: number, told: readonly Order[]) => Order;

export interface Siege {
  readonly generalCount: number;
  /** m: how often a message is passed on. */
  readonly relayCount: number;
  readonly order: Order;
  readonly traitors: readonly number[];
  readonly strategy: Strategy;
  readonly rule?: Rule;
}

export interface Outcome {
  readonly heard: readonly (OralMessage & { readonly said: Said })[];
  /** What each does, the loyal commander its own order; a traitor does what it likes. */
  readonly decisions: readonly (Order | "anything")[];
}

export const COMMANDER = 0;

export const majority: Rule = (_lieutenant, told) =>
  2 * told.filter((each) => each === "attack").length > told.length ? "attack" : "retreat";

export function besiege(siege: Siege): Outcome {
  const { generalCount, relayCount, order, traitors, strategy, rule = majority } = siege;
  const heard: (OralMessage & { readonly said: Said })[] = [];
  const orders: { [name: string]: Order } = {};
  for (const message of messagesOf(generalCount, relayCount)) {
    const { path, to } = message;
    const sender = path[path.length - 1];
    const honest = path.length === 1 ? order : orders[nameOf({ path: path.slice(0, -1), to: sender })];
    const said = traitors.includes(sender) ? strategy(message, honest) : honest;
    heard.push({ path, to, said });
    orders[nameOf(message)] = said === "nothing" ? "retreat" : said;
  }

  /** Step (3): what a lieutenant takes for the word of the last on the path. */
  function taken(path: Path, lieutenant: number): Order {
    const own = orders[nameOf({ path, to: lieutenant })];
    if (path.length > relayCount) return own;
    const told = [own];
    for (let other = 0; other < generalCount; other++) {
      if (other !== lieutenant && !path.includes(other)) told.push(taken([...path, other], lieutenant));
    }
    return rule(lieutenant, told);
  }

  const decisions: (Order | "anything")[] = [];
  for (let general = 0; general < generalCount; general++) {
    if (traitors.includes(general)) decisions.push("anything");
    else decisions.push(general === COMMANDER ? order : taken([COMMANDER], general));
  }
  return { heard, decisions };
}

/** All messages of a siege, those of the first round first. */
export function messagesOf(generalCount: number, relayCount: number): readonly OralMessage[] {
  assert(generalCount >= 2 && generalCount <= GENERALS_MAX, "a siege has a few generals");
  assert(relayCount >= 0 && relayCount <= generalCount - 2, "every relay has somebody to tell");
  const messages: OralMessage[] = [];
  let paths: Path[] = [[COMMANDER]];
  for (let round = 0; round <= relayCount; round++) {
    const longer: Path[] = [];
    for (const path of paths) {
      for (let to = 0; to < generalCount; to++) {
        if (path.includes(to)) continue;
        messages.push({ path, to });
        longer.push([...path, to]);
      }
    }
    paths = longer;
  }
  return messages;
}

export const nameOf = ({ path, to }: OralMessage): string => `${path.join(" ")} to ${to}`;

/** IC1: all loyal lieutenants obey the same order. IC2: if the commander is loyal, it is the commander's. */
export type Condition = "IC1" | "IC2";

/** Undefined where both hold. */
export function brokenCondition({ order, traitors }: Siege, { decisions }: Outcome): Condition | undefined {
  const loyal = decisions.slice(1).filter((each) => each !== "anything");
  if (loyal.some((each) => each !== loyal[0])) return "IC1";
  if (!traitors.includes(COMMANDER) && loyal.some((each) => each !== order)) return "IC2";
  return undefined;
}
