/** Everything as it is before the first moment. */

import { keyValueMachine } from "../../host/engine/keyvalue/key-value-machine.ts";
import { attackerOf } from "./attackers/attack.ts";
import { conspiracy } from "./attackers/conspiracy.ts";
import { setRate } from "./clock.ts";
import { crapsApp } from "./craps/craps-app.ts";
import { identities } from "./crypto.ts";
import { schedule } from "./heap.ts";
import { histories } from "./histories.ts";
import { epochOf } from "./invariants/members.ts";
import { checker } from "./invariants/seen.ts";
import { BAD_DISKS, type BadDisk } from "./kinds.ts";
import { kiosk, start } from "./kiosk.ts";
import { firstSubmit } from "./load.ts";
import { network } from "./network.ts";
import { type Plan, STREAMS, stream } from "./plan.ts";
import type { Kiosk, Sim } from "./sim.ts";

export function simOf(plan: Plan, tells: boolean): Sim {
  const { seed } = plan;
  const known = histories();
  const people = identities(plan.kiosks, stream(seed, STREAMS.keys), plan.real, known);
  const app = plan.app === "craps" ? crapsApp(plan, people) : undefined;
  const machineOf = (place: number) => app?.machineOf(place) ?? keyValueMachine;
  const encodes = plan.real || seed % 16 === 5;
  const kiosks = people.map((identity, place) => {
    const kind = plan.faulty.find((each) => each.kiosk === place)?.kind;
    const badDisk = BAD_DISKS.includes(kind as BadDisk) ? (kind as BadDisk) : undefined;
    return kiosk(place, place, identity, encodes, badDisk, machineOf(place));
  });
  for (const place of plan.faulty.filter(({ kind }) => kind === "twins").map((each) => each.kiosk)) {
    kiosks.push(kiosk(kiosks.length, place, people[place], encodes, undefined, machineOf(place)));
  }
  const sim: Sim = {
    ...{ plan, now: 0, order: 0, heap: [], kiosks, identities: people, histories: known },
    network: network(stream(seed, STREAMS.network), plan.air, kiosks.length),
    ...{ checker: checker(people.length), app },
    chances: {
      disk: stream(seed, STREAMS.disk),
      load: stream(seed, STREAMS.load),
      attack: stream(seed, STREAMS.attack),
      strike: stream(seed, STREAMS.strike),
    },
    ...{
      counts: {},
      attacks: {},
      trace: seed | 0,
      events: 0,
      submitted: 0,
      struck: 0,
      healed: false,
      story: tells ? [] : undefined,
    },
  };
  attack(sim);
  sim.checker.epochs[0] = epochOf(
    sim,
    plan.founders.map((place) => people[place].key),
  );
  for (const place of plan.joiners) kiosks[place].absent = true;
  for (const mishap of plan.mishaps) {
    const { kind } = mishap;
    if (mishap.at === 0 && (kind === "clockSkew" || kind === "bootIn1970")) beforeBoot(kiosks[mishap.kiosk], mishap);
    sim.order += 1;
    schedule(sim.heap, {
      at: mishap.at,
      order: sim.order,
      kind: "mishap",
      kiosk: 0,
      boot: 0,
      packet: undefined,
      what: mishap,
    });
  }
  for (const each of kiosks) if (!each.absent) start(sim, each);
  firstSubmit(sim);
  return sim;
}

function attack(sim: Sim): void {
  const shared = conspiracy();
  for (const of of sim.kiosks) {
    const kind = sim.plan.faulty.find((each) => each.kiosk === of.place)?.kind;
    if (kind === undefined || BAD_DISKS.includes(kind as BadDisk)) continue;
    const { ports } = of.identity;
    shared.ports.set(of.place, ports);
    of.attacker = attackerOf(kind as never, { sim, kiosk: of, chance: sim.chances.attack, ports, conspiracy: shared });
  }
}

/** What a clock shows at boot is what it is founded with. */
function beforeBoot(of: Kiosk, mishap: Plan["mishaps"][number]): void {
  if (mishap.kind === "bootIn1970") of.offsetMs = Number.NEGATIVE_INFINITY;
  else if (mishap.kind === "clockSkew") {
    of.offsetMs = mishap.offsetMs;
    setRate(of, 0, mishap.rate);
  }
}
