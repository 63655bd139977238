import { expect, test } from "vitest";
import { domainDigest } from "../../../host/crypto/domain-digest.ts";
import { cutEvidence } from "../../../host/engine/judge/evidence-parts.ts";
import { TableOperation } from "../../../host/engine/table/operation.ts";
import { asked } from "../../../host/past/asked.ts";
import { seenEvidence } from "../../../host/past/entries.ts";
import { Evidence } from "../../../protocol/agreement/evidence.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { epoch } from "../../../protocol/core/units.ts";
import { CHEAT, contradiction, falseNewView, scene } from "../engine/judge/cheats.ts";

const table = scene();
const proof = falseNewView(table, CHEAT, 6, 16);
const seen = (evidence: Evidence) =>
  seenEvidence(evidence, { sequence: 7, time: 8 }, table.bench.members, domainDigest);

test("a history keeps evidence that is ordered in parts whole, and in words who is accused of what [U07]", () => {
  expect(seen(proof.evidence)).toMatchObject({
    ...{ type: "evidence", kind: "a false new view", sequence: 7, time: 8 },
    suspect: Buffer.from(table.bench.members[CHEAT]!).toString("hex"),
    bytes: encode(Evidence, proof.evidence).slice(),
    words: "this kiosk saw it, and shows it in parts",
  });
  const votes = contradiction(table, CHEAT);
  // Told of where it is ordered.
  expect(votes.type === "agreement" ? seen(votes.evidence) : "nothing").toBeUndefined();
});

test("a part of evidence is told in words that say which", () => {
  const [first] = cutEvidence(table.ports[0]!, new Uint8Array(32), epoch(0), proof)!;
  const operation = encode(TableOperation, { type: "evidencePart", ...first! });
  expect(asked(0, operation)).toBe(`shows part 1 of evidence, ${first!.bytes.length} bytes`);
});
