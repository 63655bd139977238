/** The table's machine as an honest kiosk runs it: after everything that it executes the chips are counted, and each roll is the
 * roll that it is everywhere else. */

import { RollProof } from "../../../host/engine/dice/roll-proof.ts";
import { verifyRoll } from "../../../host/engine/dice/verify-roll.ts";
import { audit } from "../../../host/engine/ledger/audit.ts";
import { worthOf } from "../../../host/engine/ledger/ledger.ts";
import type { Machine, Operation } from "../../../host/engine/machine.ts";
import { TableAnswer } from "../../../host/engine/table/answer.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { AgreedMillis } from "../../../protocol/core/units.ts";
import { broken } from "../invariants/violation.ts";
import type { CrapsTable, End, State } from "./table.ts";

export function watched(of: CrapsTable, place: number): Machine<State> {
  const { machine } = of;
  return {
    ...machine,
    execute(state: State, operation: Operation): Uint8Array {
      const { key } = state.dice;
      const bytes = machine.execute(state, operation);
      checkChips(of, place, state);
      checkTurn(of, place, state);
      const answer = decode(TableAnswer, bytes);
      if (!answer.ok) return broken("answers", `kiosk ${place} gives one that cannot be read`, of.where);
      const { value } = answer;
      if (value.type === "voided") ended(of, place, value.roll, { type: "void" });
      else if (value.type === "rolled") {
        const proof = state.rolls.at(-1);
        if (proof === undefined)
          broken("identical dice", `kiosk ${place} keeps no proof of roll ${value.roll}`, of.where);
        if (!of.ends.has(value.roll)) checkProof(of, place, state, proof, key);
        ended(of, place, value.roll, { ...value, input: proof.input });
      }
      return bytes;
    },
    advance(state: State, time: AgreedMillis): void {
      machine.advance(state, time);
      checkChips(of, place, state);
    },
  };
}

/** Every chip is in one place, what is locked lies on the table, and none was made. */
function checkChips(of: CrapsTable, place: number, state: State): void {
  const { ledger } = state;
  const found = audit(ledger);
  if (!found.ok) broken("chips conserved", `at kiosk ${place}: ${found.why}, ${found.difference}`, of.where);
  let sum = ledger.bank + ledger.pool + ledger.burned;
  let locked = 0;
  for (const account of ledger.accounts) {
    sum += worthOf(account);
    locked += account.locked;
  }
  if (sum !== of.rules.bank + of.rules.pool) broken("chips conserved", `at kiosk ${place}: ${sum} chips`, of.where);
  let held = 0;
  for (let seat = 0; seat < of.rules.places; seat++) held += of.rules.game.held(state.play.state, seat);
  if (held !== locked) broken("chips conserved", `at kiosk ${place}: ${locked} locked, ${held} on the table`, of.where);
}

/** Nobody waits for dice that lie before an empty place. */
function checkTurn(of: CrapsTable, place: number, { play, places }: State): void {
  const { rolling, shooter } = play.state;
  if (rolling || places[shooter] !== undefined || places.every((account) => account === undefined)) return;
  broken("somebody has the dice", `at kiosk ${place} they lie at empty place ${shooter}`, of.where);
}

/** From the proof and the members' keys alone. */
function checkProof(
  of: CrapsTable,
  place: number,
  { dice }: State,
  proof: RollProof,
  held: State["dice"]["key"],
): void {
  const { table, epoch, members } = dice;
  const keys = { table, epoch, members: members.map(({ key }) => key), key: held?.key };
  const verdict = verifyRoll(of.rules.ports, keys, encode(RollProof, proof));
  if (!verdict.ok) broken("proofs hold", `of roll ${proof.lock.roll} at kiosk ${place}: ${verdict.where}`, of.where);
}

/** Wherever it is seen: executed, replayed, or taken over. */
export function ended(of: CrapsTable, place: number, roll: number, end: End): void {
  const known = of.ends.get(roll);
  if (known === undefined) {
    of.ends.set(roll, end);
    of.tally[end.type === "void" ? "voids" : "rolls"] += 1;
    return;
  }
  const same =
    end.type === "void" || known.type === "void"
      ? end.type === known.type
      : end.first === known.first && end.second === known.second && bytesEqual(end.input, known.input);
  if (!same)
    broken(
      "identical dice",
      `roll ${roll} ends otherwise at kiosk ${place}: ${said(end)}, not ${said(known)}`,
      of.where,
    );
}

const said = (end: End): string => (end.type === "void" ? "void" : `${end.first} and ${end.second}`);
