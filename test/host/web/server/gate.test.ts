import { describe, expect, test } from "vitest";
import { tokenIn } from "../../../../host/web/server/cookies.ts";
import * as limits from "../../../../host/web/server/limits.ts";
import { mayAsk, meter } from "../../../../host/web/server/meter.ts";
import { isLoopback, namesAt, originFault } from "../../../../host/web/server/origin.ts";
import { isPin, pinFault, pinRecord } from "../../../../host/web/server/pin.ts";
import { pinText, readPin } from "../../../../host/web/server/pin-record.ts";
import { onRight, onWrong, pinTries, waitMs } from "../../../../host/web/server/pin-tries.ts";
import { findRoute, keptFrom, ROUTES } from "../../../../host/web/server/routes.ts";
import { begin, end, leftMs, sessions, use } from "../../../../host/web/server/sessions.ts";
import { millis } from "../../../../protocol/core/units.ts";

const token = (digit: number): string => digit.toString(16).padStart(64, "0");

describe("from elsewhere", () => {
  const outside = (rank: "player" | "operator" | "noPin") => ({ address: "192.168.1.20", rank });

  test("nothing of the table is told without a PIN, and the figures of a machine are", () => {
    for (const [name, { who }] of ROUTES) {
      const isOpen = ["session", "begin", "end", "health", "ready", "metrics", "openApi"].includes(name);
      expect(keptFrom(who, outside("player")), name).toBe(isOpen ? undefined : "PIN wanted");
      expect(keptFrom(who, outside("operator")), name).toBeUndefined();
      expect(keptFrom(who, { address: "127.0.0.1", rank: "player" }), name).toBe(
        who === "operators" ? "PIN wanted" : undefined,
      );
    }
    expect(keptFrom("operators", outside("noPin"))).toBe("no PIN");
  });

  test("a kiosk is asked by the names that it has there, and by no other", () => {
    const names = { port: 80, hosts: ["0.0.0.0", "kiosk.local", "fd00::7"] };
    const fault = (host: string, origin?: string) =>
      originFault(names, { host, origin, site: undefined, isVisit: false });
    for (const host of ["kiosk.local", "kiosk.local:80", "KIOSK.LOCAL", "[fd00::7]:80", "localhost"]) {
      expect(fault(host, `http://${host}`), host).toBeUndefined();
    }
    for (const host of ["kiosk.local:81", "evil.example", "kiosk.local.evil.example", "", "127.0.0.1.evil.example"]) {
      expect(fault(host), host).toBe("other host");
    }
    expect(fault("kiosk.local", "https://kiosk.local")).toBe("other site");
  });

  test("an address that was reached is a name as well, for no other site can have it", () => {
    const names = { port: 8080, hosts: ["kiosk.local"] };
    const fault = (host: string, reached: string | undefined) =>
      originFault(namesAt(names, reached), { host, origin: undefined, site: undefined, isVisit: false });
    expect(fault("192.168.1.5:8080", "::ffff:192.168.1.5")).toBeUndefined();
    expect(fault("[fd00::7]:8080", "fd00::7")).toBeUndefined();
    expect(fault("kiosk.local:8080", "192.168.1.5")).toBeUndefined();
    for (const reached of ["192.168.1.6", undefined]) expect(fault("192.168.1.5:8080", reached)).toBe("other host");
    expect(fault("evil.example:8080", "192.168.1.5")).toBe("other host");
  });

  test("what is this machine's own is known in every form", () => {
    for (const own of ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "localhost"])
      expect(isLoopback(own)).toBe(true);
    for (const other of ["0.0.0.0", "::", "10.0.0.1", "::ffff:10.0.0.1", "127.0.0.1.evil.example", ""]) {
      expect(isLoopback(other)).toBe(false);
    }
  });
});

