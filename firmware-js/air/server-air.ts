/** The air of a radio that accepts connections: it advertises as told, greets who subscribes, and hands values on. */
import { MTU_MIN } from "../../protocol/core/limits.ts";
import type { ServiceData } from "../modem/events.ts";
import type { PeerAddress, RadioRole } from "../modem/facts.ts";
import { type AirPort, NEVER, type Sink } from "./air-port.ts";
import { greeting, hear, heardGreeting, type Passage, passage, raise, SMALL_VALUES } from "./greeting.ts";
import {
  onHeard,
  onServerTick,
  onSubscribed,
  type ServerSetup,
  type ServerSetupEffect,
  serverSetup,
  serverSetupDeadline,
} from "./server-setup.ts";
import type { ServerCallbacks, ServerStack, StackCalls } from "./stack.ts";

/** A stack that refuses to advertise may be letting a connection go. */
const ADVERTISE_AGAIN_MS = 1_000;
/** NimBLE's connection that did not come about. The SDK means to say that it is over, and says that it is there. */
const NO_HANDLE = 0xffff;

interface Connection {
  readonly handle: number;
  readonly peer: PeerAddress;
  readonly setup: ServerSetup;
  readonly passage: Passage;
}

export class ServerAir implements AirPort, ServerCallbacks {
  readonly #sink: Sink;
  readonly #clock: () => number;
  readonly #calls: StackCalls | undefined;
  readonly #name: string;
  readonly #role: RadioRole;
  #stack: ServerStack | undefined;
  #connection: Connection | undefined;
  /** What the modem ordered, and whether the stack may still be doing it. */
  #ordered: { readonly intervalMs: number; readonly advert: ServiceData } | undefined;
  #advertising = false;
  #advertiseAt = NEVER;

  constructor(role: RadioRole, name: string, sink: Sink, clock: () => number, calls: StackCalls | undefined) {
    this.#role = role;
    this.#name = name;
    this.#sink = sink;
    this.#clock = clock;
    this.#calls = calls;
  }

  /** The stack calls back later than this. */
  begin(stack: ServerStack): void {
    this.#stack = stack;
  }

  advertise(intervalMs: number, advert: ServiceData): void {
    this.#ordered = { intervalMs, advert };
    this.#startAdvertising();
  }

  stopAdvertising(): void {
    this.#ordered = undefined;
    this.#advertiseAt = NEVER;
    this.#silence();
  }

  scan(): void {}
  stopScanning(): void {}
  connect(): void {}
  cancel(): void {}

  disconnect(handle: number): void {
    if (this.#connection?.handle === handle) this.#try("disconnect", () => this.#stack?.disconnect());
  }

  value(handle: number, bytes: Uint8Array): void {
    if (this.#connection?.handle !== handle) return;
    // Without a closure: this is the path of every packet.
    try {
      this.#stack?.notify(bytes);
    } catch {
      // As if it were lost on the air: the modem repeats it.
    }
  }

  requestParameters(handle: number, intervalMs: number, supervisionMs: number): void {
    this.#calls?.requestParameters(handle, intervalMs, supervisionMs);
  }

  tick(now: number): number {
    if (now >= this.#advertiseAt) this.#startAdvertising();
    const connection = this.#connection;
    if (connection === undefined) return this.#advertiseAt;
    if (now >= serverSetupDeadline(connection.setup)) this.#perform(onServerTick(connection.setup, now));
    return Math.min(this.#advertiseAt, serverSetupDeadline(connection.setup));
  }

  onReady(): void {
    this.#try("set the name", () => this.#stack?.setName(this.#name));
    this.#sink({ type: "ready", role: this.#role });
  }

  onConnected(handle: number, peer: PeerAddress): void {
    // Whoever connects ends the advertising.
    this.#advertising = false;
    if (handle === NO_HANDLE) {
      this.onDisconnected(handle);
      return;
    }
    this.#try("lengthen its packets", () => this.#stack?.lengthen(handle));
    this.#connection = { handle, peer, setup: serverSetup(this.#clock()), passage: passage() };
  }

  onDisconnected(handle: number): void {
    const connection = this.#connection;
    // A connection that failed to be made may have no name.
    if (connection !== undefined && connection.handle !== handle) return;
    this.#connection = undefined;
    if (connection?.setup.step === "up") this.#sink({ type: "disconnected", handle, reason: "remote" });
    // The modem never heard of the others, so that it orders nothing.
    if (this.#ordered !== undefined) this.#startAdvertising();
  }

  onSubscribed(): void {
    if (this.#connection !== undefined) this.#perform(onSubscribed(this.#connection.setup, this.#clock()));
  }

  onMtu(mtu: number): void {
    const connection = this.#connection;
    if (connection === undefined || !raise(connection.passage, mtu)) return;
    const { handle, setup, passage } = connection;
    if (setup.step === "up") this.#sink({ type: "mtu", handle, mtu: passage.mtu });
  }

  onValue(bytes: Uint8Array): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    const said = heardGreeting(bytes);
    if (said === undefined) {
      if (connection.setup.step === "up") this.#sink({ type: "value", handle: connection.handle, bytes });
      return;
    }
    hear(connection.passage, said);
    // It greets until it knows that it was heard.
    this.#perform("greet");
    this.#perform(onHeard(connection.setup));
  }

  #perform(effect: ServerSetupEffect): void {
    const connection = this.#connection;
    if (connection === undefined || effect === undefined) return;
    const { handle, peer, passage } = connection;
    switch (effect) {
      case "greet":
        this.#try("greet", () => this.#stack?.notify(greeting(passage)));
        break;
      case "up":
        this.#sink({ type: "connected", handle, role: "server", peer });
        if (passage.mtu > MTU_MIN) this.#sink({ type: "mtu", handle, mtu: passage.mtu });
        if (passage.small) this.#sink({ type: "log", level: 1, text: SMALL_VALUES });
        break;
      case "giveUp":
        this.#sink({ type: "log", level: 1, text: "somebody connected who is no radio" });
        this.#try("disconnect", () => this.#stack?.disconnect());
        break;
      case "gone":
        this.onDisconnected(handle);
        break;
    }
  }

  #startAdvertising(): void {
    this.#advertiseAt = NEVER;
    const ordered = this.#ordered;
    // Beside a connection the nRF52's stack refuses, and the end of it comes here again.
    if (ordered === undefined || this.#connection !== undefined) return;
    this.#silence();
    this.#advertising = true;
    const done = this.#try("advertise", () => this.#stack?.advertise(ordered.intervalMs, ordered.advert));
    if (!done) this.#advertiseAt = this.#clock() + ADVERTISE_AGAIN_MS;
  }

  /** Before the first advertisement the nRF52's stack has nothing that could be stopped, and throws. */
  #silence(): void {
    if (this.#advertising) this.#try("stop advertising", () => this.#stack?.stopAdvertising());
    this.#advertising = false;
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
