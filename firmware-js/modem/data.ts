/** Packets between the host and the air. A packet is acknowledged to the neighbour when the host has it, so that *sent*, over
 * there, means just that. Values that break the rules are charged to the neighbour at the other end of the link; five in a
 * row, and it is barred. */
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import type { OutboxCounters, OutboxEffect, OutboxEvent, Outcome, Refusal } from "../../protocol/packet/events.ts";
import { step as outboxStep } from "../../protocol/packet/outbox.ts";
import { onPacket } from "../../protocol/power/quality.ts";
import type { Command } from "../../protocol/radio/command.ts";
import type { Report } from "../../protocol/radio/report.ts";
import { feedPower } from "./duty.ts";
import type { ModemEvent } from "./events.ts";
import { addressText } from "./facts.ts";
import { tellFault } from "./faults.ts";
import { VALUES_BURST, VALUES_PER_INTERVAL } from "./limits.ts";
import { dropLink } from "./links.ts";
import { onFault, onGood } from "./peers.ts";
import { tell } from "./reports.ts";
import { linkOf, linkOfHandle, type Modem, type RadioLink } from "./state.ts";
import { feedOutbox, type Work } from "./work.ts";

type DropReason = (Report & { type: "dropped" })["reason"];

export function onSend(state: Modem, command: Command & { type: "send" }, work: Work): void {
  const { link: generation, token, packet: bytes } = command;
  const packetClass = command.class as PacketClass;
  const link = linkOf(state, generation);
  if (link === undefined) {
    state.counters.commandsStale += 1;
    tell(state, { type: "dropped", token, reason: "noLink" });
    return;
  }
  // First this, because it ends a sleep that would refuse the packet.
  feedPower(state, { type: "operation", at: state.now, class: packetClass }, work);
  link.moved += bytes.length;
  feedOutbox({ type: "submit", at: state.now, generation, class: packetClass, bytes, token }, work);
}

export function onValue(state: Modem, event: ModemEvent & { type: "value" }, work: Work): void {
  const link = linkOfHandle(state, event.handle);
  if (link === undefined) {
    state.counters.airStale += 1;
    return;
  }
  if (!spendAllowance(state, link)) {
    blame(state, link, "timing", work);
    return;
  }
  feedOutbox({ type: "received", at: state.now, generation: link.generation, bytes: event.bytes }, work);
}

/** What the outbox is told, and whom a bad value is charged to. */
export function onOutboxEvent(state: Modem, event: OutboxEvent, work: Work): void {
  const { counters } = state.outbox;
  const before = faultsOf(counters);
  outboxStep(state.outbox, event, work.air);
  if (event.type !== "received") return;
  const link = linkOf(state, event.generation);
  if (link === undefined) return;
  if (faultsOf(counters) > before) blame(state, link, "malformed", work);
  else onGood(link.peer, state.now);
}

export function onOutboxEffect(state: Modem, effect: OutboxEffect, work: Work): void {
  const link = linkOf(state, effect.generation);
  switch (effect.type) {
    case "transmit":
      if (link !== undefined) work.effects.push({ type: "value", handle: link.handle, bytes: effect.bytes });
      break;
    case "deliver": {
      if (link === undefined) {
        state.counters.reportsVoided += 1;
        break;
      }
      link.moved += effect.bytes.length;
      feedPower(state, { type: "operation", at: state.now, class: effect.class }, work);
      const { generation, bytes } = effect;
      tell(state, { type: "received", link: generation, class: effect.class, packet: bytes }, effect.token + 1);
      break;
    }
    case "settled": {
      const { token, outcome } = effect;
      if (link !== undefined) onPacket(link.quality, outcome.type === "sent");
      if (outcome.type === "dropped") tell(state, { type: "dropped", token, reason: DROPPED[outcome.why] });
      else tell(state, { type: outcome.type, token });
      break;
    }
    case "refused":
      tell(state, { type: "dropped", token: effect.token, reason: REFUSED[effect.why] });
      break;
    case "unresponsive":
      if (link !== undefined) dropLink(state, link, "failed", work);
      break;
  }
}

/** The host has what was delivered with this token of the serial link. */
export function onHostHas(state: Modem, token: number, work: Work): void {
  if (token > 0) feedOutbox({ type: "taken", at: state.now, token: token - 1 }, work);
}

/** A neighbour's window in each connection interval, at most; what a pause of this board gathered comes at once. */
function spendAllowance(state: Modem, link: RadioLink): boolean {
  const earned = ((state.now - link.allowedAt) * VALUES_PER_INTERVAL) / Math.max(1, state.facts.intervalMinMs);
  link.allowance = Math.min(VALUES_BURST, link.allowance + earned);
  link.allowedAt = state.now;
  if (link.allowance < 1) return false;
  link.allowance -= 1;
  return true;
}

/** What no honest neighbour causes. What lies outside the window or found no room may be our own doing. */
const faultsOf = (counters: OutboxCounters): number =>
  counters.malformed + counters.contradictory + counters.falselyAcknowledged;

function blame(state: Modem, link: RadioLink, kind: "malformed" | "timing", work: Work): void {
  if (kind === "timing") state.counters.valuesTiming += 1;
  else state.counters.valuesMalformed += 1;
  if (!onFault(link.peer, kind, state.now)) return;
  state.counters.peersBarred += 1;
  dropLink(state, link, "barred", work);
  tellFault(state, "a peer was barred", `: ${addressText(link.address)}`);
}

const DROPPED: { readonly [why in (Outcome & { type: "dropped" })["why"]]: DropReason } = Object.freeze({
  unacknowledged: "unacknowledged",
  expired: "expired",
  power: "power",
  "link lost": "noLink",
});

const REFUSED: { readonly [why in Refusal]: DropReason } = Object.freeze({
  "no such link": "noLink",
  size: "tooLong",
  full: "full",
  power: "power",
  asleep: "power",
});
