/** A host comes, and goes. Each opening of the serial link is a new session: the radio says hello before anything else, and
 * of what was before nothing holds: every connection is dropped, every send is over, nothing is scanned or advertised. So a
 * packet that the host did not acknowledge is never told to the neighbour as taken: its link is gone, and over there it is
 * *unknown*. What the host barred stays barred, because a neighbour must not win by a host's restart. */

import {
  PACKET_SIZE_MAX,
  REASSEMBLY_SLOTS,
  SERIAL_FRAME_SIZE_MAX,
  SERIAL_PACKET_SIZE_MAX,
} from "../../protocol/core/limits.ts";
import type { LinkEffect } from "../../protocol/link/events.ts";
import { cancelConnecting, onCommand } from "./commands.ts";
import { onHostHas } from "./data.ts";
import { dropLink } from "./links.ts";
import { tell, voidBacklog } from "./reports.ts";
import type { Modem } from "./state.ts";
import { feedSerial, type Work } from "./work.ts";

export function onSerialEffect(state: Modem, effect: LinkEffect, isVoid: boolean, work: Work): void {
  switch (effect.type) {
    case "transmit":
      work.effects.push({ type: "serial", bytes: effect.bytes });
      break;
    case "opened":
      if (!isVoid) onOpened(state, effect.peer.packetSizeMax, work);
      break;
    case "closed":
      onClosed(state, work);
      // Where the port fell silent for good, no byte will ever say so.
      if (effect.why === "silent") work.effects.push({ type: "reopenSerial" });
      break;
    case "incompatible":
      state.counters.hostsUnfit += 1;
      break;
    case "deliver":
      if (isVoid || !state.hosted) state.counters.commandsVoided += 1;
      else onCommand(state, effect.bytes, work);
      break;
    case "acknowledged":
      onHostHas(state, effect.token, work);
      break;
    // The link counts these.
    case "lost":
    case "refused":
    case "logged":
      break;
  }
}

/** At the end of a step in which something that must be told found no room. */
export function voidSession(state: Modem, work: Work): void {
  state.voidDue = false;
  state.counters.sessionsVoided += 1;
  feedSerial(state, { type: "open", at: state.now, session: (state.serial.session + 1) >>> 0 }, work);
}

function onOpened(state: Modem, packetSizeMax: number, work: Work): void {
  if (packetSizeMax < SERIAL_PACKET_SIZE_MAX) {
    state.counters.hostsUnfit += 1;
    feedSerial(state, { type: "log", at: state.now, level: 0, text: "the host's packets are too short" }, work);
    return;
  }
  state.hosted = true;
  state.counters.sessions += 1;
  hello(state);
}

function onClosed(state: Modem, work: Work): void {
  voidBacklog(state);
  cancelConnecting(state, work);
  while (state.links.length > 0) dropLink(state, state.links[0], "failed", work);
  state.advertising = undefined;
  state.scanning = undefined;
}

function hello(state: Modem): void {
  const { facts, config } = state;
  tell(state, {
    type: "hello",
    build: facts.build,
    board: facts.board,
    chip: facts.chip,
    address: facts.address,
    boot: config.boot,
    reset: config.reset,
    fault: config.fault,
    uptimeMs: Math.floor(state.now - config.at),
    receiveSpace: facts.receiveSpace,
    frameSizeMax: SERIAL_FRAME_SIZE_MAX,
    packetSizeMax: PACKET_SIZE_MAX,
    slots: REASSEMBLY_SLOTS,
    bauds: facts.bauds,
    roles: facts.roles,
    linksAsServer: facts.linksAsServer,
    linksAsClient: facts.linksAsClient,
    stackQueue: facts.stackQueue,
    intervalMinUs: Math.round(1000 * facts.intervalMinMs),
    intervalMaxUs: Math.round(1000 * facts.intervalMaxMs),
    natives: facts.natives,
  });
  tell(state, { type: "battery", percent: state.batteryPercent, state: state.power.state });
}
