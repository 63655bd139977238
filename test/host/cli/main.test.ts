import { describe, expect, it } from "vitest";
import { type Command, InputError, UsageError } from "../../../host/cli/command.ts";
import { EXITS } from "../../../host/cli/exit-codes.ts";
import { bar } from "../../../host/cli/io.ts";
import { main } from "../../../host/cli/main.ts";

function run(command: Partial<Command>, args: readonly string[], over: { tty?: boolean; aborted?: boolean } = {}) {
  const said = { out: "", err: "" };
  const streams = {
    stdout: { write: (text: string) => (said.out += text) },
    stderr: { write: (text: string) => (said.err += text), isTTY: over.tty === true },
    ask: async () => undefined,
  };
  const stop = new AbortController();
  if (over.aborted === true) stop.abort();
  const whole = { words: ["go"], about: "goes", run: async () => "done", ...command } as Command;
  return main(args, [whole], streams, stop.signal).then((exit) => ({ exit, ...said }));
}

describe("a command's run", () => {
  it("with --json only records reach the standard output, one a line", async () => {
    const go: Partial<Command> = {
      run: async (_, io) => {
        io.out("for people");
        io.record({ a: 1 });
        return "done";
      },
    };
    expect(await run(go, ["go", "--json"])).toEqual({ exit: "done", out: '{"a":1}\n', err: "for people\n" });
    expect(await run(go, ["go"])).toEqual({ exit: "done", out: 'for people\n{"a":1}\n', err: "" });
  });

  it("progress redraws on a terminal, and is a line a tenth elsewhere", async () => {
    const go: Partial<Command> = {
      run: async (_, io) => {
        for (let done = 0; done <= 100; done++) io.progress("writing", done, 100);
        return "done";
      },
    };
    expect((await run(go, ["go"])).err.split("\n")).toHaveLength(12);
    const drawn = (await run(go, ["go"], { tty: true })).err;
    expect(drawn.split("\r")).toHaveLength(102);
    expect(drawn).toMatch(/100 %\n$/);
    expect(bar(1, 2)).toBe(`[${"█".repeat(15)}${"·".repeat(15)}]  50 %`);
  });

  it("an error about its words is a usage error, one after Ctrl-C is not an error, any other is ours", async () => {
    const failing = (error: Error): Partial<Command> => ({ run: () => Promise.reject(error) });
    const wrong = await run(failing(new UsageError("no such board")), ["go"]);
    expect(wrong).toMatchObject({ exit: "usage", err: "no such board.\nhardway go --help says more.\n" });
    expect((await run(failing(new Error("cut")), ["go"], { aborted: true })).exit).toBe("interrupted");
    await expect(run(failing(new Error("ours")), ["go"])).rejects.toThrow("ours");
  });

  it("a file that is not there has an exit of its own and the next thing to try", async () => {
    const failing = () => Promise.reject(new InputError("missing", "reading x: not there.", "Name another."));
    expect(await run({ run: failing }, ["go"])).toEqual({
      ...{ exit: "missing", out: "", err: "reading x: not there.\nNext: Name another.\n" },
    });
  });

  it("what a radio calls itself commands no terminal", async () => {
    const go: Partial<Command> = {
      run: async (_, io) => {
        io.out("a\u001b[2Jb\u009bc\td\ne\r");
        io.err("\u0007\u007f");
        return "done";
      },
    };
    expect(await run(go, ["go"])).toMatchObject({ out: "a\ufffd[2Jb\ufffdc\td\ne\ufffd\n", err: "\ufffd\ufffd\n" });
  });

  it("exit codes are all different", () => {
    const codes = Object.values(EXITS).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
