import { describe, expect, it } from "vitest";
import { deliver } from "./delivery.ts";

describe("two thousand packets between two virtual boards", () => {
  it("each end once as sent, dropped or unknown, over spoilt cables, a pulled plug and a brown-out each [I11]", () => {
    const result = deliver(2000, 5);
    expect(result.isDone).toBe(true);
    expect(result.given).toBe(2000);
    expect(result.sent + result.dropped + result.unknown).toBe(2000);
    expect(result.arrived).toBeGreaterThanOrEqual(result.sent);
    expect(result.sent).toBeGreaterThan(1900);
    // The first link, and one after each of four faults, at both ends.
    expect(result.linksUp).toBe(10);
    expect(result.faultyBytes).toBeGreaterThan(0);
  });
});
