import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nearest } from "../../../host/cli/nearest.ts";
import { exampleConfig } from "../../../host/config/example.ts";
import { CONFIG_SIZE_MAX } from "../../../host/config/limits.ts";
import { parseConfig } from "../../../host/config/parse-config.ts";
import { type ConfigProblem, problemWords } from "../../../host/config/problems.ts";
import { faultsMax } from "../../../host/engine/consensus/quorum.ts";

const SECRET = "5f".repeat(32);

function configOf(text: string) {
  const parsed = parseConfig(text, nearest);
  if (!parsed.ok) throw new Error(parsed.problems.map((problem) => problemWords("f", problem)).join("\n"));
  return parsed.config;
}

function problemsOf(text: string): readonly ConfigProblem[] {
  const parsed = parseConfig(text, nearest);
  return parsed.ok ? [] : parsed.problems;
}

const said = (text: string): string[] => problemsOf(text).map((problem) => problemWords("f", problem));

describe("a configuration", () => {
  test("that says nothing is whole: encrypted, on loopback, over BLE [F05]", () => {
    for (const text of ["", "# nothing\n", "---\n", "kiosk:\nlogs:\n  levels:\n", exampleConfig()]) {
      expect(configOf(text)).toMatchObject({
        ...{ kiosk: { name: "kiosk", folder: "hardway-data" }, radios: [], table: { kiosks: 4, seats: 8 } },
        identity: { profile: "bleLight", work_bits: 16 },
        consensus: { transport: "BLE", timeout_ms: 1600, view_change_timeout_ms: 4000, checkpoint_interval: 50 },
        ...{ network: { encryption_required: true }, security: { message_authentication: true } },
        ...{ web: { host: "127.0.0.1", port: 8080 }, logs: { level: "info", levels: {} } },
      });
      expect(configOf(text).table.secret).toBe(undefined);
    }
  });

  test("over LAN has the times and counts of the servers that they were written for [F05]", () => {
    expect(configOf("consensus:\n  transport: LAN\n")).toMatchObject({
      consensus: { algorithm: "pbft", timeout_ms: 100, view_change_timeout_ms: 1000, checkpoint_interval: 100 },
      fault_detection: {
        enabled: true,
        reputation_threshold: 0.5,
        anomaly_detection: true,
        statistical_analysis: true,
      },
      performance: { fast_path_enabled: true, batch_size: 50, pipeline_depth: 3 },
      security: { signatures: "ed25519", message_authentication: true },
      network: { max_message_size: 65_536, encryption_required: true },
    });
  });

  test("says each thing by its own key, and what it says holds", () => {
    const text = `kiosk: { name: "12" }
radios: [/dev/ttyUSB0, "tcp://[::1]:4000"]
table:
  kiosks: 7
  secret: "${SECRET}"
consensus: {timeout_ms: 2000, max_faulty_nodes: 1}
identity: {profile: ecRust}
logs: {levels: {mesh: debug}}
`;
    expect(configOf(text)).toMatchObject({
      ...{ kiosk: { name: "12" }, radios: ["/dev/ttyUSB0", "tcp://[::1]:4000"], table: { secret: SECRET } },
      ...{ consensus: { timeout_ms: 2000, max_faulty_nodes: 1 }, identity: { work_bits: 17 } },
      logs: { level: "info", levels: { mesh: "debug" } },
    });
    expect(configOf(text.replaceAll("\n", "\r\n"))).toEqual(configOf(text));
  });
});

describe("a key that there is not is refused with its line, its column and", () => {
  test.each([
    [
      "consensus:\n  timout_ms: 5\n",
      "f:2:3: consensus.timout_ms: there is no such key; did you mean consensus.timeout_ms?",
    ],
    [
      "consensus:\n  timeoutMs: 5\n",
      "f:2:3: consensus.timeoutMs: there is no such key; did you mean consensus.timeout_ms?",
    ],
    ["\n\ntabel:\n  seats: 4\n", "f:3:1: tabel: there is no such key; did you mean table?"],
    [
      "consensus: { batch_size: 4 }\n",
      "f:1:14: consensus.batch_size: there is no such key; did you mean performance.batch_size?",
    ],
    ["timeout_ms: 4\n", "f:1:1: timeout_ms: there is no such key; did you mean consensus.timeout_ms?"],
    [
      "logs:\n  levels:\n    meshh: info\n",
      "f:3:5: logs.levels.meshh: there is no such key; did you mean logs.levels.mesh?",
    ],
    ["mesh: debug\n", "f:1:1: mesh: there is no such key; did you mean logs.levels.mesh?"],
    ["table:\n  name: x\n", "f:2:3: table.name: there is no such key; did you mean kiosk.name?"],
    ["kiosk:\n  quux: 1\n", "f:2:3: kiosk.quux: there is no such key."],
    ["__proto__: 1\n", "f:1:1: __proto__: there is no such key."],
    ["kiosk: { __proto__: { name: x } }\n", "f:1:10: kiosk.__proto__: there is no such key."],
  ])("the one that was meant: %j [F05]", (text, words) => {
    expect(said(text)).toEqual([words]);
  });

  test("why it is none, where people bring it from elsewhere", () => {
    for (const key of ["price", "chip_price", "pricePerChip", "currency", "eur", "min_deposit", "payout"]) {
      expect(said(`table:\n  ${key}: 1\n`)).toEqual([
        `f:2:3: table.${key}: chips are play money: they have no price, and are neither bought nor paid out.`,
      ]);
    }
    expect(said("byzantine_config:\n  consensus: {}\n")[0]).toMatch(
      /^f:1:1: byzantine_config: its sections stand here/,
    );
    expect(said("kiosk:\n  passphrase: open\n")[0]).toMatch(/passphrase_file names a file/);
  });
});

