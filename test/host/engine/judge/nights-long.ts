/** `node build/test/host/engine/judge/nights-long.js [AGREED] [DRAWN] [SEED]`: the long form of nights.test.ts. So many whole nights
 * through agreement, one after another, and so many whose arrivals are drawn. */
import { accusationsIn, nights, ROLLS } from "./nights.ts";
import { accusesNobody, agreedNights } from "./nights-agreed.ts";

const [agreed = 20, drawn = 1_000, seed = 1] = process.argv.slice(2).map(Number);

const secondsSince = (began: number): number => Math.round((performance.now() - began) / 1000);

for (let night = 0; night < agreed; night++) {
  const began = performance.now();
  const sums = agreedNights(1, ROLLS, seed + night);
  process.stdout.write(`${JSON.stringify({ night, seed: seed + night, ...sums, seconds: secondsSince(began) })}\n`);
  if (!accusesNobody(sums)) process.exitCode = 1;
}
const began = performance.now();
const found = nights(drawn, seed);
process.stdout.write(
  `${JSON.stringify({ drawn, accusations: accusationsIn(found), found, seconds: secondsSince(began) })}\n`,
);
if (accusationsIn(found) > 0) process.exitCode = 1;
