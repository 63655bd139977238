import { expect, test } from "vitest";
import { nearest } from "../../../host/cli/nearest.ts";
import { withDefaults } from "../../../host/config/defaults.ts";
import { exampleConfig } from "../../../host/config/example.ts";
import { CONFIG_KEYS, configJsonSchema, type JsonSchema } from "../../../host/config/keys.ts";
import { parseConfig } from "../../../host/config/parse-config.ts";
import { CONFIG_SCHEMA } from "../../../host/config/schema.ts";
import { PARTS } from "../../../host/logs/levels.ts";

const USUAL = withDefaults(CONFIG_SCHEMA.parse({}));

test("the example holds every key that can be set, once, and nothing of it is set", () => {
  const example = exampleConfig();
  expect(parseConfig(example, nearest)).toEqual({ ok: true, config: USUAL });
  for (const { name, path, isFixed } of CONFIG_KEYS) {
    const row = new RegExp(`^ {${2 * (path.length - 1)}}# ${path[path.length - 1]}:`, "gm");
    // A level stands under its part's name, and two sections have a key of one name.
    const others = CONFIG_KEYS.filter(
      ({ path: other }) => other.length === path.length && other.at(-1) === path.at(-1),
    );
    expect([name, example.match(row)?.length ?? 0]).toEqual([
      name,
      isFixed ? 0 : others.filter((each) => !each.isFixed).length,
    ]);
  }
  for (const row of example.split("\n")) expect(row.length).toBeLessThanOrEqual(120);
});

test("each comment with a key, its # taken away, says what holds without it, or is an example that fits", () => {
  const keys = CONFIG_KEYS.filter(({ isFixed, isSecret }) => !isFixed && !isSecret);
  const words = [...new Set(keys.map(({ path }) => path.at(-1)))].join("|");
  const all = exampleConfig().replace(new RegExp(`^( *)# (?=(?:${words}):)`, "gm"), "$1");
  const parsed = parseConfig(all, nearest);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const own = { passphrase_file: "passphrase" };
  expect(parsed.config).toEqual({
    ...USUAL,
    kiosk: { ...USUAL.kiosk, ...own },
    mqtt: { ...USUAL.mqtt, username: "kiosk", password_file: "mqtt-password" },
    logs: { ...USUAL.logs, file: "hardway.log", levels: Object.fromEntries(PARTS.map((part) => [part, "info"])) },
  });
});

test("an example with values has them in their places", () => {
  const values = {
    "kiosk.name": "12",
    radios: ["/dev/a", "tcp://h:1"],
    "logs.levels.mesh": "debug",
    "table.kiosks": 7,
  };
  const text = exampleConfig(values);
  expect(parseConfig(text, nearest)).toMatchObject({
    config: {
      ...{ kiosk: { name: "12" }, radios: ["/dev/a", "tcp://h:1"] },
      table: { kiosks: 7 },
      logs: { levels: { mesh: "debug" } },
    },
  });
  const rows = exampleConfig().split("\n");
  const other = text.split("\n").filter((row) => !rows.includes(row));
  expect(other).toEqual(['  name: "12"', "radios:", "  - /dev/a", "  - tcp://h:1", "  kiosks: 7", "    mesh: debug"]);
});

test("the schema for programs closes every section, describes every key, and marks what is never shown", () => {
  const sections: JsonSchema[] = [];
  const visit = (schema: JsonSchema): void => {
    sections.push(schema);
    for (const inner of Object.values(schema.properties ?? {})) if (inner.properties !== undefined) visit(inner);
  };
  visit(configJsonSchema());
  expect(sections.length).toBe(14);
  for (const section of sections) expect(section.additionalProperties).toBe(false);
  for (const { name, about, path } of CONFIG_KEYS)
    if (path[1] !== "levels") expect([name, /^[A-Z0-9].*\.$/.test(about)]).toEqual([name, true]);
  expect(CONFIG_KEYS.filter(({ isSecret }) => isSecret).map(({ name }) => name)).toEqual(["table.secret"]);
  expect(CONFIG_KEYS.find(({ name }) => name === "table.seats")).toMatchObject({
    ...{ type: "number", form: "a whole number from 2 to 8", standard: 8, isFixed: false },
  });
});
