/** What a modem is told of the board that it runs on: on a board through the image's configuration, in a model as it is. What
 * differs from piece to piece, and with what was built in, is not of the kind. */
import type { BoardFacts } from "../../firmware-js/modem/facts.ts";
import type { Board } from "./board.ts";

export type RadioFacts = Omit<BoardFacts, "chip" | "build" | "address" | "natives">;

export function radioFacts({ name, receiveSpace, bauds, baud, ble }: Board): RadioFacts {
  const bit = (flag: boolean) => (flag ? 1 : 0);
  const { linksAsServer, linksAsClient, stackQueue, intervalMinMs, intervalMaxMs } = ble;
  return {
    board: name,
    receiveSpace,
    bauds,
    baud,
    roles: { dual: bit(ble.dualProved), client: bit(ble.client), server: bit(ble.server) },
    links: Math.max(linksAsClient, linksAsServer),
    linksAsServer,
    linksAsClient,
    stackQueue,
    intervalMinMs,
    intervalMaxMs,
  };
}