describe("a value that does not fit is refused", () => {
  test.each([
    ["consensus:\n  timeout_ms: 1.5\n", "f:2:15: consensus.timeout_ms: it is not a whole number."],
    ["consensus:\n  timeout_ms: 10001\n", "f:2:15: consensus.timeout_ms: it is more than 10000."],
    ["table:\n  seats: 9\n", "f:2:10: table.seats: it is more than 8."],
    ["table:\n  kiosks: 1\n", "f:2:11: table.kiosks: it is less than 2."],
    ["table:\n  bets: ful\n", "f:2:9: table.bets: it is not one of beginner, full, everything; did you mean full?"],
    [
      "kiosk:\n  name: 12\n",
      "f:2:9: kiosk.name: it is not text: numbers, true and false are text within quotation marks.",
    ],
    [
      "kiosk:\n  name:\n",
      "f:2:3: kiosk.name: it has no value, and wants text: numbers, true and false are text within quotation marks.",
    ],
    ["kiosk: 7\n", "f:1:8: kiosk: it is not a section with keys."],
    ["- a\n", "f:1:1: it is not a section with keys."],
    ["radios: /dev/x\n", "f:1:9: radios: it is not a list."],
    [
      "radios:\n  - /dev/x\n  - COM3\n",
      "f:3:5: radios.1: it is no device path such as /dev/serial/by-id/…, tcp://host:port, unix:/path or virtual:name.",
    ],
    ["radios: [/dev/x, /dev/x]\n", "f:1:9: radios: a radio stands there twice."],
    [
      "fault_detection: {reputation_threshold: 1.01}\n",
      "f:1:41: fault_detection.reputation_threshold: it is more than 1.",
    ],
    ["web: {enabled: yes}\n", "f:1:16: web.enabled: it is not true or false."],
    [`kiosk:\n  name: ${"ä".repeat(17)}\n`, "f:2:9: kiosk.name: it has more than 32 bytes."],
    ['kiosk:\n  name: "a\\u0007"\n', "f:2:9: kiosk.name: it holds a control character."],
    ["storage: {evidence_retention_days: 29}\n", "f:1:36: storage.evidence_retention_days: it is less than 30."],
    [
      "consensus: {timeout_ms: 500}\n",
      "f:1:25: consensus.timeout_ms: over BLE it is 1000 at least: what is lost is said again before anybody is suspected.",
    ],
    ["table: {secret: abc}\n", "f:1:17: table.secret: it is not 64 hexadecimal digits in quotation marks."],
  ])("where it stands: %j [F05]", (text, words) => {
    expect(said(text)).toEqual([words]);
  });

  test("all of them at once, in the order of their lines, and no more than a person reads [F05]", () => {
    const text = "web: { port: 0 }\ntabel: 1\nconsensus:\n  timeout_ms: no\n  quux: 1\n  algorithm: raft\n";
    expect(problemsOf(text).map(({ line, column }) => [line, column])).toEqual([
      ...[
        [1, 14],
        [2, 1],
        [4, 15],
        [5, 3],
        [6, 14],
      ],
    ]);
    const many = [...Array(100).keys()].map((at) => `quux${at}: 1\n`).join("");
    expect(problemsOf(many).map(({ line }) => line)).toEqual([...Array(32).keys()].map((at) => at + 1));
  });
});

