/** Adafruit's ItsyBitsy nRF52840 Express, which stands for the boards with Adafruit's bootloader: an image is a file that is
 * copied. Its USB socket is the bootloader's and the debugger's, so the radio's wire goes to its TX and RX pins. */
import type { Board } from "./board.ts";
import { NRF52_BLE, NRF52_MEMORY, NRF52_NATIVES, NRF52_POWER, NRF52_UART } from "./nrf52-ble.ts";

export const itsybitsyNrf52840: Board = Object.freeze({
  name: "itsybitsy-nrf52840",
  title: "Adafruit ItsyBitsy nRF52840 Express",
  platform: "nrf52/itsybitsy",
  chip: "nRF52840",
  pins: { transmit: "TX (P0.24)", receive: "RX (P0.25)" },
  wirings: [
    { kind: "adapter", words: "3.3 V USB-UART adapter: its RX to pin TX, its TX to pin RX, ground to G." },
    { kind: "piHeader", words: "Pi header: pin 10 (RXD) to pin TX, pin 8 (TXD) to pin RX, pin 6 to G; /dev/serial0." },
  ],
  line: { dtr: "unconnected", rts: "unconnected" },
  ...NRF52_UART,
  ble: NRF52_BLE,
  natives: NRF52_NATIVES,
  memory: NRF52_MEMORY,
  flash: {
    bytes: 1_048_576,
    imageSizeMax: 0xef000 - 0x26000,
    method: {
      kind: "uf2",
      family: 0xada52840,
      bases: { s140v6: 0x26000, s140v7: 0x27000 },
      // Adafruit's comes with the board and brings S140 6.1.1, too old for the SDK, which links at 0x27000; the SDK's own
      // fork brings S140 7.2.0.
      bootloaders: [
        { boardId: "nRF52840-ItsyBitsy-revA", volume: "ITSY840BOOT", end: 0xea000 },
        { boardId: "moddable_itsybitsy-v1", volume: "MODDABLEnRF", end: 0xef000 },
      ],
    },
  },
  power: NRF52_POWER,
  recovery:
    "Press the button RESET twice within half a second: the light pulses and the volume ITSY840BOOT or MODDABLEnRF appears. Flash the image again. If no volume appears, try another USB cable: many only charge.",
  triedOnHardware: false,
} satisfies Board);
