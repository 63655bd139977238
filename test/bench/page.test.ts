import { expect, test } from "vitest";
import { chromiumOn, notRun } from "../host/web/page/chromium.ts";
import { bench } from "./page.ts";

if (chromiumOn(process.env) === undefined) {
  test("without a browser, a test run says that no page was timed", () => {
    expect(notRun(process.env)[0]).toContain("apt-get install chromium");
  });
} else {
  test("a kiosk's page at a table that plays is timed in a browser: presses, decisions, weight, first picture and dice", async () => {
    const rows = await bench({ presses: 4, rolls: 1 });
    const value = (metric: string): number => rows.find((row) => row.metric === metric)?.value ?? Number.NaN;
    for (const metric of ["press-engine", "decided-shown", "first-paint", "dice-frames"]) {
      expect(value(metric), metric).toBeGreaterThan(0);
    }
    expect(value("press-engine-worst")).toBeGreaterThanOrEqual(value("press-engine"));
    expect(value("weight-first-kb")).toBeLessThan(value("weight-kb"));
    expect(value("weight-kb")).toBeLessThan(300);
  }, 60_000);
}
