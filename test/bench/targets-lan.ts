/** Rounds of a table on one switch, by the LAN profile: a packet of a hundred is lost, and the primary falls silent on the way, so that
 * somebody waits for a change of view as well. */
import type { Options } from "../../host/engine/consensus/options.ts";
import { canSign } from "../../host/engine/consensus/standing.ts";
import { LAN } from "../../host/engine/timing/profiles.ts";
import { chance, draw } from "../../protocol/core/chance.ts";
import { operation, TUNED } from "./consensus-load.ts";
import { mesh, run, submit } from "./consensus-mesh.ts";

/** As the standard configuration founds a table over LAN. */
const OVER_LAN: Options = { ...TUNED, profile: LAN, window: 3, checkpointEvery: 100 };
const DELAY_MS = 1;
const JITTER_MS = 4;
const LOSS = 0.01;
const SIGNED_SIZE = 200;
const GAP_MS = 40;
const ROUND_WITHIN_MS = 60_000;

/** From a request at any kiosk to its answer there, each waiting for the one before it, in virtual milliseconds. */
export function lanRounds(memberCount: number, count: number): number[] {
  const of = mesh({ memberCount, options: OVER_LAN, delayMs: DELAY_MS, jitterMs: JITTER_MS });
  const from = chance(5);
  of.isLost = () => draw(from) < LOSS;
  run(of, ROUND_WITHIN_MS, () => of.seats.every(({ replica }) => canSign(replica)));
  let answers = 0;
  of.onEffect = (_, effect) => {
    if (effect.type === "answered") answers += 1;
  };
  const rounds: number[] = [];
  for (let asked = 1; asked <= count; asked++) {
    if (asked === Math.ceil(count / 2)) fallSilent(of);
    const at = nextSpeaking(of, asked % memberCount);
    const since = of.now;
    submit(of, at, operation(of.random, asked, SIGNED_SIZE));
    run(of, since + ROUND_WITHIN_MS, () => answers === asked);
    rounds.push(of.now - since);
    if (answers < asked) break;
    run(of, of.now + GAP_MS * draw(from));
  }
  return rounds;
}

/** Whoever leads now. */
function fallSilent({ seats }: ReturnType<typeof mesh>): void {
  const { view, members } = seats[0]!.replica;
  seats[view % members.length]!.isSilent = true;
}

function nextSpeaking({ seats }: ReturnType<typeof mesh>, at: number): number {
  return seats[at]!.isSilent ? (at + 1) % seats.length : at;
}
