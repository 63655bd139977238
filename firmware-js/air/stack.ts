/** The two BLE stacks of the SDK as the air ports use them: just these calls and callbacks, so that a test can play them. */
import type { ServiceData } from "../modem/events.ts";
import type { PeerAddress } from "../modem/facts.ts";

export interface ServerCallbacks {
  onReady(): void;
  onConnected(handle: number, peer: PeerAddress): void;
  onDisconnected(handle: number): void;
  onSubscribed(): void;
  onValue(bytes: Uint8Array): void;
  onMtu(mtu: number): void;
}

/** One connection at a time. Each call may throw, as the SDK's do when the stack refuses. */
export interface ServerStack {
  setName(name: string): void;
  advertise(intervalMs: number, advert: ServiceData): void;
  stopAdvertising(): void;
  /** Asks for packets on the air that take a value whole. */
  lengthen(handle: number): void;
  /** To whoever subscribed. */
  notify(bytes: Uint8Array): void;
  disconnect(): void;
}

export interface ClientCallbacks {
  onReady(): void;
  onDiscovered(peer: PeerAddress, rssi: number, data: Uint8Array): void;
  onConnected(device: Device, peer: PeerAddress): void;
  onDisconnected(handle: number): void;
  onMtu(handle: number, mtu: number): void;
  onRssi(handle: number, rssi: number): void;
  /** Of the one discovery that is under way. */
  onService(found: boolean): void;
  onCharacteristics(found: boolean): void;
  onNotification(handle: number, bytes: Uint8Array): void;
}

/** A server that this client is connected to. */
export interface Device {
  readonly handle: number;
  /** Asks for packets on the air that take a value whole. */
  lengthen(): void;
  exchangeMtu(mtu: number): void;
  discoverService(): void;
  discoverCharacteristics(): void;
  subscribe(): void;
  write(bytes: Uint8Array): void;
  readRssi(): void;
  close(): void;
}

export interface ClientStack {
  scan(intervalMs: number, windowMs: number): void;
  stopScanning(): void;
  connect(to: PeerAddress): void;
  /** False: this board cannot. */
  cancel(): boolean;
  /** An attempt came to nothing, and no connection can be coming of it any more. */
  forget(): void;
}

/** What only native code can do; absent where it is not built in. */
export interface StackCalls {
  requestParameters(handle: number, intervalMs: number, supervisionMs: number): boolean;
  /** Of a connection now; 0: unknown. */
  intervalMs(handle: number): number;
  cancelConnect(): boolean;
}
