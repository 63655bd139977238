/** What the modem of a board is told of it, and addresses of neighbours. */
import type { BoardFacts, PeerAddress } from "../../../firmware-js/modem/facts.ts";
import type { Board } from "../../../hardware/boards/board.ts";

/** As the virtual board has them, with every native module that the board's makers can build in. */
export function factsOf(board: Board): BoardFacts {
  const { ble, natives } = board;
  const eight = new Uint8Array(8);
  const bit = (flag: boolean) => (flag ? 1 : 0);
  return {
    board: board.name,
    chip: eight,
    build: eight,
    address: { kind: "public", address: eight.subarray(0, 6) },
    receiveSpace: board.receiveSpace,
    bauds: board.bauds,
    baud: board.baud,
    roles: { dual: bit(ble.dualProved), client: bit(ble.client), server: bit(ble.server) },
    links: Math.max(ble.linksAsClient, ble.linksAsServer),
    linksAsServer: Math.max(ble.linksAsClient, ble.linksAsServer),
    linksAsClient: ble.linksAsClient,
    stackQueue: ble.stackQueue,
    intervalMinMs: ble.intervalMinMs,
    intervalMaxMs: ble.intervalMaxMs,
    natives: {
      deepSleep: bit(natives.deepSleep),
      cancel: bit(natives.cancel),
      parameters: bit(natives.parameters),
      crc: bit(natives.crc),
    },
  };
}

export const peer = (number: number): PeerAddress => ({
  kind: "random",
  address: Uint8Array.of(0xc0, 0, 0, number >> 16, number >> 8, number),
});
