import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { nearest } from "../../../host/cli/nearest.ts";
import { editConfig } from "../../../host/config/edit.ts";
import { exampleConfig } from "../../../host/config/example.ts";
import { CONFIG_KEYS, type ConfigKey, keyNamed } from "../../../host/config/keys.ts";
import { parseConfig } from "../../../host/config/parse-config.ts";
import { configValue, parseValue, valueRecord, valueText } from "../../../host/config/value-text.ts";

const key = (name: string): ConfigKey => {
  const found = keyNamed(name);
  if (found === undefined) throw new Error(`no key ${name}`);
  return found;
};

function set(text: string, name: string, value: unknown): string {
  const edited = editConfig(text, key(name), value, nearest);
  if (!edited.ok) throw new Error(JSON.stringify(edited.problems));
  return edited.text;
}

/** Another value than the standard one, of each key that can have one. */
function otherValue({ name, type, choices, standard }: ConfigKey): unknown {
  if (name === "table.secret") return "0".repeat(64);
  if (name === "radios") return ["/dev/serial/by-id/a b: #c", "tcp://[::1]:4000"];
  if (name === "web.hosts") return ["kiosk.bar", "fd00::7"];
  if (name === "mqtt.url") return "mqtts://[::1]:8883";
  if (name === "mqtt.topic") return "12";
  if (name.endsWith("_ms")) return 3000;
  if (name === "consensus.max_faulty_nodes") return 0;
  if (name === "storage.evidence_retention_days") return 31;
  if (type === "truth") return standard !== true;
  if (choices.length > 0) return choices.find((each) => each !== standard);
  if (type === "number") return name.endsWith("threshold") ? 0.25 : name === "consensus.checkpoint_interval" ? 9 : 5;
  return "12: #'\"x";
}

const settable = CONFIG_KEYS.filter(({ isFixed, choices }) => !isFixed && choices.length !== 1);

const ODD = `# first
kiosk: {name: a, folder: 'b c'} # of kiosk

table:      # of table
    kiosks:   7   # of kiosks
    bets: "full"
    # the end of table

radios:
 - /dev/a
 # between
 - /dev/b
logs:
# under logs
web:
    host: |-
      ::1
# last`;

const LAYOUTS: { readonly [name: string]: string } = {
  ...{ example: exampleConfig(), empty: "", comment: "# only this", odd: ODD, odder: ODD.replaceAll("\n", "\r\n") },
  flow: "{kiosk: {name: a}, radios: [/dev/x]} # all\n",
};

