import { describe, expect, test } from "vitest";
import { signRequest } from "../../../../host/engine/consensus/statements.ts";
import type { DicePorts } from "../../../../host/engine/dice/ports.ts";
import { CrapsAction } from "../../../../host/engine/games/craps/moves.ts";
import { PASS } from "../../../../host/engine/games/craps/spots.ts";
import { pace } from "../../../../host/engine/judge/behaviour.ts";
import { STAGES } from "../../../../host/engine/judge/pipeline.ts";
import { type Door, type Knock, letIn } from "../../../../host/engine/table/door.ts";
import { TableOperation } from "../../../../host/engine/table/operation.ts";
import type { SignedRequest } from "../../../../protocol/agreement/request.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { OPERATION_SIZE_MAX } from "../../../../protocol/core/limits.ts";
import { counter, millis } from "../../../../protocol/core/units.ts";
import { KIOSK_SEAT } from "../../../../protocol/message/fields.ts";
import { CHEAT, contradiction } from "../judge/cheats.ts";
import { accuse, sceneOf, stakedHouse } from "./courtroom.ts";
import { accountAt, type House, house } from "./house.ts";

interface Hall {
  readonly of: House;
  readonly door: Door;
  /** What it cost: signatures that were verified, and what came through. */
  readonly verified: number[];
  readonly submitted: SignedRequest[];
  knock(signed: SignedRequest, at?: number): string;
  request(member: number, number: number, operation: Uint8Array, seat?: number): SignedRequest;
}

function hall(): Hall {
  const of = stakedHouse(house(4));
  const verified: number[] = [];
  const submitted: SignedRequest[] = [];
  const ports: DicePorts = {
    ...of.rules.ports,
    verify(key, signed, signature) {
      verified.push(1);
      return of.rules.ports.verify(key, signed, signature);
    },
  };
  const door: Door = {
    paces: of.kiosks.map(() => pace()),
    executedOf: () => 5,
    submit: (signed) => {
      submitted.push(signed);
      return signed.request.number > 60 ? "full" : undefined;
    },
  };
  const { bench } = sceneOf(of);
  return {
    ...{ of, door, verified, submitted },
    knock(signed, at = 1_000 * submitted.length) {
      const knock: Knock = { signed, at: millis(at) };
      const judged = letIn({ ...of.rules, ports }, of.state, door, knock);
      return judged.ok ? "let in" : `${judged.stage}: ${judged.why}`;
    },
    request: (member, number, operation, seat = 0) =>
      signRequest(bench, of.kiosks[member]!.ports, member, { seat, number: counter(number), operation }),
  };
}

const bet = (of: House, next = accountAt(of, 0)!.nextCounter as number): Uint8Array => {
  const action = encode(CrapsAction, { type: "bet", code: PASS, chips: 5 as never });
  return encode(TableOperation, { type: "act", counter: counter(next), action });
};
const forged = (signed: SignedRequest): SignedRequest => ({ ...signed, signature: new Uint8Array(64) });

const longer = (signed: SignedRequest): SignedRequest => ({
  ...signed,
  request: { ...signed.request, operation: new Uint8Array(OPERATION_SIZE_MAX + 1) },
});

describe("at the door of a table", () => {
  test("a request is refused by the first check that it fails, and costs nothing that comes after [U04]", () => {
    const { of, knock, request, verified, submitted } = hall();
    accuse(of, 0, contradiction(sceneOf(of), CHEAT));
    const bad = request(CHEAT, 99, bet(of));
    const cases: readonly (readonly [string, SignedRequest, number, number])[] = [
      // Too long, and so is its forgery; nobody looks at the signature of either.
      ["size: too long", longer(request(0, 1, bet(of))), 0, 0],
      ["size: not an operation", forged(request(0, 1, Uint8Array.of(0xff, 1))), 0, 0],
      // Forged and repeated.
      ["signature: not a member", { ...request(0, 1, bet(of)), sender: 7 as never }, 0, 0],
      ["signature: bad signature", forged(request(0, 1, bet(of))), 1, 0],
      // Repeated, by an outcast.
      ["replay: executed already", request(CHEAT, 5, bet(of)), 1, 0],
      ["replay: stale counter", request(0, 6, bet(of, 0)), 1, 0],
      // An outcast's, in haste.
      ["stake: seat lost", bad, 1, 0],
    ];
    for (const [word, signed, verifications, through] of cases) {
      verified.length = submitted.length = 0;
      expect(knock(signed, 0)).toBe(word);
      expect([verified.length, submitted.length]).toEqual([verifications, through]);
    }
    verified.length = submitted.length = 0;
    expect(knock(request(0, 6, bet(of)), 0)).toBe("let in");
    expect(knock(request(0, 7, bet(of)), 49)).toBe("behaviour: too fast");
    expect(knock(request(0, 7, bet(of)), 50)).toBe("let in");
    expect(knock(request(0, 61, bet(of)), 500)).toBe("consensus: full");
    expect([verified.length, submitted.length]).toEqual([4, 3]);
    expect(STAGES).toEqual(["size", "signature", "replay", "stake", "behaviour", "consensus"]);
  });

  test("haste is a matter of fingers: what a kiosk does for the dice may come at once, and so may other seats [P02] [U04]", () => {
    const { knock, request } = hall();
    const dice = encode(TableOperation, { type: "dice", operation: Uint8Array.of(7, 1) });
    const stand = encode(TableOperation, { type: "stand" });
    expect([knock(request(0, 6, dice), 10), knock(request(0, 7, dice), 10)]).toEqual(["let in", "let in"]);
    expect([knock(request(0, 8, stand), 10), knock(request(0, 9, stand), 109)]).toEqual([
      "let in",
      "behaviour: too fast",
    ]);
    expect([knock(request(0, 9, stand, 1), 10), knock(request(1, 6, stand), 10)]).toEqual(["let in", "let in"]);
    expect(knock(request(0, 9, stand), 110)).toBe("let in");
  });

  test("what is early is let in, and what the kiosk says about its table is the consensus' to read [U04]", () => {
    const { of, knock, request } = hall();
    expect(knock(request(0, 9, bet(of, 50)))).toBe("let in");
    expect(knock(request(1, 9, Uint8Array.of(0xff), KIOSK_SEAT))).toBe("let in");
    expect(knock(request(3, 9, encode(TableOperation, { type: "withdraw", counter: counter(3) }), 4))).toBe("let in");
  });
});
