/** The air of a radio that opens connections: it scans as told, connects to whom the modem names, sets the connection up one
 * at a time, and hands values on. */
import { MTU_MAX, MTU_MIN } from "../../protocol/core/limits.ts";
import { serviceDataOf } from "../../protocol/radio/advertisement.ts";
import type { PeerAddress, RadioRole } from "../modem/facts.ts";
import { addressText } from "../modem/facts.ts";
import { type AirPort, NEVER, type Sink } from "./air-port.ts";
import {
  abandon,
  type ClientSetup,
  clientSetup,
  type SetupEffect,
  type SetupEvent,
  setupDeadline,
  stepSetup,
} from "./client-setup.ts";
import { greeting, hear, heardGreeting, type Passage, passage, raise, SMALL_VALUES } from "./greeting.ts";
import type { ClientCallbacks, ClientStack, Device, StackCalls } from "./stack.ts";

/** A cancelled attempt may have become a connection just before. */
const CANCELLED_WITHIN_MS = 500;
/** Signal strength is asked for; nothing tells it by itself. */
const RSSI_EVERY_MS = 5_000;

interface Connection {
  readonly device: Device;
  readonly peer: PeerAddress;
  readonly setup: ClientSetup;
  readonly passage: Passage;
  intervalMs: number;
}

export class ClientAir implements AirPort, ClientCallbacks {
  readonly #sink: Sink;
  readonly #clock: () => number;
  readonly #calls: StackCalls | undefined;
  readonly #role: RadioRole;
  #stack: ClientStack | undefined;
  readonly #connections: Connection[] = [];
  /** To whom, and until when a cancelled attempt may still come about. */
  #attempt: { readonly to: PeerAddress; overAt: number } | undefined;
  #scanning = false;
  #rssiAt = NEVER;

  constructor(role: RadioRole, sink: Sink, clock: () => number, calls: StackCalls | undefined) {
    this.#role = role;
    this.#sink = sink;
    this.#clock = clock;
    this.#calls = calls;
  }

  begin(stack: ClientStack): void {
    this.#stack = stack;
  }

  advertise(): void {}
  stopAdvertising(): void {}

  scan(intervalMs: number, windowMs: number): void {
    // NimBLE throws when it scans already.
    this.stopScanning();
    this.#scanning = this.#try("scan", () => this.#stack?.scan(intervalMs, windowMs));
  }

