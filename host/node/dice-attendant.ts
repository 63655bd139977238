/**
 * This kiosk's part in the dice, between the engine's rules of it and the loop: deals, partials and secrets are ordered like any
 * operation, and a partial is said to all.
 *
 * Nothing of it is kept on disk. Dealings, partials and openings follow from the kiosk's own key and from what is agreed, so that
 * after a restart they are the same as before it.
 */
import { encode } from "../../protocol/bytes/codec.ts";
import { unreachable } from "../../protocol/core/assert.ts";
import { DiceOperation } from "../engine/dice/operation.ts";
import { stepOwnDice } from "../engine/dice/own-dice.ts";
import type { OwnDice, OwnEffect, OwnEvent, OwnPorts } from "../engine/dice/own-state.ts";
import type { DiceState } from "../engine/dice/state.ts";
import { TableOperation } from "../engine/table/operation.ts";
import type { Attendant, AttendantEffect, AttendantEvent } from "./attendant.ts";
import { DICE_SEAT } from "./limits.ts";
import { partialMessage, partialOf } from "./partial-message.ts";

/** `own` is changed in place. */
export function diceAttendant(own: OwnDice, ports: OwnPorts): Attendant<{ readonly dice: DiceState }> {
  return {
    hears: (type) => type === "randomnessReveal",
    step(event, { dice }, effects) {
      const known = ownEvent(event);
      const wanted: OwnEffect[] = [];
      if (known === undefined) effects.push({ type: "refuse", why: "no partial" });
      else stepOwnDice(own, dice, known, wanted, ports);
      for (const each of wanted) effects.push(attendantEffect(each));
    },
    wakeAt: () => own.wakeAt,
  };
}

/** Undefined of what brings no partial: secrets are ordered here, and never said. */
function ownEvent(event: AttendantEvent): OwnEvent | undefined {
  if (event.type !== "heard") return event;
  const said = partialOf(event.message);
  return said === undefined ? undefined : { type: "heard", at: event.at, from: event.from, said };
}

function attendantEffect(effect: OwnEffect): AttendantEffect {
  switch (effect.type) {
    case "say":
      return { type: "say", message: partialMessage(effect.said) };
    case "order": {
      const operation: TableOperation = { type: "dice", operation: encode(DiceOperation, effect.operation) };
      return { type: "order", seat: DICE_SEAT, operation: encode(TableOperation, operation) };
    }
    case "forged":
      return { type: "refuse", why: "forged partial" };
    default:
      return unreachable(effect);
  }
}
