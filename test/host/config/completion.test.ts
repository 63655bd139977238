import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { Command } from "../../../host/cli/command.ts";
import { COMPLETION_SCRIPTS } from "../../../host/cli/commands/completion-scripts.ts";
import { completionPlaces } from "../../../host/cli/commands/completion-table.ts";
import { COMMANDS } from "../../../host/cli/commands.ts";
import { main } from "../../../host/cli/main.ts";
import { CONFIG_KEYS } from "../../../host/config/keys.ts";

async function scriptFor(shell: string, json = false) {
  const said = { out: "", err: "" };
  const streams = {
    stdout: { write: (text: string) => (said.out += text) },
    stderr: { write: (text: string) => (said.err += text) },
    ask: async () => undefined,
  };
  const words = ["completion", shell, ...(json ? ["--json"] : [])];
  return { exit: await main(words, COMMANDS, streams, new AbortController().signal), ...said };
}

/** What bash itself offers for each line, the last word of which is being typed. */
async function offered(lines: readonly string[]): Promise<string[][]> {
  const { out } = await scriptFor("bash");
  const asks = lines.map((line) => {
    const words = line.split(" ");
    const list = words.map((word) => `'${word}'`).join(" ");
    return `COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; COMPREPLY=(); _hardway; echo "\${COMPREPLY[*]}"`;
  });
  // Where a line may go on with files is the shell's own to say, and only while it completes.
  const program = `${out}\ncompopt() { COMPREPLY+=("<files>"); }\n${asks.join("\n")}\n`;
  const { stdout } = await promisify(execFile)("bash", ["--norc", "-c", program]);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" ").filter((word) => word !== ""));
}

describe("completion", () => {
  test("in bash offers every command word by word, its options, and what a placeholder stands for", async () => {
    const lines = [
      "hardway ",
      "hardway con",
      "hardway config ",
      "hardway radio trace ",
      "hardway config get consensus.t",
    ];
    const [begin, some, config, trace, keys] = await offered(lines);
    expect(begin).toEqual([...new Set(COMMANDS.map(({ words }) => words[0]))]);
    expect(some).toEqual(["config"]);
    expect(config).toEqual(["check", "get", "set"]);
    expect(trace).toEqual(["record", "replay"]);
    expect(keys).toEqual(["consensus.transport", "consensus.timeout_ms"]);
    const [options, board, shells, files, value, after] = await offered([
      ...[
        "hardway config set --",
        "hardway flash esp32-",
        "hardway completion ",
        "hardway config check ",
        "hardway config get --file ",
      ],
      "hardway config set --standard kiosk.n",
    ]);
    expect(options).toEqual(["--file", "--standard", "--value-file", "--json", "--help"]);
    expect(board).toEqual(["esp32-nodemcu"]);
    expect(shells).toEqual(["bash", "zsh", "fish"]);
    expect([files, value]).toEqual([["<files>"], ["<files>"]]);
    expect(after).toEqual(["kiosk.name"]);
  });

  test("of every shell has every command, every option and every key", async () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      const { exit, out } = await scriptFor(shell);
      expect(exit).toBe("done");
      for (const { words, options } of COMMANDS) {
        for (const word of words) expect(out).toContain(word);
        for (const name of Object.keys(options ?? {}))
          expect(out).toContain(shell === "fish" ? `-l ${name}` : `--${name}`);
      }
      for (const { name } of CONFIG_KEYS) expect(out).toContain(name);
      expect(JSON.parse((await scriptFor(shell, true)).out)).toEqual({ shell, script: out });
    }
  });

  test("finds the command that is meant where one is the begin of another", () => {
    const run = async () => "done" as const;
    const commands: readonly Command[] = [
      { words: ["bench"], takes: "MAP PLAN", about: "measures", run },
      { words: ["bench", "dual"], takes: "MAP", about: "proves", options: { quick: { about: "soon" } }, run },
    ];
    const [dual, bench, begin] = completionPlaces(commands, {});
    expect(dual.words).toEqual(["bench", "dual"]);
    expect(dual.command?.options.map(({ name }) => name)).toEqual(["quick", "json", "help"]);
    expect([bench.next.map(({ word }) => word), bench.command?.operands]).toEqual([["dual"], "files"]);
    expect([begin.words, begin.next.map(({ word }) => word)]).toEqual([[], ["bench"]]);
  });

  test("of a command whose words mean something to a shell is still a script", async () => {
    const run = async () => "done" as const;
    const commands = [{ words: ["go"], about: "isn't $(touch x) `x` \"y", options: { o: { about: "a'b" } }, run }];
    const places = completionPlaces(commands, { KEY: ["a'b"] });
    await promisify(execFile)("bash", ["--norc", "-n", "-c", COMPLETION_SCRIPTS.bash(places)]);
    for (const shell of ["zsh", "fish"] as const)
      expect(COMPLETION_SCRIPTS[shell](places)).toContain("isn'\\''t $(touch");
  });

  test("of a shell that there is not names those that there are", async () => {
    const { exit, err } = await scriptFor("bsh");
    expect([exit, err.split("\n")[0]]).toEqual(["usage", '"bsh" is none of bash, zsh, fish; did you mean bash?']);
  });
});
