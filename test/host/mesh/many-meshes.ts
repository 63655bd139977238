/** `node build/test/host/mesh/many-meshes.js [COUNT] [SEED]`: the long form of meshes.test.ts. A mesh in which something is wrong
 * is named by its seed. */
import { trial } from "./trial.ts";

const [count = 10_000, first = 1] = process.argv.slice(2).map(Number);
const began = performance.now();
const sum = { meshes: 0, kiosks: 0, liars: 0, said: 0, owed: 0, late: 0, packets: 0, wrong: 0 };
for (let seed = first; seed < first + count; seed++) {
  const { kiosks, liars, said, owed, late, packets, wrongs } = trial(seed);
  sum.meshes += 1;
  sum.kiosks += kiosks;
  sum.liars += liars.length;
  sum.said += said;
  sum.owed += owed;
  sum.late += late;
  sum.packets += packets;
  if (wrongs.length === 0) continue;
  sum.wrong += 1;
  console.log(`seed ${seed}, ${kiosks} kiosks, liars ${liars.join(" ") || "none"}: ${wrongs.slice(0, 3).join("; ")}`);
  process.exitCode = 1;
}
console.log(JSON.stringify({ ...sum, seconds: Math.round((performance.now() - began) / 1000) }));
