import { expect, test } from "vitest";
import { faultsOf, WORK_BITS } from "../../../host/config/defaults.ts";
import { device } from "../../../host/config/forms.ts";
import { CONFIG_KEYS, keyNamed } from "../../../host/config/keys.ts";
import { WORK_BITS_MAX, WORK_BITS_MIN } from "../../../host/config/limits.ts";
import { TRANSPORTS } from "../../../host/config/transports.ts";
import { faultsMax } from "../../../host/engine/consensus/quorum.ts";
import { USUAL_CONFIG } from "../../../host/engine/games/craps/config.ts";
import * as identity from "../../../host/engine/identity/limits.ts";
import { PROFILES as IDENTITY_PROFILES } from "../../../host/engine/identity/profiles.ts";
import { BLE, LAN, type Profile, requestMs } from "../../../host/engine/timing/profiles.ts";
import { parseDevice } from "../../../host/radio/device-url.ts";
import { TABLE_SECRET_SIZE } from "../../../host/secure/limits.ts";

test("times that a file is silent of are those of the engine's profiles", () => {
  const profiles: { readonly [name: string]: Profile } = { BLE, LAN };
  for (const [name, usual] of Object.entries(TRANSPORTS)) {
    const profile = profiles[name];
    expect([usual.timeoutMs, usual.viewChangeTimeoutMs]).toEqual([profile.proposeMs, profile.viewChangeMs]);
    // The shortest that may be set: what is lost is said again before a phase is over.
    const share = requestMs(profile) / profile.proposeMs;
    expect(profile.statusMs).toBeLessThan((profile.commitMs * usual.timeoutMinMs * share) / requestMs(profile));
  }
});

test("what an identity costs, what a table bears and which bets it has are as in the engine", () => {
  for (const [name, bits] of Object.entries(WORK_BITS)) {
    expect(IDENTITY_PROFILES[name as keyof typeof IDENTITY_PROFILES].baseBits).toBe(bits);
  }
  expect([WORK_BITS_MIN, WORK_BITS_MAX]).toEqual([identity.BASE_BITS_MIN, identity.WORK_BITS_MAX]);
  for (let kiosks = 1; kiosks <= 10; kiosks++) expect(faultsOf(kiosks)).toBe(faultsMax(kiosks));
  expect(keyNamed("table.bets")?.standard).toBe(USUAL_CONFIG.bets);
  expect(keyNamed("table.secret")?.about).toContain(`${2 * TABLE_SECRET_SIZE} hexadecimal digits`);
});

test("a radio that a file may name is one that can be opened, and the other way round", () => {
  const names = [
    ...["/dev/ttyUSB0", "/", "unix:/run/x", "unix:x", "unix:", "virtual:", "virtual:a-1", "virtual:A", "COM3", ""],
    ...["tcp://localhost:1", "tcp://localhost:0", "tcp://localhost:00", "tcp://localhost:00001", "tcp://h:65535"],
    ...["tcp://h:65536", "tcp://h:99999", "tcp://h:59999", "tcp://h:100000", "tcp://[::1]:4000", "tcp://[x]:4000"],
    ...["tcp://h", "tcp:h:1", "tcp://h:", "tcp://h:a", "http://h:1", `virtual:${"a".repeat(25)}`, "tcp://h:01000"],
  ];
  for (const name of names) expect([name, device.safeParse(name).success]).toEqual([name, parseDevice(name).ok]);
});

test("no key is about money of the world", () => {
  for (const { name } of CONFIG_KEYS) expect(name).not.toMatch(/price|currency|pay|euro|usd|deposit|exchange|wallet/);
});