const comments = (text: string): string[] =>
  [...text.matchAll(/# ?(?:first|of \w+|the end of table|under logs|between|last|only this|all)\b/g)].map(String);

/** What a file says, key by key. */
function tree(text: string): { readonly [name: string]: unknown } {
  const parsed = parseConfig(text, nearest);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return Object.fromEntries(CONFIG_KEYS.map((each) => [each.name, configValue(parsed.config, each)]));
}

describe("a key set", () => {
  test.each(Object.entries(LAYOUTS))(
    "in a file that is %s has its value, and every other key its own, and comments stay",
    (_, text) => {
      for (const each of settable) {
        const value = otherValue(each);
        const edited = set(text, each.name, value);
        const wanted = { ...tree(text), [each.name]: value };
        if (each.name === "table.kiosks") wanted["consensus.max_faulty_nodes"] = 1;
        if (each.name === "consensus.transport") {
          Object.assign(wanted, {
            ...{ "consensus.timeout_ms": 100, "consensus.view_change_timeout_ms": 1000 },
            ...{ "consensus.checkpoint_interval": 100, "performance.pipeline_depth": 3 },
          });
        }
        if (each.name === "performance.phase") {
          const pipeline = { "performance.pipeline_depth": 1, "performance.batch_size": 1 };
          const watch = { "fault_detection.anomaly_detection": false, "fault_detection.statistical_analysis": false };
          Object.assign(wanted, { ...pipeline, ...watch, "performance.fast_path_enabled": false });
        }
        if (each.name === "identity.profile") wanted["identity.work_bits"] = 17;
        expect([each.name, tree(edited)]).toEqual([each.name, wanted]);
        // A list that is replaced goes with what stands within it.
        const kept = comments(text).filter((comment) => each.name !== "radios" || comment !== "# between");
        expect([each.name, comments(edited)]).toEqual([each.name, kept]);
        // To set it again changes nothing.
        expect(set(edited, each.name, value)).toBe(edited);
      }
    },
  );

  test("in the example takes the place of its comment, and taken away again leaves the example to the byte", () => {
    const example = exampleConfig();
    for (const each of settable) {
      const edited = set(example, each.name, otherValue(each));
      const rows = example.split("\n");
      const changed = edited.split("\n").filter((row) => !rows.includes(row));
      expect([each.name, changed.length]).toEqual([each.name, each.type === "list" ? 3 : 1]);
      expect(edited.split("\n").length).toBe(rows.length + (each.type === "list" ? 2 : 0));
      expect([each.name, set(edited, each.name, undefined)]).toEqual([each.name, example]);
    }
  });

  test("where a person has written it changes that value and no other byte", () => {
    expect(set(ODD, "table.kiosks", 5)).toBe(ODD.replace("7", "5"));
    expect(set(ODD, "table.bets", "everything")).toBe(ODD.replace('"full"', "everything"));
    expect(set(ODD, "kiosk.folder", "x")).toBe(ODD.replace("'b c'", "x"));
    expect(set(ODD, "table.seats", 3)).toBe(ODD.replace('"full"\n', '"full"\n    seats: 3\n'));
    expect(set(ODD, "logs.level", "warn")).toBe(ODD.replace("logs:\n", "logs:\n  level: warn\n"));
    expect(set(ODD, "storage.evidence_retention_days", 40)).toBe(`${ODD}\nstorage:\n  evidence_retention_days: 40\n`);
  });

  test("that is not there is taken away by changing nothing that is said", () => {
    for (const text of Object.values(LAYOUTS))
      expect(tree(set(text, "performance.batch_size", undefined))).toEqual(tree(text));
  });

  test("is refused where the file would be wrong after it, with what is wrong", () => {
    const refused = (text: string, name: string, value: unknown) => {
      const edited = editConfig(text, key(name), value, nearest);
      return edited.ok ? [] : edited.problems.map((problem) => problem.key);
    };
    expect(refused("", "table.seats", 9)).toEqual(["table.seats"]);
    expect(refused("consensus: {max_faulty_nodes: 2}\ntable: {kiosks: 7}\n", "table.kiosks", 4)).toEqual([
      "consensus.max_faulty_nodes",
    ]);
    expect(refused("", "network.encryption_required", false)).toEqual(["network.encryption_required"]);
    expect(refused("tabel: 1\n", "table.seats", 3)).toEqual(["tabel"]);
    expect(refused("a: [\n", "table.seats", 3)).toEqual([""]);
    expect(refused("- a\n", "table.seats", 3)).not.toEqual([]);
    // What was wrong and is set right is taken.
    expect(set("table:\n  seats: 9\n", "table.seats", 3)).toBe("table:\n  seats: 3\n");
  });

  test("keeps what YAML reads otherwise than it looks as it looks", () => {
    for (const name of [
      "12",
      "true",
      "~",
      "null",
      "0x1f",
      "a: b",
      "#a",
      "- a",
      "*a",
      "'",
      '"',
      "\\",
      " a ",
      "é",
      "[",
      "{",
      "%",
      "@",
      "`",
      "!a",
      "&a",
      "|",
      ">",
      "a #b",
      "1e3",
      ".inf",
      "2026-11-21",
    ]) {
      for (const text of Object.values(LAYOUTS)) {
        const edited = set(text, "kiosk.name", name);
        expect(parseDocument(edited).getIn(["kiosk", "name"])).toBe(name);
      }
    }
  });
});

describe("a value in words", () => {
  test("is of its key's kind, and text is taken as it is", () => {
    expect(parseValue(key("table.seats"), ["4"])).toEqual({ ok: true, value: 4 });
    expect(parseValue(key("kiosk.name"), ["4"])).toEqual({ ok: true, value: "4" });
    expect(parseValue(key("web.enabled"), ["false"])).toEqual({ ok: true, value: false });
    expect(parseValue(key("radios"), ["a", "b"])).toEqual({ ok: true, value: ["a", "b"] });
    expect(parseValue(key("radios"), [])).toEqual({ ok: true, value: [] });
    for (const word of ["four", "", "true", "[4]", "4: 5", "*a", '"'])
      expect(parseValue(key("table.seats"), [word])).toEqual({
        ok: false,
        why: "table.seats is a whole number from 2 to 8",
      });
    expect(parseValue(key("web.enabled"), ["no"])).toEqual({ ok: false, why: "web.enabled is true or false" });
    expect(parseValue(key("table.seats"), ["4", "5"])).toEqual({ ok: false, why: "table.seats takes one value" });
  });

  test("of a secret says that there is one, and nothing of it", () => {
    const secret = "5f".repeat(32);
    expect(valueText(key("table.secret"), secret)).toBe("(set, and not shown)");
    expect(valueRecord(key("table.secret"), secret)).toEqual({ key: "table.secret", secret: true, set: true });
    expect(valueRecord(key("table.secret"), undefined)).toEqual({ key: "table.secret", secret: true, set: false });
    expect([valueText(key("table.seats"), 4), valueText(key("web.enabled"), true)]).toEqual(["4", "true"]);
    expect([valueText(key("radios"), []), valueText(key("logs.file"), undefined)]).toEqual(["(none)", "(not set)"]);
  });
});
