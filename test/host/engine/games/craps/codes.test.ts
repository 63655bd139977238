import { describe, expect, test } from "vitest";
import { CrapsAction } from "../../../../../host/engine/games/craps/moves.ts";
import { codeOfName, nameOfCode, SPOTS, spotOf, TRAVELLED } from "../../../../../host/engine/games/craps/spots.ts";
import { decode, encode } from "../../../../../protocol/bytes/codec.ts";
import { bet, doStep, table } from "./stories.ts";

const codes = [...Array(256).keys()];
const named = codes.filter((code) => nameOfCode(code).ok);

describe("codes of bets", () => {
  test("name each bet of the protocol's table, and 13, 14, 59 and 60 none [L20]", () => {
    expect(named.filter((code) => code <= 70)).toEqual(
      codes.filter((code) => code <= 70 && ![13, 14, 59, 60].includes(code)),
    );
    const some = {
      0: "pass",
      7: "dont-come-odds",
      8: "field",
      12: "hard-10",
      20: "next-7",
      27: "single-11",
      29: "yes-2",
    };
    for (const [code, name] of Object.entries({
      ...some,
      48: "no-12",
      58: "repeater-12",
      61: "fire",
      70: "different-doubles",
    })) {
      expect(nameOfCode(Number(code))).toEqual({ ok: true, name });
    }
  });

  test("go to a name and back, each to its own [L20]", () => {
    const names = named.map((code) => {
      const known = nameOfCode(code);
      return known.ok ? known.name : "";
    });
    expect(new Set(names).size).toBe(named.length);
    expect(names.map(codeOfName)).toEqual(named);
    expect(named.length).toBeGreaterThan(140);
  });

  test("of place bets and hardways are the number and 13 or 14, where it can be a point [L20]", () => {
    for (let number = 0; number < 16; number++) {
      const [place, hardway] = [nameOfCode(number * 16 + 13), nameOfCode(number * 16 + 14)];
      const isPlace = [4, 5, 6, 8, 9, 10].includes(number);
      if (isPlace) expect(place).toEqual({ ok: true, name: `place-${number}` });
      if ([4, 6, 8, 10].includes(number)) expect(hardway).toEqual({ ok: true, name: `hardway-${number}` });
      if (!isPlace) expect(place).not.toMatchObject({ name: `place-${number}` });
    }
    // Where the protocol's own place bets on 2 and 3 fell.
    expect([nameOfCode(45), nameOfCode(61)]).toEqual([
      { ok: true, name: "no-9" },
      { ok: true, name: "fire" },
    ]);
  });

  test("of a hardway are two, and both name one bet", () => {
    const sitting = table();
    for (const code of [9, 4 * 16 + 14]) {
      expect(doStep(sitting, { type: "act", seat: 0, action: { type: "bet", code, chips: 5 } }).ok).toBe(true);
    }
    expect(sitting.play.state.seats[0]).toEqual([{ code: 9, stake: 10, fee: 0, working: "usual", progress: 0 }]);
  });

  test("that name nothing are refused, and what lies by travelling is nobody's to make [L20]", () => {
    const sitting = table();
    for (const code of codes.filter((each) => !named.includes(each) || each === 6 || each === 7)) {
      const answer = doStep(sitting, { type: "act", seat: 0, action: { type: "bet", code, chips: 60 } });
      expect(answer.ok, `${code}`).toBe(false);
      expect(answer.why).toBe(spotOf(code) === undefined ? "no such bet" : "only by travelling");
    }
    for (const code of [-1, 256, 0.5, Number.NaN]) {
      expect(doStep(sitting, { type: "act", seat: 0, action: { type: "bet", code, chips: 60 } })).toMatchObject({
        ...{ ok: false, why: "no such bet" },
      });
    }
    expect(SPOTS.filter(({ code }) => code >= TRAVELLED).length).toBe(12);
    expect(doStep(sitting, bet("pass", 10)).ok).toBe(true);
  });

  test("travel in moves of few bytes", () => {
    for (const code of codes) {
      const action = { type: "bet", code, chips: 1_000_000 } as const;
      const bytes = encode(CrapsAction, action);
      expect(bytes.length).toBe(5);
      expect(decode(CrapsAction, bytes)).toEqual({ ok: true, value: action });
    }
  });
});
