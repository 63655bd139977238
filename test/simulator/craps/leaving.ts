/** A partial tells its hearers what the dice of its bets will be: it must not leave before those bets are committed where it is
 * said, and written down there. */
import { checkPartial, rollPoint } from "../../../host/engine/dice/partial.ts";
import type { Message } from "../../../protocol/message/kinds.ts";
import { broken } from "../invariants/violation.ts";
import type { Kiosk, Sim } from "../sim.ts";
import { saidIn } from "./own.ts";
import type { CrapsTable } from "./table.ts";

export function checkLeaving(sim: Sim, of: CrapsTable, kiosk: Kiosk, message: Message): void {
  if (message.type !== "randomnessReveal") return;
  const said = saidIn(message);
  if (said === undefined) return;
  const { place } = kiosk;
  const lock = of.locks[place].get(said.roll);
  const early: (why: string) => never = (why) =>
    broken("bets before partials", `kiosk ${place} says its partial of roll ${said.roll}: ${why}`, sim);
  if (lock?.verifying === undefined) early("it has executed no such lock");
  const { group } = of.rules.ports;
  if (checkPartial(group, lock.input, rollPoint(group, lock.input), lock.verifying, said.partial) !== undefined) {
    early("it is of other bets");
  }
  if (sim.checker.ledger.entries.length < lock.by) early("nobody has executed so far");
  if (!isWritten(kiosk, lock.by)) early(`what decides its lock, by ${lock.by}, is not on its disk`);
}

/** On the disk for good: a decision or a stable checkpoint that covers it. */
function isWritten({ disk }: Kiosk, sequence: number): boolean {
  for (let at = disk.durable - 1; at >= 0; at--) {
    const record = disk.records[at];
    if (record.type === "decided" && record.certificate.sequence >= sequence) return true;
    if (record.type === "stable" && record.proof.header.sequence >= sequence) return true;
  }
  return false;
}
