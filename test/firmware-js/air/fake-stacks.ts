/** One server and any clients of it, as the SDK's stacks behave: what they queue, what they keep to themselves, where they
 * throw. Values take a moment each way. */

import type {
  ClientCallbacks,
  ClientStack,
  Device,
  ServerCallbacks,
  ServerStack,
} from "../../../firmware-js/air/stack.ts";
import type { ServiceData } from "../../../firmware-js/modem/events.ts";
import type { PeerAddress } from "../../../firmware-js/modem/facts.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { advertisement } from "../../../protocol/radio/advertisement.ts";

export class Ether {
  now = 0;
  readonly #coming: { readonly at: number; readonly act: () => void }[] = [];
  /** What is lost of values and subscriptions, by the order in which they are said. */
  lose: (what: "subscription" | "down" | "up") => boolean = () => false;

  later(ms: number, act: () => void): void {
    this.#coming.push({ at: this.now + ms, act });
  }

  get nextAt(): number {
    return this.#coming.reduce((at, each) => Math.min(at, each.at), Number.POSITIVE_INFINITY);
  }

  run(): void {
    for (;;) {
      const due = this.#coming.findIndex(({ at }) => at <= this.now);
      if (due < 0) return;
      this.#coming.splice(due, 1)[0].act();
    }
  }
}

const AIR_MS = 20;

/** Each packet of the air comes with a buffer of its own, and NimBLE's program gets the first. */
const onAir = (bytes: Uint8Array, lengthened: boolean): Uint8Array => (lengthened ? bytes.slice() : bytes.slice(0, 20));

export class FakeServer implements ServerStack {
  readonly ether: Ether;
  readonly address: PeerAddress;
  callbacks: ServerCallbacks | undefined;
  name = "";
  advertising: { readonly intervalMs: number; readonly advert: ServiceData } | undefined;
  everAdvertised = false;
  client: FakeClient | undefined;
  subscribed = false;
  readonly handle = 7;
  /** As some stack's program hears nothing of the exchange. */
  tellsMtu = true;
  readonly refused: string[] = [];
  lengthened = false;
  lengthens = true;
  /** How long its program takes to hear of a connection. */
  busyMs = 0;
  knows = false;
  /** A connection that does not end for being told to. */
  clings = false;

  constructor(ether: Ether, address: PeerAddress) {
    this.ether = ether;
    this.address = address;
  }

  begin(callbacks: ServerCallbacks): this {
    this.callbacks = callbacks;
    this.ether.later(60, () => callbacks.onReady());
    return this;
  }

  setName(name: string): void {
    this.name = name;
  }

  advertise(intervalMs: number, advert: ServiceData): void {
    // The nRF52's refuses both beside a connection and while it advertises.
    if (this.client !== undefined || this.advertising !== undefined) throw new Error("ble start advertising failed");
    this.advertising = { intervalMs, advert };
    this.everAdvertised = true;
  }

  stopAdvertising(): void {
    if (!this.everAdvertised) throw new Error("ble stop advertising failed");
    this.advertising = undefined;
  }

  lengthen(handle: number): void {
    assert(handle === this.handle, "the connection that there is");
    this.lengthened = this.lengthens;
  }

  notify(bytes: Uint8Array): void {
    const { client } = this;
    if (client === undefined || !this.subscribed || this.ether.lose("down")) return;
    const copy = onAir(bytes, this.lengthened);
    this.ether.later(AIR_MS, () => client.connected && client.callbacks?.onNotification(client.handle, copy));
  }

  disconnect(): void {
    if (!this.clings) this.client?.hangUp();
  }
}

export class FakeClient implements ClientStack {
  readonly ether: Ether;
  readonly address: PeerAddress;
  readonly server: FakeServer;
  readonly handle = 3;
  callbacks: ClientCallbacks | undefined;
  connected = false;
  scanning = false;
  pending = false;
  /** NimBLE's: no end of a pending connection, and a scan that connect leaves marked. */
  readonly nimble: boolean;
  /** NimBLE's closes itself when nobody uses it: a scan counts as one use, of which connect and stop each take one back. */
  uses = 1;
  tellsMtu = true;
  serves = true;
  answersDiscovery = true;
  lengthened = false;
  lengthens = true;
  /** Whom the nRF52's dialled, and does not dial while it has a record of him. */
  readonly #records: PeerAddress[] = [];