  stopScanning(): void {
    if (this.#scanning) this.#try("stop scanning", () => this.#stack?.stopScanning());
    this.#scanning = false;
  }

  connect(to: PeerAddress): void {
    // NimBLE's own stop, inside its connect, leaves the scan marked as running for good.
    this.stopScanning();
    this.#attempt = { to, overAt: NEVER };
    if (!this.#try("connect", () => this.#stack?.connect(to))) this.#failAttempt();
  }

  cancel(): void {
    if (this.#attempt === undefined) return;
    const underway = this.#inSetup();
    if (underway !== undefined) {
      this.#close(underway);
      return;
    }
    // Whether there was anything to cancel is no answer: the connection may be coming, or the stack have failed in silence.
    this.#calls?.cancelConnect();
    let cancels = this.#calls !== undefined;
    this.#try("cancel", () => {
      cancels = (this.#stack?.cancel() ?? false) || cancels;
    });
    if (cancels) this.#attempt.overAt = this.#clock() + CANCELLED_WITHIN_MS;
  }

  disconnect(handle: number): void {
    const connection = this.#ofHandle(handle);
    if (connection !== undefined) this.#close(connection);
  }

  value(handle: number, bytes: Uint8Array): void {
    // Without a closure: this is the path of every packet.
    try {
      this.#ofHandle(handle)?.device.write(bytes);
    } catch {
      // As if it were lost on the air: the modem repeats it.
    }
  }

  requestParameters(handle: number, intervalMs: number, supervisionMs: number): void {
    this.#calls?.requestParameters(handle, intervalMs, supervisionMs);
  }

  tick(now: number): number {
    const attempt = this.#attempt;
    if (attempt !== undefined && now >= attempt.overAt && this.#inSetup() === undefined) {
      this.#try("forget an attempt", () => this.#stack?.forget());
      this.#failAttempt();
    }
    let at = this.#attempt?.overAt ?? NEVER;
    for (const connection of this.#connections.slice()) {
      if (now >= setupDeadline(connection.setup)) this.#step(connection, { type: "tick" });
      at = Math.min(at, setupDeadline(connection.setup));
    }
    if (now >= this.#rssiAt) this.#ask(now);
    return Math.min(at, this.#rssiAt);
  }

  onReady(): void {
    this.#sink({ type: "ready", role: this.#role });
  }

  onDiscovered(peer: PeerAddress, rssi: number, data: Uint8Array): void {
    const serviceData = serviceDataOf(data);
    if (serviceData !== undefined) this.#sink({ type: "advert", peer, rssi, serviceData });
  }

  onConnected(device: Device, peer: PeerAddress): void {
    const attempt = this.#attempt;
    const setup = clientSetup(this.#clock());
    const connection: Connection = { device, peer, setup, passage: passage(), intervalMs: 0 };
    this.#connections.push(connection);
    if (attempt === undefined || attempt.overAt !== NEVER || !isFor(attempt, peer)) {
      this.#close(connection);
      return;
    }
    this.#try("lengthen its packets", () => device.lengthen());
  }

  onDisconnected(handle: number): void {
    const connection = this.#ofHandle(handle);
    if (connection === undefined) return;
    this.#connections.splice(this.#connections.indexOf(connection), 1);
    if (this.#connections.length === 0) this.#rssiAt = NEVER;
    if (connection.setup.step === "up") this.#sink({ type: "disconnected", handle, reason: "remote" });
    else if (this.#attempt !== undefined && isFor(this.#attempt, connection.peer)) this.#failAttempt();
  }

  onMtu(handle: number, mtu: number): void {
    const connection = this.#ofHandle(handle);
    if (connection === undefined) return;
    this.#raiseMtu(connection, mtu);
    this.#step(connection, { type: "mtu" });
  }

  onRssi(handle: number, rssi: number): void {
    if (this.#ofHandle(handle)?.setup.step === "up") this.#sink({ type: "rssi", handle, rssi });
  }

  onService(found: boolean): void {
    const connection = this.#inSetup();
    if (connection !== undefined) this.#step(connection, { type: "service", found });
  }

  onCharacteristics(found: boolean): void {
    const connection = this.#inSetup();
    if (connection !== undefined) this.#step(connection, { type: "characteristics", found });
  }

  onNotification(handle: number, bytes: Uint8Array): void {
    const connection = this.#ofHandle(handle);
    if (connection === undefined) return;
    const said = heardGreeting(bytes);
    if (said === undefined) {
      if (connection.setup.step === "up") this.#sink({ type: "value", handle, bytes });
      return;
    }
    hear(connection.passage, said);
    this.#step(connection, { type: "greeted", heard: said.heard });
  }

  #step(connection: Connection, event: SetupEvent): void {
    this.#perform(connection, stepSetup(connection.setup, event, this.#clock()));
  }

  #perform(connection: Connection, effect: SetupEffect): void {
    const { device, peer, passage } = connection;
    switch (effect) {
      case "exchangeMtu":
        this.#try("exchange the MTU", () => device.exchangeMtu(MTU_MAX));
        break;
      case "discoverService":
        this.#try("discover the service", () => device.discoverService());
        break;
      case "discoverCharacteristics":
        this.#try("discover its characteristics", () => device.discoverCharacteristics());
        break;
      case "subscribe":
        this.#try("subscribe", () => device.subscribe());
        break;
      case "greet":
        this.#try("greet", () => device.write(greeting(passage)));
        break;
      case "up":
        this.#attempt = undefined;
        this.#rssiAt = Math.min(this.#rssiAt, this.#clock() + RSSI_EVERY_MS);
        this.#sink({ type: "connected", handle: device.handle, role: "client", peer });
        if (passage.mtu > MTU_MIN) this.#sink({ type: "mtu", handle: device.handle, mtu: passage.mtu });
        if (passage.small) this.#sink({ type: "log", level: 1, text: SMALL_VALUES });
        break;
      case "giveUp":
        this.#sink({ type: "log", level: 1, text: `${addressText(peer)} is no radio, or too far` });
        this.#close(connection);
        break;
      case undefined:
        break;
    }
  }

  #raiseMtu(connection: Connection, mtu: number): void {
    if (!raise(connection.passage, mtu)) return;
    const { mtu: raised } = connection.passage;
    if (connection.setup.step === "up") this.#sink({ type: "mtu", handle: connection.device.handle, mtu: raised });
  }

  #ask(now: number): void {
    this.#rssiAt = now + RSSI_EVERY_MS;
    for (const connection of this.#connections) {
      if (connection.setup.step !== "up") continue;
      const { device } = connection;
      this.#try("read the signal", () => device.readRssi());
      const intervalMs = this.#calls?.intervalMs(device.handle) ?? 0;
      if (intervalMs === 0 || intervalMs === connection.intervalMs) continue;
      connection.intervalMs = intervalMs;
      this.#sink({ type: "interval", handle: device.handle, intervalMs });
    }
  }

  /** A stack that refuses has no such connection any more. */
  #close(connection: Connection): void {
    if (connection.setup.step !== "up") abandon(connection.setup);
    if (!this.#try("disconnect", () => connection.device.close())) this.onDisconnected(connection.device.handle);
  }

  #failAttempt(): void {
    this.#attempt = undefined;
    this.#sink({ type: "connectFailed" });
  }

  #inSetup(): Connection | undefined {
    return this.#connections.find(({ setup }) => setup.step !== "up" && setup.step !== "over");
  }

  #ofHandle(handle: number): Connection | undefined {
    const all = this.#connections;
    for (let i = 0; i < all.length; i++) if (all[i].device.handle === handle) return all[i];
    return undefined;
  }

  #try(what: string, act: () => void): boolean {
    try {
      act();
      return true;
    } catch {
      this.#sink({ type: "log", level: 0, text: `the stack refused to ${what}` });
      return false;
    }
  }
}

const isFor = (attempt: { readonly to: PeerAddress }, peer: PeerAddress): boolean =>
  addressText(attempt.to) === addressText(peer);
