import { describe, expect, test } from "vitest";
import { LATE_MAX_MS } from "../../../host/secure/limits.ts";
import { chance, drawBytes } from "../../../protocol/core/chance.ts";
import { eavesdrop, type Known } from "./eavesdropper.ts";
import { opened, PROLOGUE, pass, passAll, type Rig, rig, SECRET, say, seedOf, wait } from "./rig.ts";

/** Both hosts' static keys and identities' seeds, and the table's secret: all that outlives a session. */
const longTerm = (isSecret: boolean): Known => ({
  secrets: [seedOf(101), seedOf(102), seedOf(1), seedOf(2)],
  tableSecret: isSecret ? SECRET : undefined,
  prologue: PROLOGUE,
});

function talk(of: Rig, count: number): void {
  for (let at = 0; at < count; at++) {
    say(of, "client", Uint8Array.of(1, at));
    say(of, "server", Uint8Array.of(2, at));
    passAll(of);
  }
}

/** By a rig's client: its ephemeral key. */
const firstDrawn = (): Uint8Array => drawBytes(chance(2), 32);

/** All keys of 32 bytes in what a host remembers. */
function seized(of: Rig): Uint8Array[] {
  const { current, previous } = of.server.link;
  return [current, previous].flatMap((session) =>
    session === undefined ? [] : [session.sending.key, ...session.receiving.keys.map(({ key }) => key)],
  );
}

describe.each([
  ["a table's secret", true],
  ["no secret", false],
])("a captured session, agreed on with %s", (_, isSecret) => {
  test("cannot be read with all long-term keys taken later: nothing of it opens [I12]", () => {
    const of = opened({ isSecret });
    talk(of, 150);
    expect(eavesdrop(of.overheard, longTerm(isSecret))).toEqual({ openedCount: 0, bodies: [] });
  });

  test("can be read by the same means with one key more, which is wiped when the handshake ends [I12]", () => {
    const of = opened({ isSecret });
    talk(of, 150);
    const known = longTerm(isSecret);
    const ephemeral = firstDrawn();
    const read = eavesdrop(of.overheard, { ...known, secrets: [...known.secrets, ephemeral] });
    expect([read.openedCount, read.bodies.length]).toEqual([4, 300]);
    const kept = JSON.stringify([of.client.link, of.server.link], (__, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value,
    );
    expect(kept).not.toContain(Buffer.from(ephemeral).toString("hex"));
  });
});

test("fresh keys are zeros as soon as they have served, wherever they are still held [I12]", () => {
  const of = rig();
  pass(of);
  const keys = [of.client, of.server].map(({ link }) => link.attempt?.handshake.ephemeral?.secret as Uint8Array);
  expect(keys.map((key) => key.some((byte) => byte !== 0))).toEqual([true, true]);
  passAll(of);
  expect(keys.map((key) => key.every((byte) => byte === 0))).toEqual([true, true]);
});

test("who takes a host's memory reads on from the key in use, and nothing under those before it [I12]", () => {
  const of = opened();
  talk(of, 250);
  wait(of, LATE_MAX_MS);
  const known = { ...longTerm(true), keys: seized(of).map((key) => key.slice()) };
  talk(of, 120);
  // Two hundred of each direction, of which one was the server's confirmation, are under keys that are gone.
  const { openedCount, bodies } = eavesdrop(of.overheard, known);
  expect([openedCount, bodies.length]).toEqual([0, 50 + 51 + 240]);
  expect(bodies.slice(0, 101).every((body) => body[1] >= 199)).toBe(true);
});
