import { expect, test } from "vitest";
import { type Alerts, alerts, onAlert, raiseAlert } from "../../../../host/engine/judge/alerts.ts";
import { ALERTS_SEEN_MAX } from "../../../../host/engine/judge/limits.ts";
import type { Offence } from "../../../../host/engine/judge/offence.ts";
import { verdictOf } from "../../../../host/engine/judge/proof.ts";
import { agreedMillis, sequence } from "../../../../protocol/core/units.ts";
import type { CheatAlert } from "../../../../protocol/message/alert.ts";
import { digestOf } from "../divergence/kiosks.ts";
import { CHEAT, contradiction, law, scene, twoRequests } from "./cheats.ts";

const table = scene();
const proved = (view: number): Offence =>
  verdictOf(table.bench, table.ports[0]!, law, contradiction(table, CHEAT, { view }))!;
const OFFENCE = proved(1);
const raise = (state: Alerts, offence = OFFENCE): CheatAlert | undefined =>
  raiseAlert(state, offence, { digest: digestOf("evidence"), size: 300 }, sequence(5), agreedMillis(1));

test("two kiosks that hear each other say an alert twice in all, once each [P16]", () => {
  const kiosks = [alerts(), alerts()];
  let said = 0;
  const first = raise(kiosks[0]!)!;
  let inAir = [{ to: 1, alert: first }];
  for (let rounds = 0; inAir.length > 0 && rounds < 100; rounds++) {
    said += inAir.length;
    inAir = inAir.flatMap(({ to, alert }) =>
      onAlert(kiosks[to]!, alert, OFFENCE).relay ? [{ to: 1 - to, alert }] : [],
    );
  }
  expect(said).toBe(2);
  expect(raise(kiosks[0]!)).toBeUndefined();
});

test("at eight kiosks that all find the same offence, each says it once, whatever order it comes in [P16]", () => {
  const kiosks = Array.from({ length: 8 }, () => alerts());
  let said = 0;
  for (const kiosk of kiosks) said += raise(kiosk) === undefined ? 0 : 1;
  for (const kiosk of kiosks) {
    for (let times = 0; times < 8; times++) {
      expect(onAlert(kiosk, raise(alerts())!, OFFENCE)).toEqual({ relay: false, why: "told already" });
    }
  }
  expect(said).toBe(8);
});

test("an alert without proof, or that says more than it proves, goes no further and is not remembered [P16]", () => {
  const state = alerts();
  const alert = raise(alerts())!;
  expect(onAlert(state, alert, undefined)).toEqual({ relay: false, why: "not proved" });
  expect(onAlert(state, { ...alert, severity: 1_000 }, OFFENCE)).toEqual({ relay: false, why: "says something else" });
  const framed = verdictOf(table.bench, table.ports[0]!, law, twoRequests(table, 1))!;
  expect(onAlert(state, alert, framed)).toEqual({ relay: false, why: "says something else" });
  expect(state.told).toEqual([]);
  expect(onAlert(state, alert, OFFENCE)).toEqual({ relay: true });
});

test("what was told is remembered within its bound [P16]", () => {
  const state = alerts();
  for (let view = 0; view < ALERTS_SEEN_MAX + 20; view++) raise(state, proved(view));
  expect(state.told).toHaveLength(ALERTS_SEEN_MAX);
});
