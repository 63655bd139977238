/** A radio on the bench by way of the driver that kiosks use, so that what is measured is what they get. */

import type { OpenPort } from "../../host/radio/port.ts";
import { runDriver } from "../../host/radio/run-driver.ts";
import type { Hello } from "../../protocol/radio/hello.ts";
import type { Clock } from "../virtual/fronts/clock.ts";
import type { BenchRadio } from "./bench-radio.ts";
import type { MapRadio } from "./hardware-map.ts";

export interface DriverPorts {
  readonly clock: Clock;
  readonly ports: OpenPort;
  readonly seed?: number;
  /** Something was told: whoever waits for it looks again. */
  readonly told: () => void;
}

export function driverRadio(radio: MapRadio, testsWire: boolean, from: DriverPorts): BenchRadio {
  const { clock, ports, seed } = from;
  let hello: Hello | undefined;
  let words = "it was not opened";
  const made: BenchRadio = {
    hello: () => hello,
    words: () => words,
    baud: () => (running.state.baudMax === undefined ? undefined : running.state.baud),
    order: (order) => running.order(order),
    send: (id, link, packetClass, packet) => running.send(id, link, packetClass, packet),
    on() {},
    close: () => running.close(),
  };
  const { baud, line } = radio.facts;
  const running = runDriver({
    device: radio.place,
    clock,
    ports,
    board: { baud, line },
    testsWire,
    ...(seed === undefined ? {} : { seed }),
    on(told) {
      if (told.type === "up") hello = told.hello;
      else if (told.type === "down") hello = undefined;
      else if (told.type === "state") words = told.state.words;
      made.on(told);
      from.told();
    },
  });
  return made;
}
