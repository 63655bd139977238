/** ESP32-C3-DevKitM-1: a RISC-V core, Bluetooth 5, and a CP2102 bridge on the board. */
import type { Board } from "./board.ts";
import { ESP32_LINE, ESP32_NATIVES, ESP32_POWER, ESP32_UART, NIMBLE } from "./esp32-uart.ts";

export const esp32c3: Board = Object.freeze({
  name: "esp32c3",
  title: "Espressif ESP32-C3-DevKitM-1",
  platform: "esp32/esp32c3",
  chip: "ESP32-C3",
  pins: { transmit: "TX (GPIO21)", receive: "RX (GPIO20)" },
  wirings: [
    { kind: "bridge", words: "A USB cable with data wires to the board's own socket; nothing else." },
    {
      kind: "piHeader",
      words: "Pi header: pin 10 (RXD) to TX, pin 8 (TXD) to RX, pin 6 to GND, pin 2 (5 V) to 5V; no USB cable then.",
    },
  ],
  line: ESP32_LINE,
  ...ESP32_UART,
  ble: {
    ...NIMBLE,
    // With a second one, everything at once would leave a tenth of its memory.
    linksAsClient: 1,
    channelSelection: 2,
    // As in the data sheet.
    sensitivityDbm: { "1M": -97, "2M": -93, codedS2: -100, codedS8: -105 },
  },
  natives: ESP32_NATIVES,
  memory: { kind: "block", bytes: 94_208 },
  flash: {
    bytes: 4_194_304,
    imageSizeMax: 4_194_304 - 0x10000,
    method: { kind: "esptool", chip: "ESP32-C3", chipId: 5, bootloaderOffset: 0 },
  },
  power: ESP32_POWER,
  recovery:
    "Hold the button BOOT, press and let go RST, let go BOOT: the chip waits in its loader. Flash the image again, then press RST. A board that restarts by itself wants a better cable or supply.",
  triedOnHardware: false,
} satisfies Board);
