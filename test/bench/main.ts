/**
 * `node build/test/bench/main.js NAME [--json]` runs one benchmark. Figures are kept and compared by people: no run is
 * gated on them here.
 */

import { execFileSync } from "node:child_process";
import type { Bench, Row } from "./bench.ts";

/** Loaded when named: a benchmark brings its oracle with it. */
const BENCHES = new Map<string, () => Promise<{ bench: Bench }>>([
  ["air", () => import("./air.ts")],
  ["api", () => import("./api.ts")],
  ["bytes", () => import("./bytes.ts")],
  ["codec", () => import("./codec.ts")],
  ["consensus", () => import("./consensus.ts")],
  ["delivery", () => import("./delivery.ts")],
  ["exchange", () => import("./exchange.ts")],
  ["identity", () => import("./identity.ts")],
  ["kiosk", () => import("./kiosk.ts")],
  ["link", () => import("./link.ts")],
  ["lz4", () => import("./lz4.ts")],
  ["mesh", () => import("./mesh.ts")],
  ["page", () => import("./page.ts")],
  ["schedules", () => import("./schedules.ts")],
  ["secure", () => import("./secure.ts")],
  ["slip", () => import("./slip.ts")],
  ["table", () => import("./table.ts")],
  ["targets", () => import("./targets.ts")],
  ["world", () => import("./world.ts")],
  ["xs", () => import("./xs.ts")],
]);

const names: string[] = [];
let json = false;
for (const word of process.argv.slice(2)) {
  if (word === "--json") json = true;
  else names.push(word);
}
const name = names[0] ?? "";
const load = names.length === 1 ? BENCHES.get(name) : undefined;

if (load === undefined) {
  process.stderr.write(`usage: bench NAME [--json]\nNAME is one of: ${[...BENCHES.keys()].join(", ")}\n`);
  process.exitCode = 2;
} else {
  const rows = await (await load()).bench();
  process.stdout.write(json ? `${JSON.stringify({ name, rows })}\n` : table(name, rows));
}

function table(name: string, rows: Row[]): string {
  const cells = [["metric", "value", "unit", "baseline", "ratio"]];
  for (const row of rows) {
    cells.push([row.metric, figure(row.value), row.unit, figure(row.baseline), figure(row.ratio)]);
  }
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)));
  const lines = cells.map((line) =>
    line
      .map((cell, column) => (isText(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
  const heading = [name, commit(), new Date().toISOString().slice(0, 10), `node ${process.version}`];
  return `${[heading.filter((word) => word !== "").join("  "), ...lines].join("\n")}\n`;
}

function isText(column: number): boolean {
  return column === 0 || column === 2;
}

function figure(value: number | undefined): string {
  if (value === undefined) return "";
  return Number.isInteger(value) || Math.abs(value) >= 1000 ? value.toFixed(0) : value.toPrecision(4);
}

/** Empty outside a checkout. */
function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], {
      cwd: import.meta.dirname,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "";
  }
}
