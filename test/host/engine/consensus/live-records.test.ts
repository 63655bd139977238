import { expect, test } from "vitest";
import { verifyCertificate } from "../../../../host/engine/consensus/certificates.ts";
import { liveRecords } from "../../../../host/engine/consensus/live-records.ts";
import { low, placeAt } from "../../../../host/engine/consensus/log.ts";
import { Record } from "../../../../host/engine/consensus/records.ts";
import { recover } from "../../../../host/engine/consensus/restart.ts";
import type { Replica } from "../../../../host/engine/consensus/state.ts";
import { TableOperation } from "../../../../host/engine/consensus/table.ts";
import { KeyValueOperation } from "../../../../host/engine/keyvalue/operation.ts";
import type { Certificate } from "../../../../protocol/agreement/certificate.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../../protocol/bytes/equal.ts";
import { utf8Encode } from "../../../../protocol/bytes/utf8.ts";
import { assert } from "../../../../protocol/core/assert.ts";
import { type Chance, chance, draw, drawBelow } from "../../../../protocol/core/chance.ts";
import { KIOSK_SEAT } from "../../../../protocol/message/fields.ts";
import { type Kiosk, type Rig, restart, rig, run, submit } from "../../../simulator/rig.ts";

/** All that a kiosk is held to, or needs to go on from. What is decided above the stable checkpoint needs no claim any more. */
function promises(of: Replica<unknown>) {
  const below = settled(of);
  // Who has left, or is about to, has nothing to ask for.
  const isMember = of.me >= 0 && of.state.table.members.some((key) => bytesEqual(key, of.key));
  const own = isMember ? of.pools[of.me]!.waiting : [];
  const from = Math.max(low(of), of.start.sequence);
  const reach = (position: number): number => Math.max(position, from);
  const { proposed, prepared, committed } = of.said;
  return {
    ...{ epoch: of.epoch, members: of.members, me: of.me, epochStart: of.epochStart },
    ...{ view: of.view, viewOver: of.viewOver, phase: of.phase, wanted: of.wanted, newView: of.newView },
    start: of.start.sequence >= low(of) ? of.start : placeAt(of, low(of)),
    ...{ stable: of.stable, lineage: of.lineage, executed: of.executed, decided: of.decided, state: of.state },
    said: [reach(proposed), reach(prepared), reach(committed)],
    ballot: of.ownBallot?.view === of.view ? of.ownBallot : undefined,
    claims: of.slots.flatMap(({ sequence, claim }) => (sequence > below && claim ? [{ sequence, ...claim }] : [])),
    decision:
      of.decision === undefined || below === low(of) ? undefined : [of.decision.place, of.decision.certificate.ballots],
    wish: of.phase === "changing" ? of.viewChanges[of.me] : undefined,
    requests: own.map((held) => held?.signed),
    unsigned: isMember ? of.unsigned.map(({ request }) => request) : [],
    // Who is no member any more counts anew when it is one again.
    ...{ lastNumber: isMember ? of.lastNumber : 0, mutedUntil: of.mutedUntil },
    batches: of.slots.flatMap(({ sequence, name, batch }) =>
      sequence > of.executed && name !== undefined && batch !== undefined ? [{ sequence, name, batch }] : [],
    ),
  };
}

const settled = (of: Replica<unknown>): number => Math.max(low(of), of.decision?.place.sequence ?? 0);

const isCovered = (certificate: Certificate, by: Replica<unknown>): boolean =>
  by.certificates.some(({ sequence, view }) => sequence >= certificate.sequence && view >= certificate.view);

const replay = ({ founding, world, replica }: Kiosk, records: readonly Record[]) =>
  recover({ ...founding, at: replica.now }, records, undefined, world);

/** Through the bytes, as a journal keeps them. */
function stored(record: Record): Record {
  const decoded = decode(Record, encode(Record, record));
  assert(decoded.ok, "what was written can be read");
  return decoded.value;
}

/** One promise after the other, in words that a person can compare. */
function same(left: Replica<unknown>, right: Replica<unknown>): void {
  const [ours, theirs] = [promises(left), promises(right)];
  for (const key of Object.keys(ours) as (keyof typeof ours)[]) expect(plain(ours[key]), key).toBe(plain(theirs[key]));
}

const plain = (value: unknown): string =>
  JSON.stringify(value, (_, each) => (each instanceof Uint8Array ? Buffer.from(each).toString("hex") : each)) ?? "";