describe("a PIN", () => {
  test("is kept as something that it cannot be read from, another each time", async () => {
    const [one, other] = [await pinRecord("31415926"), await pinRecord("31415926")];
    expect(one).not.toEqual(other);
    expect(JSON.stringify(one)).not.toContain("31415926");
    expect([await isPin(one, "31415926"), await isPin(one, "31415927"), await isPin(one, "")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("is read from its file as it was written, and from no other", async () => {
    const record = await pinRecord("31415926");
    expect(readPin(pinText(record))).toEqual(record);
    const wrong = ["", "{}", pinText({ ...record, salt: "" }), pinText({ ...record, hash: record.hash.toUpperCase() })];
    for (const text of [...wrong, pinText({ ...record, more: 1 } as never)]) expect(readPin(text)).toBeUndefined();
  });

  test("is long enough to be none that is tried first", () => {
    for (const [pin, isFine] of [
      ...([
        ["12345", false],
        ["777777", false],
        ["271828", true],
        ["x".repeat(64), false],
      ] as const),
      ...([
        ["correct horse", true],
        [`ab${"c".repeat(63)}`, false],
      ] as const),
    ]) {
      expect(pinFault(pin) === undefined, pin).toBe(isFine);
    }
  });

  test("is tried less and less often by one address, and whoever was right begins anew", () => {
    const of = pinTries(millis(0));
    let at = 0;
    const waits: number[] = [];
    for (let i = 0; i < 30; i++) {
      const wait = waitMs(of, "127.0.0.1", at) ?? 0;
      waits.push(wait);
      at += wait;
      onWrong(of, "127.0.0.1", at);
    }
    expect(waits.slice(0, 8)).toEqual([0, 0, 0, 0, 0, 1000, 2000, 4000]);
    expect(waits.at(-1)).toBe(limits.PIN_WAIT_MAX_MS);
    onRight(of, "127.0.0.1");
    expect(waitMs(of, "127.0.0.1", at)).toBeUndefined();
  });

  test("tried from a thousand addresses is tried no faster, and the kiosk's own screen does not wait for that", () => {
    const of = pinTries(millis(0));
    let tried = 0;
    for (let i = 0; i < 1000; i++) if (waitMs(of, `10.0.${i >> 8}.${i & 255}`, i) === undefined) tried += 1;
    expect(tried).toBe(limits.PIN_TRIES_PER_MINUTE);
    expect(waitMs(of, "127.0.0.1", 1000)).toBeUndefined();
    for (let i = 0; i < 5000; i++) onWrong(of, `a${i}`, 0);
    expect(of.wrong.size).toBe(limits.ADDRESSES_MAX);
  });
});

describe("sessions", () => {
  test("are some, of which the oldest goes", () => {
    const of = sessions();
    for (let i = 0; i <= limits.SESSIONS_MAX; i++) begin(of, token(i), 0);
    expect(leftMs(of, token(0), 0)).toBeUndefined();
    expect(leftMs(of, token(1), 0)).toBe(limits.SESSION_IDLE_MAX_MS);
    expect(JSON.stringify([...of.open])).not.toContain(token(1));
  });

  test("last as long as something is done, but not for ever", () => {
    const of = sessions();
    begin(of, token(1), 0);
    let at = 0;
    while (leftMs(of, token(1), at) !== undefined) {
      use(of, token(1), at);
      at += limits.SESSION_IDLE_MAX_MS / 2;
    }
    expect(at).toBe(limits.SESSION_MAX_MS);
    use(of, token(1), at);
    expect(leftMs(of, token(1), at)).toBeUndefined();
  });

  test("that were ended cannot be used again", () => {
    const of = sessions();
    begin(of, token(1), 0);
    end(of, token(1));
    use(of, token(1), 1);
    expect(leftMs(of, token(1), 1)).toBeUndefined();
  });

  test("are found by the cookie of their own port alone", () => {
    const cookies = `theme=dark; hardway-8081=${token(2)}; hardway-8080=${token(1)}`;
    expect(tokenIn(cookies, 8080)).toBe(token(1));
    expect(tokenIn(cookies, 8082)).toBeUndefined();
    expect(tokenIn("hardway-8080=short", 8080)).toBeUndefined();
    expect(tokenIn(undefined, 8080)).toBeUndefined();
  });
});

test("an address that asks too fast waits, others do not, and no number of them fills the memory", () => {
  const of = meter(10, 3);
  const ask = (address: string, at: number): boolean => mayAsk(of, address, at);
  expect([0, 1, 2, 3].map((at) => ask("a", at))).toEqual([true, true, true, false]);
  expect([ask("b", 3), ask("a", 103)]).toEqual([true, true]);
  for (let i = 0; i < 5000; i++) ask(`c${i}`, 200);
  expect(of.buckets.size).toBe(limits.ADDRESSES_MAX);
});

test("an address is found by its method and its path, whole", () => {
  expect(findRoute("GET", "/api/rolls/12")).toMatchObject({ name: "roll", numbers: { roll: 12 } });
  expect(findRoute("HEAD", "/health")).toMatchObject({ name: "health" });
  expect(findRoute("PUT", "/health")).toBe("no such way");
  for (const path of ["/api/rolls/12/", "/api/rolls", "/api/rolls/1/2", "/API/view", "api/view", ""]) {
    expect(findRoute("GET", path), path).toBeUndefined();
  }
});
