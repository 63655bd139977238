/** A kiosk that plays alone: its view is whole, a bet is judged by the game's own rules, and whatever else is wanted of it is set by
 * the test. */
import { USUAL_CONFIG } from "../../../../host/engine/games/craps/config.ts";
import { craps } from "../../../../host/engine/games/craps/craps.ts";
import { emptyTable } from "../../../../host/engine/games/craps/state.ts";
import { type Answer, refused } from "../../../../host/web/contract/answers.ts";
import type { Order } from "../../../../host/web/contract/orders.ts";
import type { RollProof } from "../../../../host/web/contract/roll-proof.ts";
import type { KioskView } from "../../../../host/web/contract/view.ts";
import type { Figures } from "../../../../host/web/server/figures.ts";
import { type Health, healthOf } from "../../../../host/web/server/health.ts";
import { histogram, LATENCY_BOUNDS_S, ROUND_TRIP_BOUNDS_S } from "../../../../host/web/server/histogram.ts";
import type { KioskPort } from "../../../../host/web/server/kiosk-port.ts";

export type FakeView = Omit<KioskView, "alerts">;

export interface FakeKiosk {
  readonly port: KioskPort;
  readonly orders: Order[];
  /** Replaces parts of the view, and tells whoever listens. */
  readonly change: (parts: Partial<FakeView>) => void;
  view: FakeView;
  figures: Figures;
  health: Health;
  /** Of a roll whose number it is. */
  proof: RollProof | undefined;
  /** What is answered in the place of what the game says. */
  answer: ((order: Order) => Promise<Answer>) | undefined;
}

const KEYS = ["a1", "b2", "c3", "d4"].map((byte) => byte.repeat(32));
const BEGAN = 1_800_000_000_000;

export function fakeKiosk(): FakeKiosk {
  let revision = 1;
  const listeners = new Set<() => void>();
  const kiosk: FakeKiosk = {
    ...{ orders: [], view: fakeView(), figures: fakeFigures(), health: HEALTHY, proof: undefined, answer: undefined },
    change(parts) {
      revision += 1;
      kiosk.view = { ...kiosk.view, ...parts };
      now = { revision, view: kiosk.view };
      for (const listener of listeners) listener();
    },
    port: {
      view: () => now,
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      order(order) {
        kiosk.orders.push(order);
        return kiosk.answer?.(order) ?? Promise.resolve(play(kiosk, order, () => revision));
      },
      proof: (roll) => (roll === 7 ? kiosk.proof : undefined),
      health: () => kiosk.health,
      figures: () => kiosk.figures,
      settings: () => ({ schema: { type: "object" }, settings: [] }),
      logs: () => ({ level: "info", levels: {}, lines: [] }),
    },
  };
  let now = { revision, view: kiosk.view };
  return kiosk;
}

/** A bet lies there at once; all else is done without a trace. */
function play(kiosk: FakeKiosk, order: Order, revision: () => number): Answer {
  const { craps: table, own } = kiosk.view;
  if (order.type === "bet" && table !== null) {
    const state = structuredClone(table.state);
    const [{ place, free }] = own;
    if (place === null) return refused("does not sit");
    const { code, chips } = order;
    const moved = craps.moves.bet(table.config, state, place, { type: "bet", code, chips }, { free, bank: table.bank });
    if (!moved.ok) return { ok: false, why: moved.why, words: craps.strings.en[moved.why], next: null };
    kiosk.change({ craps: { ...table, state }, own: [{ ...own[0], free: free - moved.staked }] });
  }
  return { ok: true, revision: revision(), words: "" };
}

const HEALTHY: Health = healthOf(
  [
    { component: "engine", state: "ok", words: "sequence 120" },
    { component: "radios", state: "ok", words: "3 of 3 answer" },
    { component: "storage", state: "ok", words: "the journal is written" },
  ],
  { isReady: true, awaits: "" },
);

const fakeFigures = (): Figures => ({
  ...{ rounds: 120, requests: 180, batches: 120, batchLengthMax: 50, writtenBytes: 65_536, flushes: 240 },
  ...{ latency: histogram(LATENCY_BOUNDS_S), roundTrip: histogram(ROUND_TRIP_BOUNDS_S) },
});

