/** What the table answered, in a person's words. */
import { decode } from "../../protocol/bytes/codec.ts";
import { utf8Decode } from "../../protocol/bytes/utf8.ts";
import { unreachable } from "../../protocol/core/assert.ts";
import { KIOSK_SEAT } from "../../protocol/message/fields.ts";
import { TableResult } from "../engine/consensus/table.ts";
import { TableAnswer } from "../engine/table/answer.ts";
import { chipsText, hex } from "./text.ts";

export function came(seat: number, result: Uint8Array): string {
  return seat === KIOSK_SEAT ? cameOfTable(result) : cameAtTable(result);
}

function cameOfTable(result: Uint8Array): string {
  const decoded = decode(TableResult, result);
  if (!decoded.ok) return "an answer that is none";
  switch (decoded.value.type) {
    case "noted":
      return "noted";
    case "due":
      return "it is due, and comes with the next barrier";
    case "refused":
      return `refused: ${REFUSALS[decoded.value.why] ?? `for reason ${decoded.value.why}`}`;
    default:
      return unreachable(decoded.value);
  }
}

/** By the numbers that the table gives them. */
const REFUSALS: readonly string[] = Object.freeze([
  "no operation",
  "a member already",
  "no room",
  "too few would stay",
  "nothing proves it",
  "no newer rules",
  "asked for already",
]);

function cameAtTable(result: Uint8Array): string {
  const decoded = decode(TableAnswer, result);
  if (!decoded.ok) return "an answer that is none";
  const answer = decoded.value;
  switch (answer.type) {
    case "done":
      return "done";
    case "refused":
      return `refused: ${wordsOf(answer.why)}`;
    case "sat":
      return `has place ${answer.place}, and ${chipsText(answer.free)} to play with`;
    case "moved":
      return answer.returned === 0
        ? answer.staked === 0
          ? "done"
          : `${chipsText(answer.staked)} on the table`
        : `${chipsText(answer.returned)} back${answer.staked === 0 ? "" : `, ${chipsText(answer.staked)} on the table`}`;
    case "rolled":
      return `roll ${answer.roll}: ${answer.first} and ${answer.second}`;
    case "voided":
      return `roll ${answer.roll} is void: all bets go back${answer.forfeited === 0 ? "" : `, but ${chipsText(answer.forfeited)} of whoever did not reveal`}`;
    case "convicted": {
      const cost =
        answer.reason === undefined ? "costs nothing" : `costs ${chipsText(answer.chips)} (${answer.reason})`;
      return `convicted of ${answer.kind}: ${cost}${answer.excluded ? ", and the seat" : ""}`;
    }
    case "disputed":
      return `the dispute ${hex(answer.dispute).slice(0, 16)} is open`;
    case "decided":
      return `the dispute ${hex(answer.dispute).slice(0, 16)} is ${answer.outcome}, by ${answer.by}`;
    default:
      return unreachable(answer);
  }
}

const wordsOf = (bytes: Uint8Array): string => {
  const words = utf8Decode(bytes);
  return words === undefined ? "for a reason in no words" : words;
};
