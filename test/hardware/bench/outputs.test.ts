import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { csvOf } from "../../../hardware/bench/csv.ts";
import { junitOf } from "../../../hardware/bench/junit.ts";
import { type BenchRecord, type PointRecord, parseRecord, recordText } from "../../../hardware/bench/record.ts";
import { tableOf } from "../../../hardware/bench/words.ts";
import { writeOutputs, writeWhole } from "../../../hardware/bench/write-files.ts";
import { nearest } from "../../../host/cli/nearest.ts";
import { planOf } from "./rig.ts";
import { type Element, parseXml } from "./xml.ts";

const point = (over: Partial<PointRecord>): PointRecord => ({
  ...{ id: "pair/payload=20/links=1/attenuation=0", group: "pair", payload: 20, links: 1, attenuationDb: 0 },
  ...{ status: "measured", attempts: 1, durationMs: 4500, edges: [{ server: "a", client: "c" }] },
  ...{ measurements: [], packets: 0, dropReasons: {}, linksLost: 0 },
  ...over,
});

const nasty = 'a "quoted" <b> & it\'s\na second line, \u0001\u001b[31m and =1+1';

const record: BenchRecord = {
  ...{ format: "hardway-bench", version: 1, startedAt: "2026-01-02T03:04:05.000Z", clock: "virtual" },
  ...{ durationMs: 9000, interrupted: false, plan: planOf() },
  radios: [
    {
      ...{ name: "a", device: "virtual:a", board: "nrf52-dk", role: "server", group: "pair" },
      ...{ chip: "00", build: "0011", baud: 230_400 },
    },
  ],
  points: [
    point({
      measurements: [
        { name: "throughputDown", unit: "B/s", value: 1234.567, low: 1200, high: 1300, samples: 10 },
        { name: "wireRepeats", unit: "a packet", value: 0.25, samples: 40 },
      ],
      packets: 40,
    }),
    point({
      id: "pair/payload=30/links=1/attenuation=0",
      status: "failed",
      phase: "prepare",
      why: nasty,
      next: "Try.",
    }),
    point({ id: "pair/payload=40/links=1/attenuation=0", status: "skipped", why: "=HYPERLINK(evil)" }),
    point({ id: "far/payload=20/links=1/attenuation=0", group: "far", status: "unreachable", why: "too far" }),
  ],
  limits: [
    {
      ...{ point: "pair/payload=20/links=1/attenuation=0", measurement: "throughputDown", unit: "B/s" },
      ...{ value: 1234.567, min: 2000, ok: false },
    },
  ],
  limitsUnused: ["dropped at most 1 % for payload 999"],
};

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), "bench-"));
  folders.push(made);
  return made;
};
afterEach(() => {
  for (const each of folders.splice(0)) rmSync(each, { recursive: true });
});

describe("JUnit", () => {
  const suites = parseXml(junitOf(record));
  const cases = (of: Element) => of.children.filter(({ name }) => name === "testcase");

  it("is well-formed whatever a radio says, and its counts are those of its cases", () => {
    expect(suites).toMatchObject({ name: "testsuites", attributes: { tests: "4", failures: "2", skipped: "1" } });
    expect(suites.children.map(({ attributes }) => [attributes.name, attributes.tests, attributes.failures])).toEqual([
      ["pair", "3", "2"],
      ["far", "1", "0"],
    ]);
    expect(suites.children.flatMap(cases)).toHaveLength(4);
  });

  it("gives back every character that XML can hold, and marks those that it cannot", () => {
    const [, failed] = cases(suites.children[0]);
    const [failure] = failed.children;
    const kept = nasty.replaceAll("\u0001", "\ufffd").replaceAll("\u001b", "\ufffd");
    expect(failure.attributes.message).toBe(`${kept}. Try.`);
    expect(failure.text).toBe(`${kept}. Try.`);
  });

  it("fails a case with a limit that is not kept, and passes one that is out of reach", () => {
    const [limited, , skipped] = cases(suites.children[0]);
    expect(limited.children[0]).toMatchObject({
      name: "failure",
      attributes: { message: "throughputDown is 1234.567 B/s; the limit is at least 2000 B/s" },
    });
    expect(limited.children[1]).toMatchObject({
      name: "system-out",
      text: "throughputDown 1235 B/s (1200 to 1300)\nwireRepeats 0.25 a packet",
    });
    expect(skipped.children[0].name).toBe("skipped");
    expect(cases(suites.children[1])[0].children).toMatchObject([{ name: "system-out", text: "too far" }]);
  });
});