const FAULTY = KEYS.map((_, kiosk) => ({ kiosk, name: `kiosk ${kiosk + 1}`, isKilled: false, cheat: null }));

export function fakeView(): FakeView {
  const members: FakeView["members"] = KEYS.map((key, member) => ({
    ...{ member, key, name: `kiosk ${member + 1}`, isMe: member === 0, isPrimary: member === 1 },
    ...{ link: member === 0 ? "self" : "near", heardAt: member === 0 ? null : BEGAN, trust: 1 },
    ...{ reputation: member === 0 ? null : 0.95, oddities: [], isQuarantined: false },
  }));
  const pairs = KEYS.flatMap((_, from) => KEYS.flatMap((_, to) => (from === to ? [] : [{ from, to }])));
  return {
    kiosk: {
      ...{ name: "kiosk 1", version: "0.1.0", key: KEYS[0], member: 0, startedAt: BEGAN, isPlayMoney: true },
      ...{ isVirtual: true, pausedUntil: null },
    },
    table: { id: "0f".repeat(16), epoch: 0, game: "craps", seatsMax: 8, faultsMax: 1 },
    members,
    consensus: {
      ...{ view: 3, sequence: 120, primary: 1, isChanging: false, viewChanges: 3, operations: 180 },
      ...{ fast: 90, slow: 30, waiting: 1, latenciesMs: [410, 520], muted: null },
    },
    craps: {
      ...{ config: USUAL_CONFIG, state: emptyTable(4), bank: 1_000_000, closesAt: null, rolling: null, lastRoll: 6 },
      players: KEYS.map((_, member) => ({
        ...{ member, seat: 0, name: `player ${member + 1}`, isMine: member === 0 },
        ...{ free: 1000, worth: 1000, lastNet: null },
      })),
    },
    own: [
      {
        ...{ seat: 0, place: 0, free: 1000, locked: 0, worth: 1000, rebuysLeft: 3, underWay: 0 },
        ...{ whyNoSit: "sits already", whyNoLeave: null, whyNoRebuy: "has chips" },
      },
    ],
    rolls: [
      {
        ...{ roll: 6, sequence: 110, view: 3, primary: 1, at: BEGAN, point: 0, shooter: 2 },
        fell: { first: 3, second: 4, proofDigest: "5c".repeat(32) },
        seats: [
          {
            ...{ place: 0, member: 0, net: 10 },
            bets: [{ code: 0, name: "pass", stake: 10, type: "won", net: 10 }],
          },
        ],
      },
    ],
    ledger: {
      ...{ minted: 1_004_000, bank: 1_000_000, reserved: 0, pool: 0, burned: 0, free: 4000, locked: 0, staked: 0 },
      ...{ accounts: 4, isBalanced: true, fault: null, difference: 0, auditedAt: BEGAN },
    },
    radios: [
      {
        ...{ device: "/dev/serial/by-id/radio-1", board: "esp32", build: "0011223344556677", state: "up", isUp: true },
        ...{
          words: "up",
          role: "dual",
          links: 3,
          batteryPercent: 80,
          power: "active",
          since: 1_790_000_000_000,
          reconnects: 1,
        },
        counters: { "serial.damaged": 2, "serial.resent": 5 },
      },
    ],
    mesh: {
      links: pairs.map((pair) => ({ ...pair, isUp: true, rssiDbm: -60, loss: 0.02, roundTripMs: 40 })),
      ...{ parts: [[0, 1, 2, 3]], isPartitioned: false, connectivity: 3 },
      ...{ sent: 980, dropped: 15, unknown: 5, overtaken: 0, refused: { repeated: 12 } },
    },
    recovery: {
      ...{ state: "playing", words: "Playing.", behind: null },
      waits: [{ for: "shooter", members: [2], since: BEGAN, until: null }],
      journal: { records: 42, verdict: "sound", sequence: 80 },
    },
    trust: { evidence: [], upheld: 0, dismissed: 0 },
    operator: {
      faults: { whyNot: null, loss: 0, groups: [], kiosks: FAULTY },
      ...{
        backups: [],
        writtenBytesADay: 40_000_000,
        dice: { rolls: 3, faces: [1, 0, 2, 1, 1, 1], alarm: 0.01, alarmedAt: null },
      },
      pairing: { stage: "none", code: null, words: "", peer: null, endsAt: null },
    },
  };
}
