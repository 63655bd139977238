/** What the bench asks of a radio and of the place it stands in; behind it are a driver on a port, or a test's own. */

import type { Order } from "../../host/radio/events.ts";
import type { Told } from "../../host/radio/run-driver.ts";
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import type { LinkGeneration, Millis } from "../../protocol/core/units.ts";
import type { Hello } from "../../protocol/radio/hello.ts";
import type { MapRadio } from "./hardware-map.ts";

export interface BenchRadio {
  /** While it is up. */
  readonly hello: () => Hello | undefined;
  /** Plain words about what it is at. */
  readonly words: () => string;
  /** The rate of its port; undefined where that has none. */
  readonly baud: () => number | undefined;
  readonly order: (order: Order) => void;
  /** Settled once, under this name. */
  readonly send: (id: number, link: LinkGeneration, packetClass: PacketClass, packet: Uint8Array) => void;
  /** What the bench does about what it says; replaced for each point. */
  on: (told: Told) => void;
  readonly close: () => void;
}

export interface BenchPlace {
  /** Time stands still there but for `wait`. */
  readonly isVirtual: boolean;
  readonly now: () => Millis;
  /** Until it is done, the time is up, or somebody breaks it off; answers whether it is done. */
  readonly wait: (ms: number, done: () => boolean, signal?: AbortSignal) => Promise<boolean>;
  /** `testsWire`: its driver tests the wire and takes the best rate. */
  readonly open: (radio: MapRadio, testsWire: boolean) => BenchRadio;
  /** Of its virtual radios. */
  readonly attenuate: (radio: MapRadio, db: number) => void;
  readonly power: (radio: MapRadio, on: boolean) => void;
  readonly close: () => void;
}
