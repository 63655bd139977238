import { describe, expect, it } from "vitest";
import { account, arrive, close, give, settle } from "./account.ts";
import { classOf, numberOf, packetOf } from "./numbered.ts";

describe("the account of an exchange", () => {
  it("packets are made again from their numbers, and found by them", () => {
    for (let number = 0; number < 300; number++) {
      expect(numberOf(1, packetOf(1, number), number - 1)).toBe(number);
      expect(numberOf(1, packetOf(1, number), number)).toBeUndefined();
    }
    const sizes = Array.from({ length: 2000 }, (_, number) => packetOf(0, number).length);
    expect(Math.min(...sizes)).toBe(1);
    expect(Math.max(...sizes)).toBeGreaterThan(3800);
    expect(sizes.filter((size) => size < 64).length / 2000).toBeCloseTo(0.5, 1);
  });

  it("calls each breach by name", () => {
    const deliver = (of: ReturnType<typeof account>, number: number) =>
      arrive(of, classOf(number), packetOf(of.party, number));
    const clean = account(0);
    for (const number of [0, 1, 2, 3]) {
      give(clean, number);
      settle(clean, number, number === 2 ? "unknown" : "sent");
      if (number !== 2) deliver(clean, number);
    }
    expect([close(clean), clean.wrong]).toEqual([{ sent: 3, dropped: 0, unknown: 1, arrived: 3 }, []]);
    type Step = readonly ["give" | "sent" | "dropped" | "unknown" | "deliver", number];
    const breaches: readonly (readonly [string, ...Step[]])[] = [
      ["packet 0 never ended", ["give", 0]],
      ["packet 0 ended and was never given", ["unknown", 0]],
      ["packet 0 is called sent and never arrived", ["give", 0], ["sent", 0]],
      ["packet 0 is called dropped and arrived", ["give", 0], ["dropped", 0], ["deliver", 0]],
      ["packet 0 ended twice: unknown, then sent", ["give", 0], ["unknown", 0], ["sent", 0], ["deliver", 0]],
      ["twice, or out of order", ["deliver", 0], ["deliver", 0]],
      ["twice, or out of order", ["deliver", 3], ["deliver", 0]],
    ];
    for (const [why, ...steps] of breaches) {
      const of = account(0);
      for (const [step, number] of steps) {
        if (step === "give") give(of, number);
        else if (step === "deliver") deliver(of, number);
        else settle(of, number, step);
      }
      close(of);
      expect(of.wrong, why).toHaveLength(1);
      expect(of.wrong[0]).toContain(why);
    }
    const forged = account(0);
    arrive(forged, 0, Uint8Array.of(0, 1, 2));
    expect(forged.wrong).toHaveLength(1);
  });
});
