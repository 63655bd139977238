/** Craps behind agreement: the table machine, the dice that its kiosks throw together, and people who play. */
import type { App } from "../app.ts";
import type { Identity } from "../crypto.ts";
import type { Plan } from "../plan.ts";
import type { Kiosk, Sim } from "../sim.ts";
import { accuse } from "./accuse.ts";
import { throwOnce } from "./heal.ts";
import { checkLeaving } from "./leaving.ts";
import { hearPartial, look, startOwn } from "./own.ts";
import { press, wish } from "./play.ts";
import { crapsTable } from "./table.ts";
import { watched } from "./watched.ts";

export function crapsApp(plan: Plan, people: readonly Identity[]): App<Sim, Kiosk> {
  const of = crapsTable(plan, people);
  return {
    machineOf: (place) => (plan.faulty.some(({ kiosk }) => kiosk === place) ? of.machine : watched(of, place)),
    started(sim, kiosk) {
      of.where = sim;
      startOwn(sim, of, kiosk);
    },
    stepped(sim, kiosk) {
      accuse(sim, kiosk);
      look(sim, of, kiosk);
    },
    heard: (sim, kiosk, packet) => hearPartial(sim, of, kiosk, packet),
    leaves: (sim, kiosk, message) => checkLeaving(sim, of, kiosk, message),
    press: (sim) => press(sim, of),
    operation: (sim, kiosk, seat) => wish(sim.chances.load, of, kiosk, seat, false),
    finish: (sim, core, boundMs, runUntil) => throwOnce(sim, of, core, boundMs, runUntil),
    tally: of.tally,
  };
}