/** Shortened, and shortened again from what a restart makes of it. */
function check(kiosk: Kiosk): { readonly all: number; readonly live: number } {
  const { journal, founding } = kiosk;
  const whole = replay(kiosk, journal.map(stored));
  const live = liveRecords(kiosk.replica, founding.members).map(stored);
  const short = replay(kiosk, live);
  same(short, whole);
  // Of what was prepared the living may know more than was ever written.
  for (const each of whole.certificates) expect(each.sequence <= settled(short) || isCovered(each, short)).toBe(true);
  const again = replay(kiosk, liveRecords(short, founding.members).map(stored));
  same(again, whole);
  for (const certificate of short.certificates) {
    if (certificate.sequence > low(short))
      expect(verifyCertificate(short, kiosk.world.ports, certificate)).toMatchObject({ ok: true });
  }
  return { all: journal.length, live: live.length };
}

/** A table with everything that happens to tables: loss, parts that do not hear each other, deaths, members that leave. */
function table(seed: number): { readonly of: Rig; readonly source: Chance } {
  const source = chance(seed);
  const n = 4 + drawBelow(source, 3);
  const of = rig(n, {
    checkpointEvery: 4 + drawBelow(source, 10),
    window: 1 + drawBelow(source, 8),
    batchLengthMax: 1 + drawBelow(source, 10),
    fastPath: draw(source) < 0.7,
    bundles: draw(source) < 0.7,
  });
  const loss = draw(source) < 0.3 ? 0 : draw(source) * 0.3;
  of.drop = () => draw(source) < loss;
  return { of, source };
}

function turn(of: Rig, source: Chance, count: number): void {
  const n = of.kiosks.length;
  const who = drawBelow(source, n);
  const value = { type: "set", key: utf8Encode(`k${count % 9}`), value: utf8Encode(`${count}`) } as const;
  for (let more = drawBelow(source, 6); more > 0; more--) submit(of, who, encode(KeyValueOperation, value));
  const what = draw(source);
  if (what < 0.08) of.kiosks[drawBelow(source, n)]!.up = false;
  else if (what < 0.2) for (let i = 0; i < n; i++) if (!of.kiosks[i]!.up) restart(of, i);
  if (what > 0.98 && n > 4) submit(of, who, encode(TableOperation, { type: "leave" }), KIOSK_SEAT);
  run(of, of.now + drawBelow(source, 150));
}

/** As many tables as it takes to meet everything, and no fewer than these. */
const TABLES_MIN = 5;
const TABLES_MAX = 40;
const TURNS = 30;

/** Turns that ask much of a journal: how often each was met. */
const seen = (of: Replica<unknown>) => ({
  views: of.view > 0,
  epochs: of.epoch > 0,
  changing: of.phase === "changing",
  oldClaims: of.slots.some(
    ({ sequence, claim }) => sequence > settled(of) && claim !== undefined && claim.view < of.view,
  ),
  certificates: of.certificates.some(({ sequence }) => sequence > settled(of)),
  undecided: of.said.prepared > settled(of),
  waiting: of.me >= 0 && of.pools[of.me]!.waiting.length > 0,
});

test("a journal made short promises what the whole one did, at whatever moment, and so does one made shorter again", () => {
  let [all, live] = [0, 0];
  const met: { [what: string]: number } = {};
  const isAllMet = (): boolean => Object.values(met).every((count) => count > 0);
  for (let seed = 1; seed <= TABLES_MIN || (seed <= TABLES_MAX && !isAllMet()); seed++) {
    const { of, source } = table(seed);
    for (let count = 0; count < TURNS; count++) {
      turn(of, source, count);
      const kiosk = of.kiosks[drawBelow(source, of.kiosks.length)]!;
      if (!kiosk.up) continue;
      try {
        const sizes = check(kiosk);
        all += sizes.all;
        live += sizes.live;
      } catch (error) {
        throw new Error(`seed ${seed}, turn ${count}: ${(error as Error).message}`, { cause: error });
      }
      for (const [what, is] of Object.entries(seen(kiosk.replica))) met[what] = (met[what] ?? 0) + (is ? 1 : 0);
    }
  }
  for (const [what, count] of Object.entries(met)) expect(count, what).toBeGreaterThan(0);
  expect(live * 2).toBeLessThan(all);
});
