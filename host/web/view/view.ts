/**
 * A kiosk as its pages see it: the port that the web server asks. What has changed is looked at some ten times a second and no
 * more, part by part; a part that is the same stays the same object.
 */
import type { Effect } from "../../engine/consensus/events.ts";
import { diceMonitor, rolled } from "../../engine/judge/dice-monitor.ts";
import { playersBook } from "../../node/players-book.ts";
import type { SeenRoll } from "../../node/roll-watch.ts";
import { type Answer, refused } from "../contract/answers.ts";
import { isPlayerOrder, type OperatorOrder, type PlayerOrder } from "../contract/orders.ts";
import type { KioskView } from "../contract/view.ts";
import { histogram, observe, ROUND_TRIP_BOUNDS_S } from "../server/histogram.ts";
import type { KioskNow, NearKioskPort } from "../server/kiosk-port.ts";
import { meshPart, ownLinks, type RadioPast, radiosPart } from "./air-parts.ts";
import { conductWatch, noConductWatch } from "./conduct-watch.ts";
import { type CrapsSight, crapsPart, ownPart } from "./craps-part.ts";
import { dicePart } from "./dice-part.ts";
import { healthNow } from "./health.ts";
import { DECIDED_EVERY_MS, LOOK_REST_TIMES, PLAY_EVERY_MS, REST_EVERY_MS } from "./limits.ts";
import { moments } from "./moments.ts";
import { ask, close, forget, note, orders, underWay } from "./orders.ts";
import { pair, pairingPart } from "./pairing.ts";
import { reachOf } from "./reach.ts";
import { recoveryPart } from "./recovery-part.ts";
import { fall, remembered, rollList, told } from "./roll-list.ts";
import type { AboutKiosk, SeenKiosk } from "./seen-kiosk.ts";
import { consensusPart, kioskPart, membersPart, mutedWords, tablePart } from "./table-parts.ts";
import { count, tally } from "./tally.ts";
import { type FoundEvidence, found, ledgerPart, trustPart } from "./trust-parts.ts";

export interface WatchedKiosk {
  /** Each roll as it is executed, those that the journal brings back as well. */
  readonly onRoll: (roll: SeenRoll) => void;
  /** Each effect when it is done. */
  readonly on: (effect: Effect) => void;
  /** It runs. Once. */
  readonly show: (seen: SeenKiosk) => NearKioskPort;
  /** Something that is no effect has changed, such as what an operator sees. */
  readonly look: () => void;
  /** It is being shut down: that is the last that pages see. */
  readonly end: () => void;
  readonly close: () => void;
}

type View = Omit<KioskView, "alerts">;

