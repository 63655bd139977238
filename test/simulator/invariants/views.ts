/** What was committed in one view is in every later one that honest kiosks enter, whichever came first to our knowledge. */
import type { Record } from "../../../host/engine/consensus/records.ts";
import type { Certificate } from "../../../protocol/agreement/certificate.ts";
import { ancestor } from "../histories.ts";
import { brief } from "../mixing.ts";
import type { Kiosk, Sim } from "../sim.ts";
import type { Committed, Entered } from "./seen.ts";
import { broken } from "./violation.ts";

export function entered(sim: Sim, of: Kiosk, record: Extract<Record, { type: "entered" }>): void {
  const { epoch, view, start } = record;
  const result = record.newView?.newView.result ?? start;
  const tip = brief(result.digest);
  const { views } = sim.checker;
  const known = views.entered.find((each) => each.epoch === epoch && each.view === view);
  if (known !== undefined) {
    const same = known.tipAt === result.sequence && known.tip === tip;
    // Two valid new views for one view are a primary's double word; what is committed must lie in both.
    if (same) return;
  }
  const fresh: Entered = {
    ...{ epoch, view, tip },
    startAt: start.sequence,
    tipAt: result.sequence,
    byQuorum: record.newView !== undefined,
  };
  views.entered.push(fresh);
  for (const each of views.committed) {
    if (!isBelow(each, fresh)) continue;
    check(sim, each, fresh, `kiosk ${of.place}`);
    if (each.epoch === epoch && each.unanimousAt > fresh.startAt) sim.checker.fastAcrossViews += 1;
  }
}

/** `history` is the one at its sequence. */
export function committed(sim: Sim, epoch: number, certificate: Certificate, history: number): void {
  const { view, sequence, phase } = certificate;
  const { views } = sim.checker;
  let known = views.committed.find((each) => each.epoch === epoch && each.view === view);
  if (known === undefined) {
    known = { epoch, view, at: 0, history: 0, unanimousAt: 0 };
    views.committed.push(known);
  }
  if (phase === "unanimous" && sequence > known.unanimousAt) known.unanimousAt = sequence;
  if (sequence <= known.at) return;
  known.at = sequence;
  known.history = history;
  for (const each of views.entered) if (isBelow(known, each)) check(sim, known, each, "somebody");
}

const isBelow = (left: { epoch: number; view: number }, right: { epoch: number; view: number }): boolean =>
  left.epoch < right.epoch || (left.epoch === right.epoch && left.view < right.view);

function check(sim: Sim, done: Committed, later: Entered, who: string): void {
  if (done.at <= later.tipAt) {
    if (ancestor(sim.histories, later.tip, later.tipAt, done.at) === done.history) return;
  }
  const where = `view ${later.view} of epoch ${later.epoch}, from ${later.startAt} up to ${later.tipAt}`;
  broken("committed stays", `${who} enters ${where}, without what view ${done.view} committed at ${done.at}`, sim);
}
