/** Scenarios that a game brings along: what happens, and what must be so. */
import { configOf, type Game, type Golden } from "./game.ts";
import { audit, happen, sit, untilChance } from "./sitting.ts";

type AnyAction = { readonly type: string };

/** A sentence on the first line that does not hold, undefined where all do. */
export function runGolden<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  golden: Golden<C, A, O>,
): string | undefined {
  const config = configOf(game, golden.config);
  const seats = Math.max(game.seats.min, Math.min(SEATS, game.seats.max));
  const sitting = sit(game, config, { seats });
  const nets: { readonly seat: number; readonly bet: number; readonly net: number }[] = [];
  for (let at = 0; at < golden.lines.length; at++) {
    const line = golden.lines[at];
    const say = (what: string): string => `line ${at + 1}: ${what}`;
    if (line.type === "net") {
      let net = 0;
      for (const each of nets) {
        if (each.seat === line.seat && (line.bet === undefined || line.bet === each.bet)) net += each.net;
      }
      if (net !== line.is) return say(`net ${net} and not ${line.is}`);
      continue;
    }
    if (line.type === "refused") {
      const answer = happen(game, config, sitting, { type: "act", seat: line.seat, action: line.action });
      if (answer.ok || answer.why !== line.why) return say(`${answer.why ?? "done"} and not ${line.why}`);
      continue;
    }
    if (line.type === "chance" && !untilChance(game, config, sitting)) return say("nobody lets chance speak");
    const answer = happen(game, config, sitting, line);
    if (!answer.ok) return say(`refused: ${answer.why}`);
    for (const { seat, bet, net } of answer.events) nets.push({ seat, bet, net });
    const fault = audit(game, config, sitting);
    if (fault !== undefined) return say(fault);
  }
  return undefined;
}

const SEATS = 4;
