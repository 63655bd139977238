/** One table's operations executed again by eight replicas that share nothing with it: do they throw the same dice? */

import { executeDice, foundDice } from "../../../../host/engine/dice/dice.ts";
import { lockBets } from "../../../../host/engine/dice/roll.ts";
import { decodeDice, encodeDice } from "../../../../host/engine/dice/state.ts";
import { bytesEqual } from "../../../../protocol/bytes/equal.ts";
import { agreedMillis } from "../../../../protocol/core/units.ts";
import { diceTable, lock, START, settleDown, TABLE } from "./kiosks.ts";
import { portsIn } from "./parts.ts";

const REPLICAS = 8;

/** `unheard`: the place in the log of an operation that the last replica is not told. */
export function replicate(count: number, revealAlways: boolean, rolls: number, unheard = -1) {
  const of = diceTable(count, { revealAlways });
  const ports = portsIn(of);
  const members = of.kiosks.map(({ member }) => member);
  const replicas = [...new Array(REPLICAS).keys()].map(() => foundDice({ table: TABLE, members, revealAlways }));
  let mismatches = 0;
  let thrown = 0;
  let done = 0;
  for (let roll = 0; roll <= rolls; roll++) {
    if (roll > 0) lock(of, roll % 200);
    const bets = of.state.roll?.lock;
    settleDown(of);
    if (of.changes.some((change) => change.type === "rolled" && change.roll === roll)) thrown += 1;
    const agreed = encodeDice(of.state);
    replicas.forEach((state, at) => {
      if (bets !== undefined) lockBets(state, bets, agreedMillis(START), ports);
      of.log.forEach(({ member, bytes, time, answer }, place) => {
        if (at === REPLICAS - 1 && done + place === unheard) return;
        const again = executeDice(state, member, bytes, agreedMillis(time), ports);
        if (JSON.stringify(again) !== JSON.stringify(answer)) mismatches += 1;
      });
      if (!bytesEqual(encodeDice(state), agreed)) mismatches += 1;
      // What a snapshot does not hold has no influence.
      if (roll % REPLICAS === at) replicas[at] = decodeDice(agreed)!;
    });
    done += of.log.length;
    of.log.length = 0;
    of.changes.length = 0;
    of.said.length = 0;
  }
  return { mismatches, thrown };
}