describe("CSV", () => {
  const rows = parseCsv(csvOf(record));

  it("has one row a point and measurement, and as many cells in each as there are columns", () => {
    expect(rows).toHaveLength(1 + 2 + 3);
    expect(new Set(rows.map((row) => row.length)).size).toBe(1);
    const [heads, first] = rows;
    const of = (head: string) => first[heads.indexOf(head)];
    expect([of("measurement"), of("unit"), of("value"), of("low"), of("samples"), of("baud")]).toEqual([
      ...["throughputDown", "B/s", "1234.567", "1200", "10", ""],
    ]);
  });

  it("gives back quotes, commas and line ends, and no cell begins as a formula does", () => {
    const why = rows[0].indexOf("why");
    expect(rows[3][why]).toBe(nasty);
    expect(rows[4][why]).toBe("'=HYPERLINK(evil)");
  });
});

describe("the record", () => {
  it("is read back as it was written, and one of another version or with a key too many is refused", () => {
    const read = parseRecord("old.json", recordText(record), nearest);
    expect(read.ok && read.value).toEqual(record);
    const other = recordText(record).replace('"version": 1', '"version": 2');
    expect(parseRecord("old.json", other, nearest)).toMatchObject({
      ok: false,
      why: expect.stringContaining("version"),
    });
    const more = recordText(record).replace('"interrupted"', '"sight": 1, "interrupted"');
    expect(parseRecord("old.json", more, nearest)).toMatchObject({
      why: expect.stringContaining("sight: there is no such key"),
    });
  });

  it("for people has a line a point, and names limits that are not kept and such that nothing met", () => {
    const lines = tableOf(record);
    expect(lines[1]).toMatch(/^pair\/payload=20\/links=1\/attenuation=0 +1235 +- /);
    expect(lines[4]).toMatch(/^far.*unreachable: too far$/);
    expect(lines).toContain(
      "  pair/payload=20/links=1/attenuation=0: throughputDown is 1235; the limit is at least 2000 B/s",
    );
    expect(lines.at(-1)).toBe("  dropped at most 1 % for payload 999");
  });
});

describe("files", () => {
  it("are written whole, beside what was there, and nothing else is left in the folder", async () => {
    const place = folder();
    const files = { json: join(place, "a.json"), csv: join(place, "a.csv"), junit: join(place, "a.xml") };
    expect(await writeOutputs(record, files)).toEqual({ ok: true, files: Object.values(files) });
    expect(await writeOutputs({ ...record, durationMs: 1 }, files)).toMatchObject({ ok: true });
    expect(readdirSync(place).sort()).toEqual(["a.csv", "a.json", "a.xml"]);
    const read = parseRecord("a.json", readFileSync(files.json, "utf8"), nearest);
    expect(read).toMatchObject({ ok: true, value: { durationMs: 1 } });
  });

  it("that cannot be written are refused by name, and no part of one stays behind", async () => {
    const place = folder();
    expect(await writeWhole(join(place, "none", "a.json"), "x")).toMatchObject({
      ok: false,
      why: expect.stringContaining(`writing ${join(place, "none", "a.json")} failed: ENOENT`),
    });
    // A folder in its place: the last step fails.
    mkdirSync(join(place, "b"));
    expect(await writeWhole(join(place, "b"), "x")).toMatchObject({ ok: false });
    expect(readdirSync(place)).toEqual(["b"]);
  });

  it("a device keeps its name: nothing is put in its place", async () => {
    const place = folder();
    symlinkSync("/dev/null", join(place, "null"));
    expect(await writeWhole(join(place, "null"), "x")).toMatchObject({ ok: false, next: "Choose another name." });
    expect(lstatSync(join(place, "null")).isSymbolicLink()).toBe(true);
    expect(readdirSync(place)).toEqual(["null"]);
  });
});

/** RFC 4180, strictly. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
    cell.lastIndex = at;
    const match = cell.exec(text);
    if (match === null) throw new Error(`no cell at ${at}`);
    row.push(match[1]?.replaceAll('""', '"') ?? match[2]);
    if (match[3] === "\r\n") rows.push(row.splice(0));
    if (match[3] === "\r\n") row = [];
    at = cell.lastIndex;
  }
  return rows;
}
