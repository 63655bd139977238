import { expect, test } from "vitest";
import { bench } from "./api.ts";

test("whoever means a kiosk's page harm is refused, and a player bets on meanwhile", async () => {
  const attacks = ["replayed", "cross-site", "malformed", "body-10mb"] as const;
  const rows = await bench({ attackMs: 150, isHere: true, attacks });
  const value = (metric: string) => rows.find((row) => row.metric === metric);
  for (const attack of attacks) {
    const refused = value(`${attack}-refused`);
    expect(refused?.value, attack).toBe(refused?.baseline);
    expect(value(`${attack}-bet`)?.value).toBeGreaterThan(0);
  }
  expect(value("body-10mb-sent")?.value).toBeLessThan(5_000_000);
  expect(value("orders-that-came-through")?.value).toBe(0);
});
