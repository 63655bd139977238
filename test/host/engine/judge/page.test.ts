import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { POINTS } from "../../../../host/engine/judge/points.ts";
import { repositoryRoot } from "../../../xs/engine/root.ts";

const text = (path: string): string => readFileSync(join(repositoryRoot, path), "utf8");
const page = text("docs/fairness.md");

/** The words of a union of strings, as its source lists them. */
function wordsOf(path: string, name: string): string[] {
  const source = text(path);
  const from = source.indexOf(`export type ${name} =`);
  const union = source.slice(from, source.indexOf(";", from)).replace(/\/\*\*[\s\S]*?\*\//g, "");
  return [...union.matchAll(/"([^"]+)"/g)].map(([, word]) => word!);
}

test("the page on fairness has a line for each refusal of the judge", () => {
  const table = page.slice(page.indexOf("### Refusals"));
  const words = table.split("\n").flatMap((line) => (/^\| ([^|]+) \|/.exec(line)?.[1] ?? "").split(", "));
  const reasons = [
    ...wordsOf("host/engine/judge/conviction.ts", "ConvictionRefusal"),
    ...wordsOf("host/engine/judge/evidence.ts", "EvidenceFault"),
    ...wordsOf("host/engine/judge/evidence-book.ts", "BookRefusal"),
    ...wordsOf("host/engine/judge/disputes.ts", "DisputeRefusal"),
  ];
  expect(reasons.length).toBeGreaterThan(20);
  expect(reasons.filter((reason) => !words.includes(reason))).toEqual([]);
});

test("the page on fairness has what each deed is worth [P14]", () => {
  const table = page.slice(page.indexOf("### Points"), page.indexOf("### The way of a request"));
  const numbers = [...table.matchAll(/[+−]\d+/g)].map(([each]) => Number(each.replace("−", "-")));
  expect(numbers.sort((left, right) => left - right)).toEqual(
    Object.values(POINTS).sort((left, right) => left - right),
  );
});