export function watchKiosk(about: AboutKiosk): WatchedKiosk {
  const { clock } = about;
  const at = moments(clock);
  const startedAt = at.now();
  const rolls = rollList();
  const asked = orders();
  const radioPast = new Map<string, RadioPast>();
  const playerOf = playersBook(about.rules);
  const listeners = new Set<() => void>();
  const counts = tally(0, 0);
  const { detection } = about.operator;
  const conduct = detection === undefined ? noConductWatch : conductWatch(detection);
  const dice = detection?.watchesDice === true ? diceMonitor() : undefined;
  const roundTrips = histogram(ROUND_TRIP_BOUNDS_S);
  let evidence: readonly FoundEvidence[] = [];
  let seen: SeenKiosk | undefined;
  let now: KioskNow | undefined;
  /** Of each part, as it was when it was last told apart. */
  const texts = new Map<string, string>();
  let pausedUntil = 0;
  let isEnding = false;
  /** The next look, by the running clock. */
  let dueAt = Number.POSITIVE_INFINITY;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let lookTookMs = 0;
  let restAt = Number.NEGATIVE_INFINITY;
  let callOff: () => void = () => {};
  let callOffRest: () => void = () => {};

  const running = (): SeenKiosk => {
    if (seen === undefined) throw new Error("a kiosk is shown when it runs");
    return seen;
  };
  const askedNow = () => ({ about, seen: running(), now: clock.now() });

  const build = (withRest: boolean): void => {
    const of = running();
    const { node } = of;
    const { replica } = node;
    const reach = reachOf(node.mesh, replica.members);
    const sight: CrapsSight = { about, seen: of, playerOf, rolls: rolls.shown, at };
    const until = node.isPaused() ? at.dateOf(pausedUntil) : null;
    const craps = crapsPart(sight);
    const muted = mutedWords(node, counts);
    const { verdict, recordCount } = node;
    const journal = { records: recordCount, verdict: verdict.type, sequence: began.sequence };
    const before = now?.view;
    const members = membersPart(about, of, reach, conduct, at);
    const names = members.map(({ name }) => name);
    if (withRest) {
      for (const [peer, health] of ownLinks(node.mesh, of.radios)) {
        if (health.roundTripMs !== undefined) observe(roundTrips, health.roundTripMs / 1_000);
        conduct.measured(peer, health, node.replica.timing.profile);
      }
    }
    const parts: View = {
      kiosk: kioskPart(about, of, startedAt, until),
      table: tablePart(about, of),
      members,
      consensus: consensusPart(of, counts),
      craps,
      own: ownPart(sight, (seat) => underWay(asked, seat)),
      rolls: rolls.shown,
      ledger: withRest || before === undefined ? audited(of, before) : before.ledger,
      radios: withRest || before === undefined ? radiosPart(of, radioPast, at.dateOf) : before.radios,
      mesh: withRest || before === undefined ? meshPart(of, reach) : before.mesh,
      recovery: recoveryPart({ seen: of, reach, craps, journal, isEnding, pausedUntil: until, muted, names, at }),
      trust: withRest || before === undefined ? trustPart(about, of, evidence, agreedDate) : before.trust,
      operator: {
        ...{ ...about.operator.part(), pairing: pairingPart(of.pairing, at) },
        dice: dice === undefined ? null : dicePart(dice),
      },
    };
    const changed = (Object.keys(parts) as (keyof View)[]).filter((name) => {
      if (before !== undefined && parts[name] === before[name]) return false;
      const text = JSON.stringify(parts[name]);
      if (texts.get(name) === text) return false;
      texts.set(name, text);
      return true;
    });
    if (changed.length === 0) return;
    const next: { -readonly [name in keyof View]: View[name] } = before === undefined ? parts : { ...before };
    for (const name of changed) put(next, name, parts);
    now = { revision: (now?.revision ?? 0) + 1, view: next };
    for (const listener of listeners) listener();
  };

  let began = { sequence: 0 };

  /** Where nothing moved, the last audit stands as it was. */
  const audited = (of: SeenKiosk, before: View | undefined) => {
    const fresh = ledgerPart(of, at.now());
    const last = before?.ledger ?? null;
    return last !== null && JSON.stringify({ ...fresh, auditedAt: last.auditedAt }) === JSON.stringify(last)
      ? last
      : fresh;
  };
  const agreedDate = (time: number): number => Math.max(0, Math.round(time));

  const look = (): void => {
    dueAt = Number.POSITIVE_INFINITY;
    if (seen === undefined) return;
    lookedAt = clock.now();
    const withRest = lookedAt >= restAt + REST_EVERY_MS;
    if (withRest) restAt = lookedAt;
    forget(asked, lookedAt);
    build(withRest);
    lookTookMs = clock.now() - lookedAt;
  };

  /** Soon: whatever else changes meanwhile is seen by the same look. */
  const wake = (everyMs = PLAY_EVERY_MS): void => {
    if (seen === undefined) return;
    const at = Math.max(
      clock.now(),
      lookedAt + Math.max(everyMs, Math.min(PLAY_EVERY_MS, LOOK_REST_TIMES * lookTookMs)),
    );
    if (at >= dueAt) return;
    callOff();
    dueAt = at;
    callOff = clock.after(at - clock.now(), look);
  };

  const beat = (): void => {
    wake();
    callOffRest = clock.after(REST_EVERY_MS, beat);
  };

  const order = async (wanted: PlayerOrder | OperatorOrder): Promise<Answer> => {
    const { node } = running();
    if (!isPlayerOrder(wanted)) {
      if (wanted.type === "pair") {
        const answer = pair(running().pairing, wanted.step, nextRevision());
        wake();
        return answer;
      }
      if (wanted.type !== "pause") return about.operator.order(wanted).finally(() => wake());
      pausedUntil = clock.now() + wanted.ms;
      node.pause(wanted.ms);
      wake();
      return { ok: true, revision: nextRevision(), words: wanted.ms === 0 ? "It goes on." : "It is paused." };
    }
    if (node.replica.me < 0) return refused("no table");
    if (isEnding) return refused("not now");
    if (node.isPaused()) return refused("paused");
    const seat = about.seats[wanted.seat ?? 0];
    if (seat === undefined) return refused("no such seat");
    const answered = ask(asked, wanted, seat, askedNow());
    wake();
    return answered;
  };

  /** What happens now is in the view after the next look. */
  const nextRevision = (): number => (now?.revision ?? 0) + 1;

  return {
    onRoll(roll) {
      fall(rolls, roll);
      if (dice !== undefined && roll.fell !== undefined) rolled(dice, roll.fell.first, roll.fell.second);
      wake(DECIDED_EVERY_MS);
    },
    on(effect) {
      count(counts, effect, clock.now());
      if (seen === undefined) return;
      conduct.see(effect, seen.node.replica);
      if (effect.type === "executed") told(rolls, effect, counts.certificate, seen.node.replica, at.now());
      if (effect.type === "evidence") evidence = found(evidence, effect, seen, at.now());
      note(asked, effect, askedNow(), nextRevision);
      if (effect.type === "executed" || effect.type === "answered") wake(DECIDED_EVERY_MS);
      else if (effect.type !== "say" && effect.type !== "send" && effect.type !== "persist") wake();
    },
    show(given) {
      seen = given;
      const { replica } = given.node;
      began = { sequence: replica.executed };
      counts.decided = Math.max(counts.decided, replica.decided);
      counts.view = Math.max(counts.view, replica.view);
      remembered(rolls);
      look();
      beat();
      return {
        view: () => now as KioskNow,
        onChange(listener) {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        order,
        proof: (roll) => rolls.proofs.get(roll),
        health() {
          const { view } = now as KioskNow;
          const of = running();
          const reach = reachOf(of.node.mesh, of.node.replica.members);
          return healthNow(of, view.recovery, reach, view.ledger?.isBalanced !== false);
        },
        figures: () => ({
          ...{ rounds: counts.rounds, requests: counts.requests, batches: counts.batches },
          ...{ batchLengthMax: about.batchLengthMax, latency: counts.latency },
          roundTrip: roundTrips,
          writtenBytes: about.operator.writtenBytes(),
          flushes: running().node.tally.flushes,
        }),
        settings: () => about.operator.settings(),
        logs: () => about.operator.logs(),
        ...(about.operator.exportLedger === undefined ? {} : { ledger: about.operator.exportLedger }),
      };
    },
    look: () => wake(),
    end() {
      isEnding = true;
      if (seen !== undefined) look();
    },
    close() {
      callOff();
      callOffRest();
      close(asked);
    },
  };
}

function put<Name extends keyof View>(
  next: { -readonly [name in keyof View]: View[name] },
  name: Name,
  parts: View,
): void {
  next[name] = parts[name];
}
