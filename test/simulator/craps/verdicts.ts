/** Whatever the table holds against anybody is held against those who are faulty. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { broken } from "../invariants/violation.ts";
import { isHonest, type Sim } from "../sim.ts";
import type { CrapsTable, State } from "./table.ts";

export function checkVerdicts(sim: Sim, of: CrapsTable, { dice, outcasts, judge, stakes, ledger }: State): void {
  const blamed = (key: Uint8Array, what: string): void => {
    const kiosk = sim.kiosks.find(({ identity }) => bytesEqual(identity.key, key));
    if (kiosk !== undefined && isHonest(kiosk)) {
      broken("evidence names the faulty", `honest ${kiosk.place} ${what}`, sim);
    }
  };
  dice.members.forEach(({ key }, member) => {
    if (((dice.excluded >> member) & 1) === 1) blamed(key, "deals no more");
  });
  for (const key of outcasts) blamed(key, "has lost its seat");
  of.tally["convictions"] = Math.max(of.tally["convictions"] ?? 0, judge.book.entries.length);
  for (const { key } of judge.book.entries) blamed(key, "is in the book");
  for (const { account, slashes } of stakes.stakers) {
    if (slashes.length === 0) continue;
    of.tally["slashes"] = Math.max(of.tally["slashes"] ?? 0, slashes.length);
    const player = of.players.find(({ owner }) => bytesEqual(owner, ledger.accounts[account].owner));
    if (player !== undefined) blamed(sim.identities[player.place].key, "has paid");
  }
  const left = sim.plan.mishaps.flatMap((mishap) => (mishap.kind === "leave" ? [mishap.kiosk] : []));
  for (const place of sim.plan.founders) {
    const { key } = sim.identities[place];
    const isMember = dice.members.some((member) => bytesEqual(member.key, key));
    if (!isMember && !left.includes(place)) blamed(key, "is no member any more");
  }
}
