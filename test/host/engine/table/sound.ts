/** What holds at a table whatever was ordered there. */
import { expect } from "vitest";
import { audit } from "../../../../host/engine/ledger/audit.ts";
import type { House } from "./house.ts";

/** The books balance, what lies on the table is locked for it, the dice lie before somebody, and the state comes whole out of its
 * snapshot. */
export function expectSound(of: House): void {
  expect(audit(of.state.ledger).ok).toBe(true);
  of.state.places.forEach((account, place) => {
    const held = of.rules.game.held(of.state.play.state, place);
    expect(held).toBe(account === undefined ? 0 : of.state.ledger.accounts[account]!.locked);
  });
  // Nobody waits for dice that lie before an empty place.
  const { rolling, shooter } = of.state.play.state;
  const sitting = of.state.places.flatMap((account, place) => (account === undefined ? [] : [place]));
  if (!rolling && sitting.length > 0) expect(sitting).toContain(shooter);
  const bytes = of.machine.snapshot(of.state);
  expect(of.machine.snapshot(of.machine.restore(bytes)!)).toEqual(bytes);
}
