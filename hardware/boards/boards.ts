/** Every board we know. Adding one is a file beside this and a line here. */
import { assert } from "../../protocol/core/assert.ts";
import { BAUDS_MAX, BOARD_NAME_SIZE_MAX, RADIO_LINKS_MAX, SERIAL_SPACE_MIN } from "../../protocol/core/limits.ts";
import type { Board } from "./board.ts";
import { esp32Nodemcu } from "./esp32-nodemcu.ts";
import { esp32c3 } from "./esp32c3.ts";
import { itsybitsyNrf52840 } from "./itsybitsy-nrf52840.ts";
import { nrf52Dk } from "./nrf52-dk.ts";

export const boards = Object.freeze({
  nrf52: nrf52Dk,
  itsybitsy: itsybitsyNrf52840,
  esp32: esp32Nodemcu,
  esp32c3,
} as const satisfies { readonly [name: string]: Board });

export const boardNamed = (name: string): Board | undefined =>
  Object.values(boards).find((board) => board.name === name);

for (const board of Object.values<Board>(boards)) {
  assert(board.receiveSpace >= SERIAL_SPACE_MIN, "a board holds an opening frame");
  assert(
    board.name.length <= BOARD_NAME_SIZE_MAX && board.bauds.length <= BAUDS_MAX,
    "a hello holds the board's facts",
  );
  assert(board.bauds.includes(board.baud), "a board opens at one of its rates");
  assert(
    board.ble.linksAsServer <= RADIO_LINKS_MAX && board.ble.linksAsClient <= RADIO_LINKS_MAX,
    "a radio counts as many links as a board has",
  );
}
