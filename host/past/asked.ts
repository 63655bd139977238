/** What a request asks of the table, in a person's words: as the end of a sentence that begins with who asks. */
import { decode } from "../../protocol/bytes/codec.ts";
import { unreachable } from "../../protocol/core/assert.ts";
import { KIOSK_SEAT } from "../../protocol/message/fields.ts";
import { TableOperation as OwnOperation } from "../engine/consensus/table.ts";
import { DiceOperation } from "../engine/dice/operation.ts";
import { CrapsAction } from "../engine/games/craps/moves.ts";
import { spotOf } from "../engine/games/craps/spots.ts";
import { TableOperation } from "../engine/table/operation.ts";
import { chipsText, hex, keyText } from "./text.ts";

/** Whoever asks it signed these bytes; they may be none of an operation. */
export const asked = (seat: number, operation: Uint8Array): string =>
  seat === KIOSK_SEAT ? askedOfTable(operation) : askedAtTable(operation);

/** What the kiosk itself wants of the table: who sits at it, and by which rules. */
function askedOfTable(bytes: Uint8Array): string {
  const decoded = decode(OwnOperation, bytes);
  if (!decoded.ok) return nonsense(bytes);
  const operation = decoded.value;
  switch (operation.type) {
    case "approve":
      switch (operation.change.type) {
        case "admit":
          return `approves of ${keyText(operation.change.key)} as a member`;
        case "remove":
          return `approves that ${keyText(operation.change.key)} goes`;
        case "rules":
          return `approves of the rules ${operation.change.version}`;
        default:
          return unreachable(operation.change);
      }
    case "leave":
      return "leaves the table";
    case "accuse":
      return `shows evidence of ${operation.evidence.length} bytes`;
    default:
      return unreachable(operation);
  }
}

function askedAtTable(bytes: Uint8Array): string {
  const decoded = decode(TableOperation, bytes);
  if (!decoded.ok) return nonsense(bytes);
  const operation = decoded.value;
  switch (operation.type) {
    case "sit":
      return "sits down";
    case "stand":
      return "gives up the place";
    case "act":
      return move(new Uint8Array(operation.action));
    case "rebuy":
      return "takes chips again";
    case "dice":
      return diceWords(new Uint8Array(operation.operation));
    case "stake":
      return `stakes ${chipsText(operation.amount)}`;
    case "unstake":
      return `wants ${chipsText(operation.amount)} of the stake back`;
    case "withdraw":
      return "takes what is free of the stake";
    case "accuse":
      return `shows evidence of ${operation.evidence.length} bytes`;
    case "evidencePart":
      return `shows part ${operation.index + 1} of evidence, ${operation.bytes.length} bytes`;
    case "dispute":
      return "contests what happened";
    case "vote":
      return `says ${operation.vote.answer} in the dispute ${hex(operation.vote.dispute).slice(0, 16)}`;
    default:
      return unreachable(operation);
  }
}

function move(bytes: Uint8Array): string {
  const decoded = decode(CrapsAction, bytes);
  if (!decoded.ok) return `makes a move of ${bytes.length} bytes that is none of this game`;
  const action = decoded.value;
  switch (action.type) {
    case "bet":
      return `bets ${chipsText(action.chips)} on ${spotName(action.code)}`;
    case "take":
      return `takes ${chipsText(action.chips)} from ${spotName(action.code)}`;
    case "call":
      return `calls ${spotName(action.code)} ${action.working === "usual" ? "as usual" : action.working}`;
    case "roll":
      return "rolls the dice";
    case "passDice":
      return "passes the dice";
    default:
      return unreachable(action);
  }
}

/** As scenarios and pages call it. */
export const spotName = (code: number): string => spotOf(code)?.name ?? `bet ${code}`;

function diceWords(bytes: Uint8Array): string {
  const decoded = decode(DiceOperation, bytes);
  if (!decoded.ok) return nonsense(bytes);
  const operation = decoded.value;
  switch (operation.type) {
    case "deal":
      return `deals shares of dice key ${operation.number}`;
    case "confirm":
      return `finds its shares of dice key ${operation.number} right`;
    case "complain":
      return `shows a wrong share of dice key ${operation.number}`;
    case "settle":
      return `brings the dice of roll ${operation.roll}, by the partials of ${operation.partials.length} holders`;
    case "commit":
      return `commits to a secret for roll ${operation.roll}`;
    case "reveal":
      return `opens its secret for roll ${operation.roll}`;
    case "giveUp":
      return `waits for roll ${operation.roll} no longer`;
    default:
      return unreachable(operation);
  }
}

const nonsense = (bytes: Uint8Array): string => `asks for something in ${bytes.length} bytes that is no operation`;