describe("what protects a table", () => {
  test.each([
    ["network", "encryption_required", "false", /whoever stands near hears every radio/],
    ["security", "message_authentication", "false", /what is not signed could be said by anybody/],
    ["security", "signatures", "none", /Ed25519/],
    ["consensus", "algorithm", "raft", /PBFT/],
    ["network", "max_message_size", "65537", /every kiosk refuses/],
    ["network", "quic_transport", "true", /there is no QUIC/],
    ["network", "message_compression", "false", /understands both/],
    ["fault_detection", "ebpf_monitoring", "true", /kernel/],
    ["performance", "fast_path_trust_threshold", "0.9", /two histories/],
    ["security", "certificate_validation", "true", /no certificates/],
    ["security", "ct_log_verification", "true", /no public log/],
    ["web", "host", "0.0.0.0", /loopback alone/],
    ["web", "host", "192.168.1.2", /loopback alone/],
  ])("cannot be turned off: %s.%s: %s is refused with the reason [F05]", (section, key, value, why) => {
    const [problem, ...more] = problemsOf(`${section}:\n  ${key}: ${value}\n`);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ line: 2, column: 5 + key.length, key: `${section}.${key}` });
    expect(problem.why).toMatch(why);
  });

  test("no more Byzantine kiosks are counted on than a table of so many bears, and fewer may be [F05]", () => {
    for (let kiosks = 2; kiosks <= 10; kiosks++) {
      const bears = faultsMax(kiosks);
      expect(configOf(`table: {kiosks: ${kiosks}}\n`).consensus.max_faulty_nodes).toBe(bears);
      for (let faulty = 0; faulty <= 3; faulty++) {
        const text = `table: {kiosks: ${kiosks}}\nconsensus:\n  max_faulty_nodes: ${faulty}\n`;
        if (faulty <= bears) expect(configOf(text).consensus.max_faulty_nodes).toBe(faulty);
        else expect(said(text)[0]).toMatch(`f:3:21: consensus.max_faulty_nodes: a table of ${kiosks} bears ${bears}; `);
      }
    }
    expect(said("consensus: {max_faulty_nodes: 10}\n")).toEqual([
      "f:1:31: consensus.max_faulty_nodes: it is more than 3.",
    ]);
  });
});

describe("a text that is no plain tree of keys and values", () => {
  test.each([
    ["kiosk:\n\tname: x\n", 2, 1, /tab/],
    ["kiosk:\n  name: a\n  name: b\n", 3, 3, /twice/],
    ["kiosk:\n    name: a\n  folder: b\n", 3, 1, /column/],
    ['kiosk:\n  name: "a\n', 3, 1, /missing/],
    ["kiosk:\n  name: a: b\n", 2, 9, /two colons/],
    ["kiosk:\n  name: &a x\n  folder: *a\n", 3, 11, /elsewhere/],
    ["kiosk:\n  name: *a\n", 2, 9, /elsewhere/],
    ["kiosk: !foo {}\n", 1, 8, /tag/],
    ["kiosk: {}\n---\nkiosk: {}\n", 2, 1, /second document/],
    ["{ kiosk\n", 2, 1, /missing/],
    ["kiosk\n", 1, 1, /section with keys/],
  ])("is refused where it goes wrong: %j", (text, line, column, why) => {
    const [problem] = problemsOf(text);
    expect(problem).toMatchObject({ line, column });
    expect(problem.why).toMatch(why);
  });

  test("that is too long or too deep is refused before it is read", () => {
    expect(said(`${"#".repeat(CONFIG_SIZE_MAX)}\n`)).toEqual([
      `f:1:1: it has ${CONFIG_SIZE_MAX + 1} bytes, of at most ${CONFIG_SIZE_MAX}.`,
    ]);
    const deep = ["[".repeat(60_000), "- ".repeat(30_000), "? ".repeat(30_000), `a: ${"{b: ".repeat(10_000)}`];
    const stairs = [...Array(300).keys()].map((at) => `${" ".repeat(at)}a:\n`).join("");
    for (const text of [...deep, stairs, `kiosk: {}\n${deep[1]}`]) expect(said(text)[0]).toMatch(/stands so deep/);
  });

  test("whatever it is, is answered and never thrown, at a place within it", () => {
    const words = fc.constantFrom(
      ...["kiosk", "name", "table", "secret", "radios", "levels", ":", ": ", "\n", "  ", "- ", "[", "]", "{", "}", ","],
      ...[
        '"',
        "'",
        "#",
        "&a ",
        "*a",
        "!x",
        "|",
        ">",
        "?",
        "%",
        "---",
        "...",
        "\t",
        "\r",
        "1",
        "true",
        "~",
        "\u0000",
        "é",
      ],
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
        const text = parts.join("");
        const rows = text.split(/\n/);
        for (const { line, column, why } of problemsOf(text)) {
          expect(line >= 1 && line <= rows.length && column >= 1).toBe(true);
          expect(why).not.toBe("");
        }
      }),
      { seed: 20, numRuns: 1500 },
    );
  });
});

test("no problem repeats a secret, wherever it stands", () => {
  const places = [
    `table:\n  secret: ${SECRET}x\n`,
    `table:\n  secret: ["${SECRET}"]\n`,
    `table:\n  secret: "${SECRET}\n`,
    `table:\n  secret: *${SECRET}\n`,
    `table:\n  secret: !${SECRET} x\n`,
    `table:\n  secret: ${SECRET}: x\n`,
    `table:\n  secret: "${SECRET}" ${SECRET}\n`,
    `table: ${SECRET}\n`,
    `table:\n  bets: ${SECRET}\n`,
    `kiosk:\n  name: ${SECRET}\n`,
    `radios: ["${SECRET}"]\n`,
    `${SECRET}\n`,
    `table:\n\tsecret: ${SECRET}\n`,
    `table: {secret: ${SECRET}\n`,
    `%${SECRET}\n---\n`,
    `network: {max_message_size: ${SECRET}}\n`,
  ];
  for (const text of places) {
    expect(said(text), text).not.toEqual([]);
    expect(said(text).join("\n")).not.toContain(SECRET.slice(0, 16));
  }
});
