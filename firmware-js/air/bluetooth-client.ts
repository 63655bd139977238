/** The SDK's BLE client. */
import BLEClient from "bleclient";
import { Bytes } from "btutils";
import type { Characteristic, Client, Service } from "gatt";
import type { PeerAddress } from "../modem/facts.ts";
import { linkCancel, linkForget, linkLengthen } from "../native/radio-link.ts";
import { peerOf, type StackDevice, stackAddress, stackAddressType } from "./address.ts";
import { airUnits } from "./air-units.ts";
import type { ClientCallbacks, ClientStack, Device } from "./stack.ts";

const SERVICE = "9D0A00015F2E4C7B8D1E68617264776A";
const UP = "9D0A00025F2E4C7B8D1E68617264776A";
const DOWN = "9D0A00035F2E4C7B8D1E68617264776A";

/** The SDK keeps 128-bit UUIDs least significant byte first. */
const uuid = (text: string): Bytes => new Bytes(text, true);

class ConnectedDevice implements Device {
  readonly handle: number;
  readonly #client: Client;
  service: Service | undefined;
  up: Characteristic | undefined;
  down: Characteristic | undefined;

  constructor(client: Client) {
    this.#client = client;
    this.handle = client.connection;
  }

  lengthen(): void {
    linkLengthen(this.handle);
  }

  exchangeMtu(mtu: number): void {
    this.#client.exchangeMTU(mtu);
  }

  discoverService(): void {
    this.#client.discoverPrimaryService(uuid(SERVICE));
  }

  discoverCharacteristics(): void {
    this.service?.discoverAllCharacteristics();
  }

  subscribe(): void {
    this.down?.enableNotifications();
  }

  write(bytes: Uint8Array): void {
    // Of a view the SDK would send the whole buffer behind it.
    this.up?.writeWithoutResponse(bytes.slice().buffer);
  }

  readRssi(): void {
    this.#client.readRSSI();
  }

  close(): void {
    this.#client.close();
  }
}

class CentralClient extends BLEClient implements ClientStack {
  readonly #callbacks: ClientCallbacks;
  readonly #cancels: boolean;
  #latest: ConnectedDevice | undefined;

  constructor(callbacks: ClientCallbacks, cancels: boolean) {
    super();
    this.#callbacks = callbacks;
    this.#cancels = cancels;
  }

  scan(intervalMs: number, windowMs: number): void {
    const interval = airUnits(intervalMs);
    const window = Math.min(interval, airUnits(windowMs));
    this.startScanning({ active: false, duplicates: true, filterPolicy: 0, interval, window });
  }

  override connect(to: PeerAddress | Client): void {
    if (!("kind" in to)) return;
    const device = { address: stackAddress(to), addressType: stackAddressType(to) };
    super.connect(device as unknown as Client);
  }

  cancel(): boolean {
    if (this.#cancels) linkCancel();
    return this.#cancels;
  }

  forget(): void {
    linkForget();
  }

  override onReady(): void {
    this.#callbacks.onReady();
  }

  override onDiscovered(device: Client): void {
    const peer = peerOf(device as unknown as StackDevice);
    this.#callbacks.onDiscovered(peer, device.rssi, new Uint8Array(device.scanResponse.buffer));
  }

  override onConnected(client: Client): void {
    const device = new ConnectedDevice(client);
    this.#latest = device;
    this.#callbacks.onConnected(device, peerOf(client as unknown as StackDevice));
  }

  override onDisconnected(client: Client): void {
    this.#callbacks.onDisconnected(client.connection);
  }

  override onMTUExchanged(client: Client, mtu: number): void {
    this.#callbacks.onMtu(client.connection, mtu);
  }

  override onRSSI(client: Client, rssi: number): void {
    this.#callbacks.onRssi(client.connection, rssi);
  }

  override onServices(services: Service[]): void {
    if (this.#latest !== undefined) this.#latest.service = services[0];
    this.#callbacks.onService(services.length > 0);
  }

  override onCharacteristics(characteristics: Characteristic[]): void {
    const device = this.#latest;
    if (device === undefined) return;
    device.up = characteristics.find((each) => uuid(UP).equals(each.uuid));
    device.down = characteristics.find((each) => uuid(DOWN).equals(each.uuid));
    this.#callbacks.onCharacteristics(device.up !== undefined && device.down !== undefined);
  }

  override onCharacteristicNotification(characteristic: Characteristic, value: unknown): void {
    this.#callbacks.onNotification(characteristic.connection, new Uint8Array(value as ArrayBuffer));
  }
}

/** `cancels`: a pending connection can be ended. */
export const bluetoothClient = (callbacks: ClientCallbacks, cancels: boolean): ClientStack =>
  new CentralClient(callbacks, cancels);
