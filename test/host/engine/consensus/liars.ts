/** f members that want harm and know of each other. Their own engines are honest underneath: what these say is changed on its way,
 * for each listener otherwise, under the liars' own keys. */
import { historyAt, nextHistory } from "../../../../host/engine/consensus/log.ts";
import { batchName } from "../../../../host/engine/consensus/proposals.ts";
import { requestsOf } from "../../../../host/engine/consensus/requests.ts";
import type { Said } from "../../../../protocol/agreement/said.ts";
import { type Chance, draw, drawBelow } from "../../../../protocol/core/chance.ts";
import { agreedMillis, sequence, view } from "../../../../protocol/core/units.ts";
import type { Place } from "../../../../protocol/message/fields.ts";
import type { Rig, Sent } from "../../../simulator/rig.ts";
import { ballotBy, type SaidOf, saying } from "./stories.ts";
import { blank, wishBy } from "./wishes.ts";

/** Second histories that the liars tell, by view and sequence: whoever of them is asked votes for these as well. */
export type Conspiracy = { readonly view: number; readonly place: Place }[];

/** What arrives instead; nothing is silence. */
export function lieOf(of: Rig, sent: Sent, conspiracy: Conspiracy, source: Chance): Said | undefined {
  const { from, to, said } = sent;
  if (said === undefined) return undefined;
  if (said.type === "ballot") return ballotFor(of, from, to, said, conspiracy, source);
  const chosen = draw(source);
  if (chosen < 0.2) return undefined;
  // Something that was true once.
  if (chosen < 0.3) return older(of, from, source) ?? said;
  // It knows of nothing, and asks for the view all the same.
  if (said.type === "viewChange" && chosen < 0.8) return wishBy(of, from, blank(of, said.change.view));
  return said;
}

function ballotFor(
  of: Rig,
  from: number,
  to: number,
  said: SaidOf<"ballot">,
  conspiracy: Conspiracy,
  source: Chance,
): Said | undefined {
  const { ballot } = said;
  if (draw(source) < 0.1) return older(of, from, source);
  // Half of the table is told the truth, the other half another history.
  if (to % 2 === 0) return draw(source) < 0.1 ? undefined : said;
  if (said.proposals !== undefined && ballot.proposed !== undefined)
    return equivocate(of, from, said, conspiracy) ?? said;
  const reached = ballot.proposed ?? ballot.prepared;
  const other = conspiracy.find(
    ({ view, place }) => view === ballot.view && place.sequence === reached?.sequence,
  )?.place;
  if (other === undefined) return said;
  const vote = ballot.proposed === undefined ? { prepared: other } : { proposed: other };
  return saying(ballotBy(of, from, { view: view(ballot.view), ...vote, committed: other }));
}

/** The same batches, but for the time of the last one. */
function equivocate(of: Rig, from: number, said: SaidOf<"ballot">, conspiracy: Conspiracy): Said | undefined {
  const { replica, world } = of.kiosks[from];
  const { first, slots } = said.proposals!;
  let history = historyAt(replica, first - 1);
  const changed = slots.map((slot, at) =>
    slot.type === "outline" && at === slots.length - 1 ? { ...slot, time: agreedMillis(slot.time + 1) } : slot,
  );
  for (const [at, slot] of changed.entries()) {
    const requests = slot.type === "outline" ? requestsOf(replica, slot.runs) : undefined;
    if (history === undefined || (slot.type === "outline" && requests === undefined)) return undefined;
    const name =
      slot.type === "name"
        ? slot.name
        : batchName(world, { time: slot.time, barrier: slot.barrier, requests: requests! });
    history = nextHistory(world.ports, history, first + at, name);
  }
  const place = { sequence: sequence(first + changed.length - 1), digest: history! };
  conspiracy.push({ view: said.ballot.view, place });
  return saying(ballotBy(of, from, { view: view(said.ballot.view), proposed: place }), { first, slots: changed });
}

function older(of: Rig, from: number, source: Chance): Said | undefined {
  const said = of.log[drawBelow(source, of.log.length)];
  return said?.from === from ? said.said : undefined;
}
