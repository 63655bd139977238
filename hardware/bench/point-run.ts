/** One measurement of one point, in phases: prepare, settle, measure, and take down again, which always happens. */
import type { Told } from "../../host/radio/run-driver.ts";
import { give, measure } from "./measure.ts";
import { prepare } from "./prepare.ts";
import { type Attempt, NAMES, type Run, radioOf, type Setup } from "./run.ts";
import { takeDown } from "./take-down.ts";
import { onTold as onTieTold, tiesOf } from "./ties.ts";
import { onArrived, onLinkDown, onSettled } from "./traffic.ts";

export async function runAttempt(setup: Setup): Promise<Attempt> {
  const run: Run = {
    ...setup,
    ties: tiesOf(setup.edges, setup.radios),
    timeoutFactor: Math.max(...setup.members.map((radio) => radio.timeoutFactor)),
    load: undefined,
    pumping: false,
    gone: undefined,
    counted: new Map(setup.members.map(({ name }) => [name, []])),
  };
  for (const { name } of setup.members) radioOf(run, name).on = (told) => onTold(run, name, told);
  try {
    return (await prepare(run)) ?? (await measure(run));
  } finally {
    run.pumping = false;
    await takeDown(run);
    for (const { name } of setup.members) radioOf(run, name).on = () => {};
  }
}

function onTold(run: Run, name: string, told: Told): void {
  onTieTold(run.ties, name, told);
  const { load } = run;
  const now = run.ports.place.now();
  switch (told.type) {
    case "settled":
      if (load === undefined || Math.floor(told.id / NAMES) !== run.number) break;
      onSettled(load, name, told.id % NAMES, told.outcome, now);
      if (run.pumping) give(run, load);
      break;
    case "arrived":
      if (load !== undefined) onArrived(load, name, told.link, told.packet, now);
      break;
    case "down":
      if (load !== undefined) run.gone ??= `${name} went away (${told.why})`;
      break;
    case "news":
      if (told.report.type === "counters") run.counted.get(name)?.push(told.report.values);
      else if (told.report.type === "linkDown" && load !== undefined) onLinkDown(load, name, told.report.link);
      break;
    default:
      break;
  }
}
