/** What happens at a moment, to whom. */

import { type Change, TableOperation } from "../../host/engine/consensus/table.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import { millis } from "../../protocol/core/units.ts";
import { KIOSK_SEAT } from "../../protocol/message/fields.ts";
import { localNow, WALL_MS, wallOf } from "./clock.ts";
import { schedule } from "./heap.ts";
import { feed, onPacket, onWake, start, wake } from "./kiosk.ts";
import { endLater } from "./later.ts";
import { onSubmitTime, submit } from "./load.ts";
import type { Mishap } from "./mishaps.ts";
import { part } from "./partitions.ts";
import { crash, die, name, spoil } from "./power.ts";
import { count, type Happening, type Kiosk, type Sim } from "./sim.ts";
import { tell } from "./story.ts";

export function onHappening(sim: Sim, what: Happening): void {
  const of = sim.kiosks[what.kiosk];
  switch (what.kind) {
    case "arrives":
      if (what.packet === undefined || of.replica === undefined || what.order <= sim.network.lostUpTo) return;
      if (of.pausedUntil > sim.now) postpone(sim, what, of.pausedUntil);
      else {
        onPacket(sim, of, what.packet);
        of.attacker?.turn();
      }
      return;
    case "wakes":
      if (what.boot !== of.boot || what.at !== of.wakesAt) return;
      if (of.pausedUntil > sim.now) {
        of.wakesAt = of.pausedUntil;
        postpone(sim, what, of.pausedUntil);
      } else {
        onWake(sim, of);
        of.attacker?.turn();
      }
      return;
    case "flushed":
    case "ends":
      if (what.kind === "flushed" && what.boot !== of.boot) return;
      (what.what as () => void)();
      return;
    case "submits":
      if (!sim.healed) onSubmitTime(sim);
      return;
    case "restarts":
      if (what.boot !== of.boot || of.absent) return;
      tell(sim, () => `${name(of)} starts`);
      start(sim, of);
      return;
    case "mishap":
      if (!sim.healed) onMishap(sim, what.what as Mishap);
      return;
  }
}

function postpone(sim: Sim, what: Happening, at: number): void {
  sim.order += 1;
  schedule(sim.heap, { ...what, at, order: sim.order });
}

function onMishap(sim: Sim, mishap: Mishap): void {
  tell(sim, () => `${mishap.kind} ${"kiosk" in mishap ? mishap.kiosk : ""}`);
  switch (mishap.kind) {
    case "powerCut":
      count(sim, mishap.kind);
      for (const of of sim.kiosks) crash(sim, of, mishap.downMs[of.place] ?? 0);
      return;
    case "newRules":
      count(sim, mishap.kind);
      for (const of of sim.kiosks) approve(sim, of, { type: "rules", version: mishap.version });
      return;
    case "symmetricPartition":
    case "oneWayPartition":
    case "bridgePartition":
    case "flappingPartition":
      count(sim, mishap.kind);
      part(sim, mishap);
      return;
    default:
      onOne(sim, sim.kiosks[mishap.kiosk], mishap);
  }
}

type Alone = Extract<Mishap, { readonly kiosk: number }>;

function onOne(sim: Sim, of: Kiosk, mishap: Alone): void {
  if (of.replica === undefined && mishap.kind !== "join") return;
  count(sim, mishap.kind);
  switch (mishap.kind) {
    case "crash":
      crash(sim, of, mishap.downMs);
      return;
    case "crashWithinStep":
      of.dyingAfter = mishap.effects;
      of.dyingDownMs = mishap.downMs;
      return;
    case "pause":
      of.pausedUntil = sim.now + mishap.ms;
      wake(sim, of);
      return;
    case "clogging":
      sim.network.cloggedUntil[mishap.kiosk * sim.kiosks.length + mishap.other] = sim.now + mishap.ms;
      return;
    case "clockSkew":
    case "clockJump":
      of.offsetMs = mishap.offsetMs;
      setClock(sim, of);
      return;
    case "bootIn1970":
      of.offsetMs = -WALL_MS;
      return;
    case "sleep":
      sleep(sim, of, mishap.ms);
      return;
    case "join":
      join(sim, of);
      return;
    case "leave":
      submit(sim, of, KIOSK_SEAT, encode(TableOperation, { type: "leave" }));
      return;
    case "lyingDisk":
      // From now on nothing reaches the disk; at the next moment that it matters, it is gone.
      of.disk.lyingSince ??= of.disk.records.length;
      endLater(sim, mishap.downMs, () => die(sim, of, mishap.downMs));
      return;
    case "rolledBackDisk":
    case "damagedDisk":
      die(sim, of, mishap.downMs);
      spoil(sim, of, mishap.kind);
      return;
  }
}

export function setClock(sim: Sim, of: Kiosk): void {
  if (of.replica === undefined) return;
  const at = millis(Math.max(localNow(of, sim.now), of.replica.now));
  feed(sim, of, { type: "clock", at, wallMs: wallOf(of, sim.now) }, undefined);
}

/** Its heartbeats say so, and its radio answers late. */
function sleep(sim: Sim, of: Kiosk, ms: number): void {
  sim.network.sleepyUntil[of.id] = sim.now + ms;
  tellAsleep(sim);
  endLater(sim, ms, () => tellAsleep(sim));
}

function tellAsleep(sim: Sim): void {
  for (const of of sim.kiosks) {
    const { replica } = of;
    if (replica === undefined) continue;
    let members = 0;
    replica.members.forEach((key, at) => {
      const sleeper = sim.kiosks.find((each) => each.identity.key[0] === key[0]);
      if (sleeper !== undefined && sim.network.sleepyUntil[sleeper.id] > sim.now) members |= 1 << at;
    });
    feed(sim, of, { type: "asleep", at: millis(Math.max(localNow(of, sim.now), replica.now)), members }, undefined);
  }
}

/** It hears everything at once, and is a member when the others have ordered it. */
function join(sim: Sim, of: Kiosk): void {
  if (!of.absent) return;
  of.absent = false;
  start(sim, of);
  for (const other of sim.kiosks) {
    if (other !== of) approve(sim, other, { type: "admit", key: of.identity.key });
  }
}

function approve(sim: Sim, of: Kiosk, change: Change): void {
  if (of.replica === undefined || of.replica.me < 0) return;
  submit(sim, of, KIOSK_SEAT, encode(TableOperation, { type: "approve", change }));
}
