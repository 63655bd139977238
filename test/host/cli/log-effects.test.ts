import { expect, test } from "vitest";
import { effectLog } from "../../../host/cli/kiosk/log-effects.ts";
import { logger } from "../../../host/logs/logger.ts";
import type { Sink } from "../../../host/logs/sink.ts";
import { millis } from "../../../protocol/core/units.ts";

test("a radio's own log is the kiosk's, with the urgency that the radio gives it", async () => {
  const told: unknown[] = [];
  const sink = { write: (entry: unknown) => told.push(entry), lost: () => 0, flushSync() {}, close: async () => {} };
  const clock = { now: () => millis(0), wall: () => 7 };
  const log = logger({ level: "info", clock, sinks: [sink as unknown as Sink] });
  const { onRadio } = effectLog(log);
  const device = { type: "serial", path: "/dev/ttyUSB0" } as const;
  onRadio(device, 0, "stack overflow");
  onRadio(device, 2, "scanning");
  onRadio(device, 3, "a detail");
  expect(told).toMatchObject([
    { level: "error", part: "radio", values: { device: "/dev/ttyUSB0", text: "stack overflow" } },
    { level: "info", part: "radio", values: { text: "scanning" } },
  ]);
  await log.close();
});
