/** The long form of what boards.test.ts holds on every run, and how many links each board could serve: prints, judges nothing.
 * Several minutes. */
import type { Board } from "../../hardware/boards/board.ts";
import { boards } from "../../hardware/boards/boards.ts";
import { distinct, row, runRecorded, TITLES } from "./board.ts";
import { EVERYTHING, full, loadsOf } from "./traffic/loads.ts";

const TIMES = 8;
const LINKS_MAX = 5;

for (const board of distinct(Object.values<Board>(boards))) {
  console.log(`${board.title}\n${TITLES}`);
  for (const load of [...loadsOf(board), EVERYTHING]) {
    console.log(row(load.name, runRecorded(load.run(board, TIMES), board.memory)));
  }
  for (let links = 1; links <= LINKS_MAX; links++) {
    console.log(row(`both directions full, ${links} links`, runRecorded(full(board, links, 10_000), board.memory)));
  }
}
