import { describe, expect, it } from "vitest";
import { help, parse } from "../../../host/cli/arguments.ts";
import { type Command, numberOption, UsageError } from "../../../host/cli/command.ts";
import { nearest } from "../../../host/cli/nearest.ts";

const nothing = async () => "done" as const;
const commands: readonly Command[] = [
  { words: ["radio", "list"], about: "lists", run: nothing },
  { words: ["radio", "trace", "record"], takes: "FILE", about: "keeps", run: nothing },
  { words: ["radio", "monitor"], takes: "DEVICE", about: "shows", run: nothing },
  {
    words: ["flash"],
    takes: "BOARD",
    about: "writes",
    options: {
      port: { value: "DEVICE", about: "where" },
      tries: { value: "N", default: "3", about: "how often" },
      force: { about: "anyway" },
      with: { value: "X", about: "again and again", many: true },
    },
    run: nothing,
  },
];
const run = (line: string) => parse(line.split(" ").filter(Boolean), commands);
const why = (line: string): string => {
  const parsed = run(line);
  return parsed.type === "wrong" ? parsed.why : `no: ${parsed.type}`;
};

describe("a command line", () => {
  it("is a command, its operands and its options, in any order and either spelling", () => {
    for (const line of ["flash esp32 --port /dev/x --force", "flash --force --port=/dev/x esp32"]) {
      const parsed = run(line);
      if (parsed.type !== "run") throw new Error(line);
      expect(parsed.command.words).toEqual(["flash"]);
      expect(parsed.input.operands).toEqual(["esp32"]);
      expect(parsed.input.text("port")).toBe("/dev/x");
      expect(parsed.input.text("tries")).toBe("3");
      expect([parsed.input.flag("force"), parsed.input.flag("with")]).toEqual([true, false]);
    }
    const many = run("flash a --with 1 --with 2 -- --odd");
    if (many.type !== "run") throw new Error("many");
    expect(many.input.all("with")).toEqual(["1", "2"]);
    expect(many.input.operands).toEqual(["a", "--odd"]);
  });

  it("what nobody knows is refused, with the nearest that somebody does", () => {
    expect(why("flsh x")).toBe('there is no command "flsh"; did you mean flash?');
    expect(why("radio lst")).toBe('there is no command "radio lst"; did you mean radio list?');
    expect(why("radio")).toBe('"radio" is no whole command; it goes on with one of: list, trace, monitor');
    expect(why("radio trace")).toBe('"radio trace" is no whole command; it goes on with one of: record');
    expect(why("radio trace recrod x")).toBe(
      'there is no command "radio trace recrod"; did you mean radio trace record?',
    );
    expect(why("radio zzzzzz")).toMatch(/goes on with one of: list, trace, monitor/);
    expect(why("flash x --prot y")).toBe('"flash" has no option --prot; did you mean --port?');
    expect(why("flash x -f")).toMatch(/no option -f/);
    expect(why("flash x --constructor")).toMatch(/no option --constructor/);
    expect(why("flash x --port")).toBe("--port wants its DEVICE");
    expect(why("flash x --force=1")).toBe("--force takes no value");
    expect(why("flash x --port a --port b")).toBe("--port was given twice");
    expect(why("radio list more")).toMatch(/takes nothing more than options, not "more"/);
    expect(why("completely else")).toBe('there is no command "completely"');
    expect(why("--port x")).toMatch(/no option|no command/);
  });

  it("help lists every command, and says of one all its options with their defaults", () => {
    expect(run("")).toEqual({ type: "help", command: undefined });
    expect(run("--help")).toEqual({ type: "help", command: undefined });
    for (const { words } of commands) expect(help(commands)).toContain(words.join(" "));
    const parsed = run("flash --help");
    if (parsed.type !== "help") throw new Error("help");
    const text = help(commands, parsed.command);
    for (const part of ["flash BOARD", "--port DEVICE", "how often (3)", "--json"]) expect(text).toContain(part);
  });

  it("a number outside its bounds is a usage error that names them", () => {
    const input = (text: string | undefined) => ({ operands: [], text: () => text, all: () => [], flag: () => false });
    expect(numberOption(input("5"), "n", 1, 9)).toBe(5);
    expect(numberOption(input("0.5"), "n", 0, 1, false)).toBe(0.5);
    for (const text of ["0", "10", "1.5", "soon", "", " ", undefined, "NaN"]) {
      expect(() => numberOption(input(text), "n", 1, 9), String(text)).toThrow(UsageError);
    }
    expect(() => numberOption(input("x"), "n", 1, 9)).toThrow('--n takes a whole number from 1 to 9, not "x"');
  });

  it("the nearest word is near, or none", () => {
    const words = ["list", "monitor", "trace"];
    expect(nearest("lsit", words)).toBe("list");
    expect(nearest("monitr", words)).toBe("monitor");
    expect(nearest("banana", words)).toBeUndefined();
  });
});
