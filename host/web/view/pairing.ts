/** A pairing as an operator sees and steers it: what the kiosk's own desk shows, with the date at which it is over. */
import type { PairingControl } from "../../node/pairing-desk.ts";
import { type Answer, refused } from "../contract/answers.ts";
import type { PairingPart } from "../contract/operator-part.ts";
import type { PairOrder } from "../contract/orders.ts";
import { hex } from "./hex.ts";
import type { Moments } from "./moments.ts";

export function pairingPart(of: PairingControl | undefined, { dateOf }: Pick<Moments, "dateOf">): PairingPart {
  if (of === undefined) return { stage: "none", code: null, words: "", peer: null, endsAt: null };
  const { stage, code, words, peer, until } = of.page();
  return {
    ...{ stage, words, code: code ?? null, peer: peer === undefined ? null : hex(peer) },
    endsAt: until === undefined ? null : dateOf(until),
  };
}

export function pair(of: PairingControl | undefined, step: PairOrder["step"], revision: number): Answer {
  if (of === undefined) return refused("not now");
  const { stage } = of.page();
  const isUnderWay = stage === "looking" || stage === "comparing" || stage === "waiting";
  switch (step) {
    case "begin":
      if (isUnderWay) return refused("not now", "A pairing is under way: end it, or cancel it first.");
      if (!of.begin()) return refused("too fast", "Somebody has begun too many within the hour: wait, then once more.");
      break;
    case "cancel":
      if (!isUnderWay) return refused("not now", "No pairing is under way.");
      of.cancel();
      break;
    default:
      if (stage !== "comparing") return refused("not now", "There is nothing to compare.");
      of.confirm(step === "same");
  }
  return { ok: true, revision, words: of.page().words };
}
