/** Commands that are not obeyed, and other faults that the host must hear of. */
import { FAULT_CODES, type Fault } from "../../protocol/radio/fault-code.ts";
import { tell } from "./reports.ts";
import type { Modem } from "./state.ts";

export function refuse(state: Modem, fault: Fault): void {
  state.counters.commandsRefused += 1;
  tellFault(state, fault);
}

export function tellFault(state: Modem, fault: Fault, more = ""): void {
  tell(state, { type: "fault", code: FAULT_CODES[fault], text: fault + more });
}
