import { expect, test } from "vitest";
import { Bundle } from "../../../host/backup/bundle.ts";
import { HIDDEN, redactor } from "../../../host/backup/redact.ts";
import { formsOf, hex, PASSPHRASE, SECRET, SEED } from "./kiosk.ts";

const redact = redactor([SEED, SECRET], [PASSPHRASE, "4711"]);

test("what is known to be secret is in no form in the text", () => {
  for (const bytes of [SEED, SECRET]) {
    const forms = [...formsOf(bytes), [...bytes].join(","), JSON.stringify([...bytes]), `${hex(bytes)}00`];
    for (const form of forms) {
      const text = redact(`before ${form} after`);
      expect(text, form).toMatch(/^before .* after$/s);
      for (const each of formsOf(bytes)) expect(text).not.toContain(each);
      expect(text).toContain(HIDDEN);
    }
  }
  expect(redact(`opened with ${PASSPHRASE}, PIN 4711`)).toBe(`opened with ${HIDDEN}, PIN ${HIDDEN}`);
  expect(redact(`?with=${encodeURIComponent(PASSPHRASE)}`)).toBe(`?with=${HIDDEN}`);
});

test("what is called a secret is hidden though nobody knew it, in YAML, JSON and lines of a log", () => {
  const blind = redactor([], []);
  expect(blind("  secret: abc def # of the table")).toBe(`  secret: ${HIDDEN}`);
  expect(blind('{"web":{"pin":1234,"port":8080},"dice_seed":"a\\"b","x":1}')).toBe(
    `{"web":{"pin":${HIDDEN},"port":8080},"dice_seed":${HIDDEN},"x":1}`,
  );
  expect(blind("12:30 info  kiosk  unlocked  passphrase=hunter2 part=kiosk")).toBe(
    `12:30 info  kiosk  unlocked  passphrase=${HIDDEN} part=kiosk`,
  );
  expect(blind("cookie: session=abcdef")).toBe(`cookie: ${HIDDEN}`);
});

test("what is no secret stays: where one lies, that there is one, words that only look so, dates and short numbers", () => {
  const plain = [
    "passphrase_file: passphrase",
    '{"key":"table.secret","secret":true,"set":false}',
    "pinned: 3 spinning: 4 pins: 5",
    "2026-11-21 22:05:00 1234 5678 9012 3456",
    "kiosk 89abcdef links 0123456789abcdef",
    "latencies 12 14 15 17 18 22 25 29 31 35 37 41 44 47 49 51 55 59 61 63",
  ];
  for (const text of plain) expect(redactor([], [])(text)).toBe(text);
});

test("of a long number that could be a key only its beginning stays", () => {
  const other = "0f".repeat(32);
  expect(redactor([], [])(`member ${other} left`)).toBe("member 0f0f0f0f… left");
  const groups = Array.from("12345678", () => "0f0f0f0f").join(" ");
  expect(redactor([], [])(groups)).toBe("0f0f0f0f…");
});

test("a line without an end, as long as a log's, is looked through in no time", () => {
  const began = process.cpuUsage();
  for (const text of [
    "a".repeat(1_000_000),
    "ab ".repeat(300_000),
    '"secret'.repeat(100_000),
    "0a0b0c0d ".repeat(100_000),
  ]) {
    redact(text);
  }
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(10_000);
});

test("a log is cut at a line, for nobody would know half a secret, and everything in a bundle goes through the same hands", () => {
  const bundle = new Bundle(redact);
  const digits = hex(SECRET);
  bundle.addTail("logs/a.log", Buffer.from(`${digits.slice(20)} half\nwhole ${digits}\n`), true);
  bundle.addTail("logs/b.log", Buffer.from(digits.slice(20)), true);
  bundle.addJson("about.json", { note: digits });
  const texts = bundle.entries.map(({ bytes }) => Buffer.from(bytes).toString());
  expect(texts).toEqual([`whole ${HIDDEN}\n`, "", `{\n  "note": "${HIDDEN}"\n}\n`]);
});
