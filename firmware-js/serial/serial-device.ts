/** The UART as the SDK gives it, of which the port uses just this. */

export interface SerialDevice {
  /** All that is there, in a buffer of its own; undefined: nothing. With an argument the boards differ: the nRF52 throws when
   * asked for more than it has, the ESP32 answers a number. */
  read(): ArrayBuffer | number | undefined;
  /** Throws where it does not fit whole. */
  write(bytes: Uint8Array): void;
  close(): void;
}

export interface SerialCallbacks {
  onReadable(): void;
  /** So many bytes find room now. */
  onWritable(room: number): void;
}

export type OpenSerial = (baud: number, callbacks: SerialCallbacks) => SerialDevice;
