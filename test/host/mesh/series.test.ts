import { expect, test } from "vitest";
import { answerOfMessage } from "../../../host/mesh/series.ts";
import { counter, memberIndex, sequence, view } from "../../../protocol/core/units.ts";
import type { Message } from "../../../protocol/message/kinds.ts";

const reply = (client: number, number: number): Message => ({
  ...{ type: "reply", view: view(0), sequence: sequence(1), digest: new Uint8Array(32), seat: 1 },
  ...{ client: memberIndex(client), number: counter(number), result: Uint8Array.of(1) },
});
const chunk = (object: number, index: number): Message => ({
  type: "stateSync",
  step: {
    ...{ type: "chunk", index, path: [], bytes: Uint8Array.of(1) },
    object: { digest: new Uint8Array(32).fill(object), size: 9 },
  },
});

test("two answers of which neither says what the other does have two names, and the same one said again has its own", () => {
  const each = [reply(0, 1), reply(0, 2), reply(1, 1), chunk(1, 0), chunk(1, 1), chunk(2, 0)];
  const names = each.map(answerOfMessage);
  expect(names).not.toContain(undefined);
  expect(new Set(names).size).toBe(each.length);
  expect(answerOfMessage(reply(0, 1))).toBe(names[0]);
  expect(answerOfMessage(chunk(1, 1))).toBe(names[4]);
});
