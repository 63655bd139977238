/** What the modem of a board is told of it, and addresses of neighbours. */
import type { BoardFacts, PeerAddress } from "../../../firmware-js/modem/facts.ts";
import type { Board } from "../../../hardware/boards/board.ts";
import { radioFacts } from "../../../hardware/boards/radio-facts.ts";

/** As the virtual board has them, with every native module that the board's makers can build in. */
export function factsOf(board: Board): BoardFacts {
  const eight = new Uint8Array(8);
  const bit = (flag: boolean) => (flag ? 1 : 0);
  const { deepSleep, cancel, parameters, crc } = board.natives;
  const facts = radioFacts(board);
  return {
    ...facts,
    // Its neighbours all dial, whichever role has more links.
    linksAsServer: facts.links,
    chip: eight,
    build: eight,
    address: { kind: "public", address: eight.subarray(0, 6) },
    natives: { deepSleep: bit(deepSleep), cancel: bit(cancel), parameters: bit(parameters), crc: bit(crc) },
  };
}

export const peer = (number: number): PeerAddress => ({
  kind: "random",
  address: Uint8Array.of(0xc0, 0, 0, number >> 16, number >> 8, number),
});
