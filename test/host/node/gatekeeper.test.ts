import { expect, test } from "vitest";
import { BAN_MS, NEW_CONNECTIONS_MAX, NEW_CONNECTIONS_RESERVED, VIOLATIONS_MAX } from "../../../host/mesh/limits.ts";
import type { LinkEnds } from "../../../host/node/bare-transport.ts";
import {
  bring,
  charge,
  enter,
  type Gatekeeper,
  gatekeeper,
  leave,
  prove,
  type Visit,
} from "../../../host/node/gatekeeper.ts";
import { RADIOS_KNOWN_MAX } from "../../../host/node/limits.ts";
import { PACKET_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { millis } from "../../../protocol/core/units.ts";
import { radioOf } from "./secured-neighbours.ts";

const KEY = new Uint8Array(32).fill(9);
const own = radioOf(0, 0);
const from = (radio: number): LinkEnds => ({ role: "server", own, other: radioOf(radio, 0), expected: undefined });
const to = (radio: number): LinkEnds => ({ ...from(radio), role: "client" });

function entered(of: Gatekeeper, ends: LinkEnds, at: number): Visit {
  const entry = enter(of, ends, millis(at));
  if (!entry.ok) throw new Error(entry.why);
  return entry.visit;
}

const wrong = (of: Gatekeeper, visit: Visit, at: number): (string | undefined)[] =>
  Array.from({ length: VIOLATIONS_MAX }, () => charge(of, visit, millis(at)));

test("strangers come few at a time, and one who comes and goes is left out; whom this kiosk calls may come and go", () => {
  const of = gatekeeper(millis(0));
  for (let i = 0; i < NEW_CONNECTIONS_MAX - NEW_CONNECTIONS_RESERVED; i++) entered(of, from(i), 0);
  expect(enter(of, from(50), millis(1))).toEqual({ ok: false, why: "too many new links" });
  for (let i = 1; i < 30; i++) leave(of, entered(of, to(60), i), millis(i));
  const flapping = gatekeeper(millis(0));
  for (let i = 0; i < 3; i++) leave(flapping, entered(flapping, from(1), i), millis(i));
  expect(enter(flapping, from(1), millis(3))).toEqual({ ok: false, why: "cooling down" });
});

test("a radio that brought a member may come and go, however often its kiosk is restarted [H11]", () => {
  const of = gatekeeper(millis(0));
  for (let i = 0; i < 30; i++) {
    const visit = entered(of, from(1), i);
    expect(prove(of, visit, KEY, millis(i))).toBe(undefined);
    leave(of, visit, millis(i));
  }
  // Nobody else is let in for that.
  for (let i = 0; i < 3; i++) leave(of, entered(of, from(2), 40), millis(40));
  expect(enter(of, from(2), millis(41))).toEqual({ ok: false, why: "cooling down" });
});

test("who is wrong too often is banned: a stranger by its address, a member by its key, whatever radio it takes [H11]", () => {
  const of = gatekeeper(millis(0));
  const stranger = entered(of, from(1), 0);
  expect(wrong(of, stranger, 1)).toEqual([undefined, undefined, "banned"]);
  leave(of, stranger, millis(1));
  expect(enter(of, from(1), millis(BAN_MS))).toEqual({ ok: false, why: "banned" });
  expect(enter(of, from(1), millis(BAN_MS + 1)).ok).toBe(true);
  const member = entered(of, to(2), BAN_MS + 1);
  prove(of, member, KEY, millis(BAN_MS + 1));
  expect(wrong(of, member, BAN_MS + 2)).toEqual([undefined, undefined, "banned"]);
  // Also whom this kiosk calls, before it has proved anything.
  const called = entered(of, to(5), BAN_MS + 2);
  expect(wrong(of, called, BAN_MS + 2)).toEqual([undefined, undefined, "banned"]);
  expect(enter(of, to(5), millis(BAN_MS + 3))).toEqual({ ok: false, why: "banned" });
  const other = entered(of, to(3), BAN_MS + 3);
  expect(prove(of, other, KEY, millis(BAN_MS + 3))).toBe("banned");
  expect(prove(of, entered(of, to(4), BAN_MS + 3), new Uint8Array(32), millis(BAN_MS + 3))).toBe(undefined);
});

test("a stranger brings packets at the pace of admission, and a member at its own", () => {
  const of = gatekeeper(millis(0));
  const stranger = entered(of, from(1), 0);
  const whys = Array.from({ length: 60 }, () => bring(of, stranger, 100, millis(0)));
  expect(whys.filter((why) => why === undefined)).toHaveLength(50);
  expect(new Set(whys)).toEqual(new Set([undefined, "too fast"]));
  expect(bring(of, stranger, PACKET_SIZE_MAX + 1, millis(1000))).toBe("too large");
  prove(of, stranger, KEY, millis(1000));
  for (let i = 0; i < 1000; i++) expect(bring(of, stranger, 100, millis(1000))).toBe(undefined);
});

test("what it remembers is bounded, however many come", () => {
  const of = gatekeeper(millis(0));
  for (let i = 0; i < 2000; i++) {
    const at = millis(i * 1000);
    const entry = enter(of, i % 2 === 0 ? from(i % 256) : to(i % 256), at);
    if (!entry.ok) continue;
    if (i % 3 === 0) prove(of, entry.visit, new Uint8Array(32).fill(i), at);
    charge(of, entry.visit, at);
    leave(of, entry.visit, at);
  }
  expect(of.known.length).toBe(RADIOS_KNOWN_MAX);
  expect(of.admission.links.size).toBe(0);
  expect(of.admission.peers.size).toBeLessThan(160);
});
