/** The board's UART on the pins that its facts name. */
import Serial from "embedded:io/serial";
import type { OpenSerial, SerialDevice } from "./serial-device.ts";

export interface UartPins {
  readonly transmit: number;
  readonly receive: number;
  readonly port: number;
}

/** Both callbacks are always given: an nRF52 without them dies of its first line error. */
export const uart =
  (pins: UartPins): OpenSerial =>
  (baud, callbacks): SerialDevice =>
    new Serial({
      ...pins,
      baud,
      format: "buffer",
      onReadable: () => callbacks.onReadable(),
      onWritable: (room) => callbacks.onWritable(room),
    });
