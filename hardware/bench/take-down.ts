/** Leaves the bench as the next point expects it: no links, nobody looking, nothing weakened. It does what it can, says what
 * it could not, and is not broken off: a person who presses Ctrl-C wants the radios quiet, too. */
import { attenuated } from "./edges.ts";
import { attenuate } from "./hands.ts";
import { TEARDOWN_WITHIN_MS } from "./limits.ts";
import { stopLooking } from "./prepare.ts";
import { type Run, radioOf } from "./run.ts";

export async function takeDown(run: Run): Promise<void> {
  const { place } = run.ports;
  stopLooking(run);
  for (const { edge, serverLink, clientLink } of run.ties.ties) {
    // Either end may be the one that still has it.
    if (clientLink !== undefined) radioOf(run, edge.client.name).order({ type: "disconnect", link: clientLink });
    else if (serverLink !== undefined) radioOf(run, edge.server.name).order({ type: "disconnect", link: serverLink });
  }
  for (const name of run.ties.connecting) radioOf(run, name).order({ type: "cancel" });
  const isFree = (): boolean =>
    run.ties.connecting.size === 0 &&
    run.ties.ties.every((tie) => tie.serverLink === undefined && tie.clientLink === undefined);
  if (!(await place.wait(TEARDOWN_WITHIN_MS * run.timeoutFactor, isFree))) {
    run.say(`${run.point.id}: taking it down, a link did not end; the next point begins with it`);
  }
  if (run.point.attenuationDb === 0) return;
  for (const radio of attenuated(run.edges) ?? []) {
    const done = await attenuate(radio, 0, run.ports);
    if (!done.ok) run.say(`${run.point.id}: ${done.why}. ${done.next}`);
  }
}
