/** The radio's beginning, and the only file that builds I/O. Everything that changes lives in objects made here: what a
 * module holds by itself lies in flash and cannot. */
import config from "mc/config";
import { millis } from "../protocol/core/units.ts";
import type { AirPort, Sink } from "./air/air-port.ts";
import { bluetoothClient } from "./air/bluetooth-client.ts";
import { bluetoothServer } from "./air/bluetooth-server.ts";
import { ClientAir } from "./air/client-air.ts";
import { DualAir, serverFirst } from "./air/dual-air.ts";
import { ServerAir } from "./air/server-air.ts";
import { modemConfig, type RadioRole } from "./modem/facts.ts";
import { modem } from "./modem/state.ts";
import { nativeCrc } from "./native/crc.ts";
import { stackCalls } from "./native/stack-calls.ts";
import { SerialPort } from "./serial/serial-port.ts";
import { uart } from "./serial/uart.ts";
import { POLL_MS, Shell } from "./shell.ts";
import { boardSystem, readBoot } from "./system/board-system.ts";
import { boardFacts, radioConfig } from "./system/config.ts";

interface Abortable {
  abort?: (why: string, error: unknown) => void;
}

export default function main(): void {
  const radio = radioConfig(config);
  const boot = readBoot();
  let shell: Shell | undefined;
  const turn = (): void => shell?.turn();
  const system = boardSystem(turn, POLL_MS);
  // What ends the machine outside of any turn, where nothing of ours can catch it: the SDK calls this before it restarts.
  (globalThis as Abortable).abort = (why, error) => {
    system.keepLastWords(error instanceof Error ? `${why}: ${error.message}` : why);
  };
  const clock = (): number => system.now();
  const serial = new SerialPort(uart(radio.uart), radio.baud, clock, turn);
  const facts = boardFacts(radio, boot, stackCalls !== undefined);
  const { reset, lastWords: fault, storedRole } = boot;
  shell = new Shell({
    modem: modem(facts, modemConfig(millis(clock()), boot.boot, { reset, fault, storedRole })),
    serial,
    system,
    crc: nativeCrc(),
    openAir: (role, name, sink) => openAir(role, name, sink, clock, radio.cancels),
  });
  shell.turn();
}

function openAir(role: RadioRole, name: string, sink: Sink, clock: () => number, cancels: boolean): AirPort {
  if (role === "server") return serverAir(role, name, sink, clock);
  if (role === "client") return clientAir(role, sink, clock, cancels);
  const client = new ClientAir(role, sink, clock, stackCalls);
  const ready = serverFirst(sink, () => client.begin(bluetoothClient(client, cancels)));
  return new DualAir(serverAir(role, name, ready, clock), client);
}

function serverAir(role: RadioRole, name: string, sink: Sink, clock: () => number): AirPort {
  const air = new ServerAir(role, name, sink, clock, stackCalls);
  air.begin(bluetoothServer(air));
  return air;
}

function clientAir(role: RadioRole, sink: Sink, clock: () => number, cancels: boolean): AirPort {
  const air = new ClientAir(role, sink, clock, stackCalls);
  air.begin(bluetoothClient(air, cancels));
  return air;
}
