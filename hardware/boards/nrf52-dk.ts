/** Nordic's nRF52840 development kit (PCA10056). Its USB socket beside the debugger's chip is the debugger's: that bridge
 * corrupts transfers above 64 B and may hold the UART, so the radio's wire goes to two pins of their own. */
import type { Board } from "./board.ts";
import { NRF52_BLE, NRF52_MEMORY, NRF52_NATIVES, NRF52_POWER, NRF52_UART } from "./nrf52-ble.ts";

export const nrf52Dk: Board = Object.freeze({
  name: "nrf52-dk",
  title: "Nordic nRF52840 DK",
  platform: "nrf52/dk",
  chip: "nRF52840",
  pins: { transmit: "P0.31", receive: "P0.30" },
  wirings: [
    { kind: "adapter", words: "3.3 V USB-UART adapter: its RX to P0.31, its TX to P0.30, ground to ground." },
    { kind: "piHeader", words: "Pi header: pin 10 (RXD) to P0.31, pin 8 (TXD) to P0.30, pin 6 to GND; /dev/serial0." },
  ],
  line: { dtr: "unconnected", rts: "unconnected" },
  ...NRF52_UART,
  ble: NRF52_BLE,
  natives: NRF52_NATIVES,
  memory: NRF52_MEMORY,
  flash: {
    bytes: 1_048_576,
    // Behind the master boot record and SoftDevice S140 v7, before the settings pages at 0xf4000.
    imageSizeMax: 0xf4000 - 0x27000,
    method: {
      kind: "vendorTool",
      tool: "nrfutil",
      // Unless it is told otherwise, nrfutil erases the whole chip, its SoftDevice too, verifies nothing and leaves it halted.
      words:
        "Connect the debugger's USB socket, then: nrfutil device program --firmware IMAGE.hex --options chip_erase_mode=ERASE_RANGES_TOUCHED_BY_FIRMWARE,verify=VERIFY_READ,reset=RESET_SYSTEM",
    },
  },
  power: NRF52_POWER,
  recovery:
    "Set the power switch off and on. If it stays silent, connect the debugger's USB socket and run: nrfutil device recover; then flash the image again. That erases the board.",
  triedOnHardware: false,
} satisfies Board);
