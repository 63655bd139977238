import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { STANDARD_CONDITIONS } from "../../../../host/engine/stakes/rules.ts";
import { repositoryRoot } from "../../../xs/engine/root.ts";

const text = (path: string): string => readFileSync(join(repositoryRoot, path), "utf8");
const page = text("docs/economics.md");

test("the page on chips has a line for each refusal", () => {
  const table = page.slice(page.indexOf("## Refusals"));
  const words = table.split("\n").flatMap((line) => (/^\| ([^|]+) \|/.exec(line)?.[1] ?? "").split(", "));
  for (const folder of ["ledger", "stakes"]) {
    const source = text(`host/engine/${folder}/refusal.ts`);
    const reasons = [...source.matchAll(/^ {2}\| "([^"]+)"/gm)].map((match) => match[1]);
    expect(reasons.length).toBeGreaterThan(8);
    expect(reasons.filter((reason) => !words.includes(reason))).toEqual([]);
  }
});

test("the page on chips has what each offence costs as the rules have it [M14]", () => {
  const names = {
    doubleVoting: "double voting",
    invalidStateTransition: "invalid state transition",
    messageSpamming: "message spamming",
    eclipseAttackParticipation: "part in an eclipse",
    collusionDetected: "collusion detected",
    byzantineFailure: "Byzantine failure",
  };
  for (const [reason, name] of Object.entries(names)) {
    const condition = STANDARD_CONDITIONS[reason as keyof typeof names];
    const { threshold, slashBasisPoints, evidenceWindowMs, cooldownAfterSlashMs } = condition;
    const cells = [name, threshold, span(evidenceWindowMs), `${slashBasisPoints / 100} %`, span(cooldownAfterSlashMs)];
    expect(page).toContain(`| ${cells.join(" | ")} |`);
  }
});

const span = (ms: number): string => (ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`);
