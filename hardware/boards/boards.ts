/** The facts of a board that a program needs; one entry a chip. */
import { assert } from "../../protocol/core/assert.ts";
import { SERIAL_SPACE_MIN } from "../../protocol/core/limits.ts";

export interface Board {
  readonly chip: string;
  /** Unread bytes that the UART holds while JavaScript is busy. */
  readonly receiveSpace: number;
  readonly transmitSpace: number;
  /** Estimated from instruction counts: what one full packet costs the board's JavaScript. */
  readonly packetMs: number;
  /** GATT values that the BLE stack queues; one more is dropped in silence. */
  readonly stackQueue: number;
}

export const boards = {
  /** 256 B and 768 B are the SDK's own buffers around one-byte DMA. */
  nrf52: { chip: "nRF52840", receiveSpace: 256, transmitSpace: 768, packetMs: 12.5, stackQueue: 1 },
  /** The hardware FIFO of the UART, with no ring behind it. */
  esp32: { chip: "ESP32", receiveSpace: 128, transmitSpace: 128, packetMs: 5, stackQueue: 4 },
} as const satisfies { readonly [name: string]: Board };

for (const board of Object.values(boards))
  assert(board.receiveSpace >= SERIAL_SPACE_MIN, "a board holds an opening frame");
