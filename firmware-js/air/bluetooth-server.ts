/** The SDK's BLE server, which has one service, declared in bleservices/radio.json, and one connection. */
import BLEServer from "bleserver";
import type { Bytes } from "btutils";
import type { Characteristic, Client } from "gatt";
import { encode } from "../../protocol/bytes/codec.ts";
import { SERVICE_UUID } from "../../protocol/radio/advertisement.ts";
import { Advert } from "../../protocol/radio/fields.ts";
import type { ServiceData } from "../modem/events.ts";
import { linkLengthen } from "../native/radio-link.ts";
import { peerOf, type StackDevice } from "./address.ts";
import { airUnits } from "./air-units.ts";
import type { ServerCallbacks, ServerStack } from "./stack.ts";

/** Connectable by anybody, no classic Bluetooth. */
const FLAGS = 0x06;

class Server extends BLEServer implements ServerStack {
  readonly #callbacks: ServerCallbacks;
  #down: Characteristic | undefined;

  constructor(callbacks: ServerCallbacks) {
    super();
    this.#callbacks = callbacks;
  }

  setName(name: string): void {
    this.deviceName = name;
  }

  advertise(intervalMs: number, advert: ServiceData): void {
    const uuid = Uint8Array.from(SERVICE_UUID).buffer as unknown as Bytes;
    const data = encode(Advert, advert).slice() as unknown as number[];
    const units = airUnits(intervalMs);
    // The published typings lack the interval.
    const options = {
      advertisingData: { flags: FLAGS, serviceDataUUID128: { uuid, data } },
      interval: { min: units, max: units },
    };
    this.startAdvertising(options);
  }

  lengthen(handle: number): void {
    linkLengthen(handle);
  }

  notify(bytes: Uint8Array): void {
    // Of a view the SDK would send the whole buffer behind it.
    if (this.#down !== undefined) this.notifyValue(this.#down, bytes.slice().buffer);
  }

  override onReady(): void {
    this.#callbacks.onReady();
  }

  override onConnected(device: Client): void {
    this.#down = undefined;
    this.#callbacks.onConnected(device.connection, peerOf(device as unknown as StackDevice));
  }

  override onDisconnected(device: Client): void {
    this.#down = undefined;
    this.#callbacks.onDisconnected(device.connection);
  }

  override onCharacteristicNotifyEnabled(characteristic: Characteristic): void {
    this.#down = characteristic;
    this.#callbacks.onSubscribed();
  }

  override onCharacteristicWritten(_characteristic: Characteristic, value: ArrayBuffer): void {
    this.#callbacks.onValue(new Uint8Array(value));
  }

  /** Called by the SDK, though its typings do not say so. */
  onMTUExchanged(mtu: number): void {
    this.#callbacks.onMtu(mtu);
  }
}

export const bluetoothServer = (callbacks: ServerCallbacks): ServerStack => new Server(callbacks);
