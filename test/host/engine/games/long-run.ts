/** `node build/test/host/engine/games/long-run.js [operations] [seed]`: a million random operations over random tables, with
 * tables put away and taken up again, and every history played twice. */
import { domainDigest } from "../../../../host/crypto/domain-digest.ts";
import { longTrial } from "../../../../host/engine/game/long-trial.ts";
import { craps } from "../../../../host/engine/games/craps/craps.ts";
import { VARIANTS } from "./craps/variants.ts";

const [operations = "1000000", seed = "1"] = process.argv.slice(2);
const began = performance.now();
const found = longTrial(
  craps,
  { operations: Number(operations), seed: Number(seed), variants: VARIANTS },
  domainDigest,
);
const seconds = (performance.now() - began) / 1000;
console.log(`${found.operations} operations at ${found.tables} tables in ${seconds.toFixed(1)} s`);
console.log(`${found.done} done, ${found.refused} refused, ${found.chances} rolls`);
console.log(found.fault ?? "every chip is where it should be");
process.exitCode = found.fault === undefined ? 0 : 1;
