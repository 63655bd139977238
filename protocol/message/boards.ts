/** What a member's radios can do, so that all hosts of a table reckon the same plan of links. */
import { about, type ValueOf } from "../bytes/codec.ts";
import { choice, list, struct } from "../bytes/compound.ts";
import { bool, byteUpTo } from "../bytes/numbers.ts";
import { BOARD_LINKS_MAX, BOARDS_MAX } from "./limits.ts";

export const Board = struct("Board", {
  role: about(choice("BoardRole", { server: 1, client: 2, dual: 3 }), "as it runs: another costs it all links"),
  linksAsServer: about(byteUpTo(BOARD_LINKS_MAX), "0 where it accepts none"),
  linksAsClient: about(byteUpTo(BOARD_LINKS_MAX), "0 where it opens none"),
  isDualProved: about(bool, "it was seen to accept and open links at once"),
});
export type Board = ValueOf<typeof Board>;

export const Boards = struct("Boards", { boards: list(Board, BOARDS_MAX) });
export type Boards = ValueOf<typeof Boards>;
