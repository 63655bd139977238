/** What a radio says when it cannot do as it was told, and when it barred a neighbour by itself. A code once given is not
 * given again. */

import { tell } from "./reports.ts";
import type { Modem } from "./state.ts";

const CODES = Object.freeze({
  "no role was told": 1,
  "the board has no such role": 2,
  "the role does not do that": 3,
  "a connection is being made": 4,
  "all links are in use": 5,
  "that neighbour is linked": 6,
  "that neighbour is barred": 7,
  "the connection failed": 8,
  "the list of barred peers is full": 9,
  "that is another boot": 10,
  "a peer was barred": 11,
});
export type Fault = keyof typeof CODES;

/** A command that is not obeyed. */
export function refuse(state: Modem, fault: Fault): void {
  state.counters.commandsRefused += 1;
  tellFault(state, fault);
}

export function tellFault(state: Modem, fault: Fault, more = ""): void {
  tell(state, { type: "fault", code: CODES[fault], text: fault + more });
}
