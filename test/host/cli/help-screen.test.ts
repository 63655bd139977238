import { describe, expect, it } from "vitest";
import type { Command } from "../../../host/cli/command.ts";
import { COMMANDS } from "../../../host/cli/commands.ts";
import { helpScreen, SCREEN_COLUMNS, SCREEN_ROWS } from "../../../host/cli/help-screen.ts";
import { packageFacts } from "../../../host/cli/version.ts";
import { inside } from "./inside.ts";

const names = COMMANDS.map(({ words }) => words.join(" "));

function expectScreen(text: string): void {
  const rows = text.trimEnd().split("\n");
  expect(rows.filter((row) => row.length > SCREEN_COLUMNS)).toEqual([]);
  expect(rows.length).toBeLessThanOrEqual(SCREEN_ROWS);
}

describe("help", () => {
  it.each(names)("of %s fits a terminal of 80 by 24, and names every option", async (name) => {
    const { exit, out } = await inside([...name.split(" "), "--help"]);
    expect(exit).toBe("done");
    expectScreen(out);
    const command = COMMANDS.find(({ words }) => words.join(" ") === name);
    for (const option of Object.keys(command?.options ?? {})) expect(out).toContain(`--${option}`);
  });

  it("of all commands fits it as well, and names each first word", async () => {
    const { out } = await inside(["--help"]);
    expectScreen(out);
    for (const { words } of COMMANDS) expect(out).toContain(words[0]);
    expect((await inside([])).out).toBe(out);
  });

  it("of a word with which several begin lists those", async () => {
    const { exit, out } = await inside(["identity", "--help"]);
    expect(exit).toBe("done");
    expectScreen(out);
    for (const word of ["show", "mine", "backup", "restore"]) expect(out).toMatch(new RegExp(`^  ${word} `, "m"));
    expect((await inside(["identitty", "--help"])).exit).toBe("usage");
  });

  it("says all of it when it is asked for, and where it was cut that there is more", async () => {
    const command = (more: string): Command => ({ words: ["go"], about: "Goes.", more, run: async () => "done" });
    const short = command("A sentence that is quite short.");
    expect(helpScreen([short], short)).toMatch(/quite short\.\n\n[\s\S]*--json/);
    const long = command(`First. ${"It goes on and on. ".repeat(120)}`.trim());
    const screen = helpScreen([long], long);
    expectScreen(screen);
    expect(screen).toMatch(/\.\n\n {2}--json[^\n]*\n\nhardway go --help=all says the rest\.$/);
    const whole = await inside(["start", "--help=all"]);
    expect(whole.out.length).toBeGreaterThan((await inside(["start", "--help"])).out.length);
    for (const name of names) expect((await inside(["--help=all"])).out).toContain(`  ${name}`);
  });

  it("has room for more commands than there are, if need be by their words alone", () => {
    const many = Array.from({ length: 40 }, (_, at) => ({ words: [`word${at}`], about: "x ".repeat(60) }) as never);
    const screen = helpScreen(many, undefined);
    expectScreen(screen);
    for (let at = 0; at < 40; at++) expect(screen).toMatch(new RegExp(`\\bword${at}\\b`));
  });
});

it("the version is the package's", async () => {
  expect(await inside(["--version"])).toMatchObject({ exit: "done", out: `hardway ${packageFacts().version}\n` });
});
