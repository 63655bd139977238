/** Who said what: an account for people, written only when somebody wants to read it. */
import type { Effect, Event } from "../../host/engine/consensus/events.ts";
import type { SignedBallot } from "../../protocol/agreement/ballot.ts";
import type { Said } from "../../protocol/agreement/said.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import type { Packet } from "./packet.ts";
import type { Kiosk, Sim } from "./sim.ts";

export function tell(sim: Sim, line: () => string): void {
  if (sim.story === undefined) return;
  sim.story.push(`${sim.now.toFixed(1).padStart(9)} ms #${sim.events} ${line()}`);
}

export function tellEvent(sim: Sim, of: Kiosk, event: Event, packet: Packet | undefined): void {
  if (sim.story === undefined) return;
  const from = packet === undefined ? "" : ` from ${packet.from}${packet.honest ? "" : " (not honest)"}`;
  const what =
    event.type === "said"
      ? saidText(event.said)
      : event.type === "heard"
        ? messageText(event.message)
        : event.type === "submit"
          ? `seat ${event.seat} wants something`
          : event.type;
  tell(sim, () => `  ${label(of)} hears${from}: ${what}`);
}

export function tellSaid(sim: Sim, of: Kiosk, effect: Extract<Effect, { type: "say" | "send" }>): void {
  if (sim.story === undefined) return;
  const what = effect.type === "say" ? saidText(effect.said) : messageText(effect.message);
  tell(sim, () => `${label(of)} says to ${effect.to}: ${what}`);
}

export function tellEffect(sim: Sim, of: Kiosk, effect: Effect): void {
  if (sim.story === undefined || effect.type === "say" || effect.type === "send") return;
  tell(sim, () => `    ${label(of)} ${effectText(effect)}`);
}

const label = (of: Kiosk): string => `${of.place}${of.id === of.place ? "" : "'"}`;

function effectText(effect: Effect): string {
  switch (effect.type) {
    case "persist": {
      const { record } = effect;
      if (record.type === "voted") return `writes ballot ${ballotText(record.ballot)} from ${record.base.sequence}`;
      if (record.type === "decided" || record.type === "certificate") {
        return `writes ${record.type} ${certificateText(record.certificate)}`;
      }
      if (record.type === "changing") return `writes its wish for view ${record.change.view}`;
      if (record.type === "stable") return `writes checkpoint ${record.proof.header.sequence}`;
      return `writes ${record.type}`;
    }
    case "executed":
      return `executes ${effect.sequence} (${effect.done.length} requests)`;
    case "entered":
      return `enters view ${effect.view} of epoch ${effect.epoch}, led by ${effect.primary}`;
    case "answered":
      return `answers its request ${effect.number}`;
    case "stable":
      return `is stable at ${effect.sequence}`;
    case "malformed":
      return `finds something malformed: ${effect.why}`;
    case "muted":
      return `is muted until ${effect.until}: ${effect.why}`;
    case "evidence":
      return `has evidence: ${effect.evidence.type}`;
    default:
      return effect.type;
  }
}

function saidText(said: Said): string {
  switch (said.type) {
    case "requests":
      return `requests ${said.requests.map((each) => `${each.sender}/${each.request.number}`).join(" ")}`;
    case "ballot": {
      const { proposals } = said;
      const with_ =
        proposals === undefined
          ? ""
          : ` proposing ${proposals.first}..${proposals.first + proposals.slots.length - 1} (${proposals.slots.map((slot) => slot.type[0]).join("")})`;
      return `ballot ${ballotText(said.ballot)}${with_}`;
    }
    case "viewChange":
      return `${said.change.sender} wants view ${said.change.view}${said.body === undefined ? ", body apart" : ""}`;
    case "newView":
      return `new view ${said.newView.view} by ${said.sender}, on ${said.newView.viewChanges.map((each) => each.sender).join(" ")}, up to ${said.newView.result.sequence}`;
    case "certificate":
      return certificateText(said.certificate);
    case "checkpoint":
      return `checkpoint ${said.proof.header.sequence} of epoch ${said.proof.epoch}`;
  }
}

type Named = {
  readonly phase: string;
  readonly view: number;
  readonly sequence: number;
  readonly base: { readonly sequence: number };
};
const certificateText = ({ phase, view, sequence, base }: Named): string =>
  `${phase} in view ${view}: ${base.sequence}..${sequence}`;

function ballotText(ballot: SignedBallot): string {
  const parts = [`of ${ballot.sender} in view ${ballot.view}`];
  for (const [name, position] of [
    ["proposed", ballot.proposed],
    ["prepared", ballot.prepared],
    ["committed", ballot.committed],
  ] as const) {
    if (position !== undefined) parts.push(`${name} ${position.sequence}${short(position.history)}`);
  }
  if (ballot.checkpoint !== undefined)
    parts.push(`checkpoint ${ballot.checkpoint.sequence}${short(ballot.checkpoint.digest)}`);
  return parts.join(", ");
}

const short = (digest: Uint8Array | undefined): string =>
  digest === undefined ? "" : `:${Buffer.from(digest.subarray(0, 3)).toString("hex")}`;

function messageText(message: Message): string {
  if (message.type !== "stateSync") return message.type;
  const { step } = message;
  if (step.type === "status") {
    const changing = step.changing === undefined ? "" : `, wants view ${step.changing}`;
    return `status: epoch ${step.epoch} view ${step.view}${changing}, stable ${step.stable}, executed ${step.executed.sequence}, known ${step.known}, prepared ${step.prepared}, committed ${step.committed}${step.recall ? ", what did I sign?" : ""}`;
  }
  if (step.type === "chunk" || step.type === "requestChunks")
    return `${step.type} ${step.index}${short(step.object.digest)}`;
  return step.type;
}
