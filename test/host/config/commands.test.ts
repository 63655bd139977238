import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../../host/cli/commands.ts";
import { main } from "../../../host/cli/main.ts";
import { exampleConfig } from "../../../host/config/example.ts";
import { CONFIG_KEYS } from "../../../host/config/keys.ts";
import { folders } from "../storage/folders.ts";

const here = folders();
afterAll(here.removeAll);

const SECRET = "5f".repeat(32);

async function hardway(...words: string[]) {
  const said = { out: "", err: "" };
  const streams = {
    stdout: { write: (text: string) => (said.out += text) },
    stderr: { write: (text: string) => (said.err += text) },
    ask: async () => undefined,
  };
  const exit = await main(words, COMMANDS, streams, new AbortController().signal);
  return { exit, ...said };
}

function file(text: string): string {
  const path = join(here.make(), "hardway.yaml");
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const records = (out: string): unknown[] =>
  out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("config check", () => {
  test("of a file that is well says so", async () => {
    const path = file(exampleConfig());
    expect(await hardway("config", "check", path)).toEqual({ exit: "done", out: `${path}: well.\n`, err: "" });
    const json = await hardway("config", "check", path, "--json");
    expect([json.exit, records(json.out)]).toEqual(["done", [{ type: "checked", file: path, warnings: [] }]]);
  });

  test("of another names file, line, column and the likely key, all at once [F05]", async () => {
    const path = file("consensus:\n  timout_ms: 5\nnetwork:\n  encryption_required: false\n");
    const { exit, out, err } = await hardway("config", "check", path);
    expect([exit, out]).toEqual(["unsound", ""]);
    expect(err.split("\n")).toEqual([
      `${path}:2:3: consensus.timout_ms: there is no such key; did you mean consensus.timeout_ms?`,
      `${path}:4:24: network.encryption_required: whoever stands near hears every radio, so that a link is encrypted or there is none.`,
      "",
    ]);
    const json = await hardway("config", "check", path, "--json");
    expect(records(json.out)).toMatchObject([
      {
        type: "wrong",
        file: path,
        problems: [
          { line: 2, column: 3, likely: "consensus.timeout_ms" },
          { line: 4, column: 24 },
        ],
      },
    ]);
  });

  test("of a file that is not there, or is none, says so", async () => {
    expect((await hardway("config", "check", join(here.make(), "none"))).exit).toBe("missing");
    expect((await hardway("config", "check", here.make())).exit).toBe("failed");
    expect((await hardway("config", "check", "a", "b")).exit).toBe("usage");
  });
});

describe("config get", () => {
  test("says what holds, whether the file says so or not", async () => {
    const path = file("kiosk: {name: Erna}\nradios: [/dev/a, /dev/b]\n");
    const get = async (key: string) => (await hardway("config", "get", key, "--file", path)).out;
    expect([await get("kiosk.name"), await get("consensus.timeout_ms")]).toEqual(["Erna\n", "1600\n"]);
    expect([await get("radios"), await get("logs.file")]).toEqual(["/dev/a\n/dev/b\n", "(not set)\n"]);
    const all = await hardway("config", "get", "--file", path, "--json");
    expect(records(all.out).map((each) => (each as { key: string }).key)).toEqual(CONFIG_KEYS.map(({ name }) => name));
  });

  test("of a key that there is not says which was meant", async () => {
    const path = file("");
    for (const name of ["consensus.timout_ms", "timeout_ms", "timeoutMs", "network.timeout_ms"]) {
      const { exit, err } = await hardway("config", "get", name, "--file", path);
      expect([exit, err.split("\n")[0]]).toEqual([
        "usage",
        `there is no key ${name}; did you mean consensus.timeout_ms?`,
      ]);
    }
    expect((await hardway("config", "get", "quux", "--file", path)).err).toMatch(/^there is no key quux\.\n/);
    expect((await hardway("config", "get", "kiosk.name", "--file", file("a: 1\n"))).exit).toBe("unsound");
  });
});

describe("config set", () => {
  test("writes one line and says what holds then", async () => {
    const path = file(exampleConfig());
    const { exit, out } = await hardway("config", "set", "kiosk.name", "Erna", "--file", path);
    expect([exit, out]).toEqual(["done", "kiosk.name: Erna\n"]);
    expect(readFileSync(path, "utf8")).toBe(exampleConfig().replace("# name: kiosk", "name: Erna"));
    const again = await hardway("config", "set", "kiosk.name", "Erna", "--file", path, "--json");
    expect(records(again.out)).toEqual([
      { type: "set", file: path, isChanged: false, key: "kiosk.name", value: "Erna" },
    ]);
    expect((await hardway("config", "set", "kiosk.name", "--standard", "--file", path)).out).toBe(
      "kiosk.name: kiosk\n",
    );
    expect(readFileSync(path, "utf8")).toBe(exampleConfig());
  });

  test("writes nothing where the key, the value or the file is wrong", async () => {
    const set = async (text: string, ...words: string[]) => {
      const path = file(text);
      const { exit, err } = await hardway("config", "set", ...words, "--file", path);
      expect(readFileSync(path, "utf8")).toBe(text);
      return `${exit}: ${err.split("\n")[0].replace(path, "f")}`;
    };
    expect(await set("", "table.seats", "9")).toBe("usage: table.seats: it is more than 8.");
    expect(await set("", "table.seats", "many")).toBe("usage: table.seats is a whole number from 2 to 8.");
    expect(await set("", "table.bets", "ful")).toBe(
      "usage: table.bets: it is not one of beginner, full, everything; did you mean full?",
    );
    expect(await set("", "radios", "COM3")).toMatch(/^usage: radios\.0: it is no device path/);
    expect(await set("", "network.encryption_required", "false")).toMatch(/^usage: .*hears every radio/);
    expect(await set("", "web.host", "0.0.0.0")).toMatch(/^usage: .*loopback alone/);
    expect(await set("", "seats", "4")).toBe("usage: there is no key seats; did you mean table.seats?");
    expect(await set("", "kiosk.name")).toMatch(/^usage: config set takes a VALUE for kiosk.name/);
    expect(await set("", "kiosk.name", "a", "b")).toBe("usage: kiosk.name takes one value.");
    expect(await set("", "kiosk.name", "a", "--standard")).toMatch(/^usage: config set takes a VALUE, or/);
    expect(await set("\n\ntabel: 1\n", "radios", "/dev/a")).toBe(
      "unsound: f:3:1: tabel: there is no such key; did you mean table?",
    );
    expect(await set("table: {kiosks: 7}\nconsensus: {max_faulty_nodes: 2}\n", "table.kiosks", "4")).toMatch(
      /^unsound: f:2:31: /,
    );
  });

  test("takes a secret from a file, and neither it nor check nor get says it [F05]", async () => {
    const path = file(exampleConfig());
    const from = file(`${SECRET}\nmore\n`);
    const ran = [
      await hardway("config", "set", "table.secret", "--value-file", from, "--file", path),
      await hardway("config", "set", "table.secret", "--value-file", from, "--file", path, "--json"),
      await hardway("config", "get", "--file", path),
      await hardway("config", "get", "table.secret", "--file", path, "--json"),
      await hardway("config", "check", path, "--json"),
      await hardway("config", "set", "table.secret", `${SECRET}0`, "--file", path),
      await hardway("config", "set", "kiosk.name", SECRET, "--file", path),
    ];
    expect(readFileSync(path, "utf8")).toContain(SECRET);
    expect(ran.map(({ exit }) => exit)).toEqual(["done", "done", "done", "done", "done", "usage", "usage"]);
    for (const { out, err } of ran) expect(out + err).not.toContain("5f5f");
  });
});
