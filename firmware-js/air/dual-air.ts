/** Both roles at once, on a board that has proved it: the two airs side by side. Their handles are the one controller's, so
 * that each knows its own. */
import type { ServiceData } from "../modem/events.ts";
import type { PeerAddress } from "../modem/facts.ts";
import type { AirPort, Sink } from "./air-port.ts";

export class DualAir implements AirPort {
  readonly #server: AirPort;
  readonly #client: AirPort;

  constructor(server: AirPort, client: AirPort) {
    this.#server = server;
    this.#client = client;
  }

  advertise(intervalMs: number, advert: ServiceData): void {
    this.#server.advertise(intervalMs, advert);
  }

  stopAdvertising(): void {
    this.#server.stopAdvertising();
  }

  scan(intervalMs: number, windowMs: number): void {
    this.#client.scan(intervalMs, windowMs);
  }

  stopScanning(): void {
    this.#client.stopScanning();
  }

  connect(to: PeerAddress): void {
    this.#client.connect(to);
  }

  cancel(): void {
    this.#client.cancel();
  }

  disconnect(handle: number): void {
    this.#server.disconnect(handle);
    this.#client.disconnect(handle);
  }

  value(handle: number, bytes: Uint8Array): void {
    this.#server.value(handle, bytes);
    this.#client.value(handle, bytes);
  }

  requestParameters(handle: number, intervalMs: number, supervisionMs: number): void {
    this.#client.requestParameters(handle, intervalMs, supervisionMs);
  }

  tick(now: number): number {
    return Math.min(this.#server.tick(now), this.#client.tick(now));
  }
}

/** The server's sink: the client is begun when the server is ready, and its word is that of both. NimBLE has one place for
 * who is told of it, so that of two that begin together the first would wait for ever. */
export function serverFirst(sink: Sink, beginClient: () => void): Sink {
  return (task) => {
    if (task.type === "ready") beginClient();
    else sink(task);
  };
}
