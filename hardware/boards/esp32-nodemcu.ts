/** NodeMCU-32S and its many likes: an ESP32-WROOM-32 with a CP2102 or CH340 bridge on the board. */
import type { Board } from "./board.ts";
import { ESP32_LINE, ESP32_NATIVES, ESP32_POWER, ESP32_UART, NIMBLE } from "./esp32-uart.ts";

export const esp32Nodemcu: Board = Object.freeze({
  name: "esp32-nodemcu",
  title: "ESP32 NodeMCU-32S",
  platform: "esp32/nodemcu",
  chip: "ESP32",
  pins: { transmit: "TX (GPIO1)", receive: "RX (GPIO3)" },
  wirings: [
    { kind: "bridge", words: "A USB cable with data wires to the board's own socket; nothing else." },
    {
      kind: "piHeader",
      words: "Pi header: pin 10 (RXD) to TX, pin 8 (TXD) to RX, pin 6 to GND, pin 2 (5 V) to VIN; no USB cable then.",
    },
  ],
  line: ESP32_LINE,
  ...ESP32_UART,
  // Bluetooth 4.2: one physical layer, and the older way of choosing channels. Sensitivity as in the data sheet.
  ble: { ...NIMBLE, channelSelection: 1, sensitivityDbm: { "1M": -93 } },
  natives: ESP32_NATIVES,
  memory: { kind: "split", chunkBytes: 78_848, heapSlots: 4928, stackSlots: 512 },
  flash: {
    bytes: 4_194_304,
    imageSizeMax: 4_194_304 - 0x10000,
    method: { kind: "esptool", chip: "ESP32", chipId: 0, bootloaderOffset: 0x1000 },
  },
  power: ESP32_POWER,
  recovery:
    "Hold the button BOOT (IO0), press and let go EN (RST), let go BOOT: the chip waits in its loader. Flash the image again, then press EN. A board that restarts by itself wants a better cable or supply.",
  triedOnHardware: false,
} satisfies Board);
