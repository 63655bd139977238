/** Two radios of our boards in one air, and what that told of them. */
import type { BleFacts } from "../../../../hardware/boards/board.ts";
import { boards } from "../../../../hardware/boards/boards.ts";
import type { AirEffect } from "../../../../hardware/virtual/air/events.ts";
import { Run, radiosOf } from "./measure.ts";

export const NRF = boards.nrf52.ble;
export const ESP = boards.esp32.ble;
export const ADVERT = Uint8Array.of(1, 2, 3);
export const of = <T extends AirEffect["type"]>(run: Run, type: T) =>
  run.effects.filter((effect): effect is Extract<AirEffect, { type: T }> => effect.type === type);
export const ignored = (run: Run) => of(run, "ignored").map(({ why }) => why);
export const pairOf = (client: BleFacts, server: BleFacts) => new Run({ radios: radiosOf(client, server) });
