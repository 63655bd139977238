/** What the host orders. A command that cannot be obeyed is answered by a fault; one about a link that is gone came too late
 * and is counted. */
import { decode } from "../../protocol/bytes/codec.ts";
import { unreachable } from "../../protocol/core/assert.ts";
import { millis } from "../../protocol/core/units.ts";
import { Command } from "../../protocol/radio/command.ts";
import { bar, unbar } from "./barred.ts";
import { counterValues } from "./counters.ts";
import { onSend } from "./data.ts";
import { feedPower } from "./duty.ts";
import { offers, type PeerAddress, peerKey } from "./facts.ts";
import { refuse } from "./faults.ts";
import { restart } from "./health.ts";
import { CANCEL_WITHIN_MS, READY_WITHIN_MS } from "./limits.ts";
import { dropLink, isShut, keep } from "./links.ts";
import { knownPeer, onContradiction, pardon } from "./peers.ts";
import { orderRate } from "./rate.ts";
import { tell } from "./reports.ts";
import { hasLinkFor, linkOf, linkOfPeer, type Modem } from "./state.ts";
import type { Work } from "./work.ts";

export function onCommand(state: Modem, bytes: Uint8Array, work: Work): void {
  const decoded = decode(Command, bytes);
  if (!decoded.ok) {
    state.counters.commandsMalformed += 1;
    return;
  }
  const command = decoded.value;
  switch (command.type) {
    case "start":
      onStart(state, command, work);
      break;
    case "advertise":
      if (!mayDo(state, "server")) break;
      state.advertising = command.on ? { intervalMs: command.intervalMs, advert: copied(command.advert) } : undefined;
      // So that a new advert is told even at the same pace.
      if (command.on) state.advertisedMs = undefined;
      break;
    case "scan":
      if (!mayDo(state, "client")) break;
      state.scanning = command.on ? { intervalMs: command.intervalMs, windowMs: command.windowMs } : undefined;
      if (command.on) state.scannedMs = undefined;
      break;
    case "connect":
      onConnect(state, command.to, work);
      break;
    case "cancel":
      cancelConnecting(state, work);
      break;
    case "disconnect": {
      const link = linkOf(state, command.link);
      if (link === undefined) state.counters.commandsStale += 1;
      else dropLink(state, link, "ordered", work);
      break;
    }
    case "keep":
      keep(state, command.link);
      break;
    case "send":
      onSend(state, command, work);
      break;
    case "bar":
      onBar(state, command, work);
      break;
    case "unbar":
      unbar(state.barred, peerKey(command.peer));
      pardon(state.peers, peerKey(command.peer));
      break;
    case "power":
      if (command.state === undefined) feedPower(state, { type: "unforce", at: state.now }, work);
      else feedPower(state, { type: "force", at: state.now, state: command.state }, work);
      break;
    case "time":
      work.effects.push({ type: "setClock", at: command.at });
      break;
    case "logLevel":
      state.logLevel = command.level;
      break;
    case "identify":
      work.effects.push({ type: "identify", seconds: command.seconds });
      break;
    case "restart":
      restart(state, command.into, "", work);
      break;
    case "factoryReset":
      if (command.boot !== state.config.boot) {
        refuse(state, "that is another boot");
        break;
      }
      work.effects.push({ type: "factoryReset" });
      restart(state, "normal", "", work);
      break;
    case "counters":
      state.counters.barsRefused = state.barred.refused + state.peers.refused;
      tell(state, {
        type: "counters",
        values: counterValues(state.serial.counters, state.outbox.counters, state.counters),
      });
      break;
    case "echo":
      tell(state, { type: "echo", bytes: command.bytes });
      break;
    case "baud":
      orderRate(state, command.baud);
      break;
    default:
      unreachable(command);
  }
}

/** A stack has one role in a boot. Where none was stored none was begun either, so the first may begin at once. */
function onStart(state: Modem, command: Command & { type: "start" }, work: Work): void {
  const { role, name } = command;
  if (!offers(state.facts, role)) {
    refuse(state, "the board has no such role");
    return;
  }
  const before = state.role ?? state.config.storedRole;
  if (before !== role) work.effects.push({ type: "storeRole", role });
  if (before !== undefined && before !== role) {
    restart(state, "normal", "", work);
  } else if (state.role === undefined) {
    state.role = role;
    state.readyBy = millis(state.now + READY_WITHIN_MS);
    work.effects.push({ type: "begin", role, name });
  } else if (state.ready) {
    tell(state, { type: "ready", role });
  }
}

function onConnect(state: Modem, to: PeerAddress, work: Work): void {
  if (!mayDo(state, "client")) return;
  const key = peerKey(to);
  if (isShut(state, key)) refuse(state, "that neighbour is barred");
  else if (state.connecting !== undefined) refuse(state, "a connection is being made");
  else if (linkOfPeer(state, key) !== undefined) refuse(state, "that neighbour is linked");
  else if (!hasLinkFor(state, "client")) refuse(state, "all links are in use");
  else {
    const copy = { kind: to.kind, address: to.address.slice() };
    state.connecting = { to: copy, key, overBy: undefined };
    // The stack ends its scan for this by itself.
    state.scannedMs = undefined;
    work.effects.push({ type: "connect", to: copy });
  }
}

/** It counts as made until the stack says otherwise; where there is no cancel, a restart ends it. */
export function cancelConnecting(state: Modem, work: Work): void {
  const { connecting } = state;
  if (connecting === undefined || connecting.overBy !== undefined) return;
  connecting.overBy = millis(state.now + CANCEL_WITHIN_MS);
  if (state.facts.natives.cancel === 1) work.effects.push({ type: "cancelConnect" });
}

function onBar(state: Modem, command: Command & { type: "bar" }, work: Work): void {
  const key = peerKey(command.peer);
  const link = linkOfPeer(state, key);
  const peer = link?.peer ?? knownPeer(state.peers, key);
  if (peer !== undefined) onContradiction(peer);
  if (!bar(state.barred, key, command.seconds, state.now)) refuse(state, "the list of barred peers is full");
  else if (link !== undefined) dropLink(state, link, "barred", work);
  if (state.connecting?.key === key) cancelConnecting(state, work);
}

function mayDo(state: Modem, role: "server" | "client"): boolean {
  if (state.role === undefined) refuse(state, "no role was told");
  else if (state.role !== role && state.role !== "dual") refuse(state, "the role does not do that");
  else return true;
  return false;
}

/** The command's bytes belong to the serial link. */
const copied = <A extends { readonly kiosk: Uint8Array; readonly component: Uint8Array }>(advert: A): A => ({
  ...advert,
  kiosk: advert.kiosk.slice(),
  component: advert.component.slice(),
});