  constructor(ether: Ether, address: PeerAddress, server: FakeServer, nimble = false) {
    this.ether = ether;
    this.address = address;
    this.server = server;
    this.nimble = nimble;
  }

  begin(callbacks: ClientCallbacks): this {
    this.callbacks = callbacks;
    this.ether.later(60, () => callbacks.onReady());
    return this;
  }

  scan(): void {
    if (this.uses === 0) throw new Error("instance closed");
    if (this.nimble && this.scanning) throw new Error("already scanning");
    this.scanning = true;
    this.uses += 1;
    const see = (): void => {
      if (!this.scanning) return;
      const { advertising } = this.server;
      if (advertising !== undefined) {
        this.callbacks?.onDiscovered(this.server.address, -60, advertisement(advertising.advert));
      }
      this.ether.later(100, see);
    };
    this.ether.later(100, see);
  }

  stopScanning(): void {
    if (this.scanning) this.uses -= 1;
    this.scanning = false;
  }

  connect(to: PeerAddress): void {
    assert(!this.pending && !this.connected, "one attempt at a time");
    if (this.scanning) this.uses -= 1;
    if (!this.nimble) this.scanning = false;
    const has = (one: PeerAddress): boolean => to.address.every((byte, i) => byte === one.address[i]);
    if (!this.nimble && this.#records.some(has)) return;
    this.#records.push(to);
    this.pending = true;
    const same = has(this.server.address);
    this.ether.later(30, () => {
      if (!this.pending || !same || this.server.advertising === undefined) return;
      this.pending = false;
      this.connected = true;
      this.server.advertising = undefined;
      this.server.client = this;
      this.server.subscribed = false;
      this.server.lengthened = false;
      this.lengthened = false;
      this.server.knows = false;
      this.ether.later(this.server.busyMs, () => {
        this.server.knows = true;
        this.server.callbacks?.onConnected(this.server.handle, this.address);
      });
      this.callbacks?.onConnected(this.#device(), this.server.address);
    });
  }

  cancel(): boolean {
    if (this.nimble) return false;
    this.pending = false;
    return true;
  }

  forget(): void {
    assert(!this.pending && !this.connected, "a connection that comes without a record ends the program");
    this.#records.length = 0;
  }

  hangUp(): void {
    if (!this.connected) return;
    this.connected = false;
    this.#records.length = 0;
    this.server.client = undefined;
    this.ether.later(AIR_MS, () => {
      this.server.callbacks?.onDisconnected(this.server.handle);
      this.callbacks?.onDisconnected(this.handle);
    });
  }

  #device(): Device {
    const { ether, server } = this;
    const soon = (act: () => void): void => ether.later(AIR_MS, () => this.connected && act());
    return {
      handle: this.handle,
      lengthen: () => {
        this.lengthened = this.lengthens;
      },
      exchangeMtu: (mtu) =>
        soon(() => {
          // The nRF52's answer goes to the connection that its program knows; no other request is answered after none.
          if (!server.knows) this.answersDiscovery = false;
          if (!server.knows) return;
          if (server.tellsMtu) server.callbacks?.onMtu(mtu);
          if (this.tellsMtu) this.callbacks?.onMtu(this.handle, mtu);
        }),
      discoverService: () => soon(() => this.answersDiscovery && this.callbacks?.onService(this.serves)),
      discoverCharacteristics: () => soon(() => this.callbacks?.onCharacteristics(true)),
      subscribe: () => {
        if (ether.lose("subscription")) return;
        soon(() => {
          server.subscribed = true;
          server.callbacks?.onSubscribed();
        });
      },
      write: (bytes) => {
        if (ether.lose("up")) return;
        const copy = onAir(bytes, this.lengthened);
        soon(() => server.callbacks?.onValue(copy));
      },
      readRssi: () => this.callbacks?.onRssi(this.handle, -61),
      close: () => this.hangUp(),
    };
  }
}
