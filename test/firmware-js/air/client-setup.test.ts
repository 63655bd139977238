import fc from "fast-check";
import { expect, test } from "vitest";
import {
  clientSetup,
  type SetupEffect,
  type SetupEvent,
  setupDeadline,
  stepSetup,
} from "../../../firmware-js/air/client-setup.ts";
import {
  onHeard,
  onServerTick,
  onSubscribed,
  serverSetup,
  serverSetupDeadline,
} from "../../../firmware-js/air/server-setup.ts";

const EVENTS: readonly SetupEvent[] = [
  { type: "mtu" },
  { type: "service", found: true },
  { type: "service", found: false },
  { type: "characteristics", found: true },
  { type: "characteristics", found: false },
  { type: "greeted", heard: false },
  { type: "greeted", heard: true },
  { type: "tick" },
];

test("a client's setup ends once, up or given up, whatever the stack answers in whatever order", () => {
  const moments = fc.array(fc.tuple(fc.constantFrom(...EVENTS), fc.integer({ min: 0, max: 3_000 })), { maxLength: 60 });
  fc.assert(
    fc.property(moments, (all) => {
      let now = 0;
      const setup = clientSetup(now);
      const ends: SetupEffect[] = [];
      for (const [event, afterMs] of all) {
        now += afterMs;
        const effect = stepSetup(setup, event, now);
        if (effect === "up" || effect === "giveUp") ends.push(effect);
        else if (ends.length > 0) expect(effect).toBeUndefined();
      }
      expect(ends.length).toBeLessThanOrEqual(1);
      expect(setupDeadline(setup) === Number.POSITIVE_INFINITY).toBe(ends.length === 1);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("a client's setup in which nothing is ever answered is given up by its own deadlines", () => {
  const setup = clientSetup(0);
  const effects: SetupEffect[] = [];
  for (let at = setupDeadline(setup); at !== Number.POSITIVE_INFINITY; at = setupDeadline(setup)) {
    effects.push(stepSetup(setup, { type: "tick" }, at));
  }
  expect(effects).toEqual(["exchangeMtu", "discoverService", "giveUp"]);
});

test("a client answers a greeting until the server says that it heard", () => {
  const setup = clientSetup(0);
  expect(stepSetup(setup, { type: "tick" }, setupDeadline(setup))).toBe("exchangeMtu");
  stepSetup(setup, { type: "mtu" }, 0);
  stepSetup(setup, { type: "service", found: true }, 0);
  expect(stepSetup(setup, { type: "characteristics", found: true }, 0)).toBe("subscribe");
  expect(stepSetup(setup, { type: "tick" }, setupDeadline(setup))).toBe("subscribe");
  expect(stepSetup(setup, { type: "greeted", heard: false }, 300)).toBe("greet");
  expect(stepSetup(setup, { type: "tick" }, setupDeadline(setup))).toBe("greet");
  expect(stepSetup(setup, { type: "greeted", heard: true }, 600)).toBe("up");
});

test("a server's setup ends once, and a subscription is greeted however often it comes", () => {
  const setup = serverSetup(0);
  expect(onHeard(setup)).toBeUndefined();
  expect([onSubscribed(setup, 10), onSubscribed(setup, 20)]).toEqual(["greet", "greet"]);
  expect(onServerTick(setup, serverSetupDeadline(setup))).toBe("greet");
  expect([onHeard(setup), onHeard(setup)]).toEqual(["up", undefined]);
  expect(onSubscribed(setup, 30)).toBe("greet");
  expect(serverSetupDeadline(setup)).toBe(Number.POSITIVE_INFINITY);
});
