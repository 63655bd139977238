import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { largeDigits } from "../../../host/cli/commands/pair-digits.ts";
import { pairAt, type SeenPairing } from "../../../host/cli/commands/pair-screen.ts";
import { ioOf } from "../../../host/cli/io.ts";
import { givenText, readGiven } from "../../../host/cli/kiosk/given-table.ts";
import { newTable } from "../../../host/cli/kiosk/table-file.ts";
import { ownKey } from "../../../host/node/key-file.ts";
import { GIVEN_ABOUT_SIZE_MAX } from "../../../host/secure/limits.ts";
import { MEMBERS_MAX, NAME_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { folders } from "../storage/folders.ts";
import { inside } from "./inside.ts";

const here = folders();
afterAll(() => here.removeAll());

const seen = (stage: SeenPairing["stage"], more: Partial<SeenPairing> = {}): SeenPairing => ({
  ...{ stage, words: `it is ${stage}`, peer: null, leftMs: 60_000 },
  code: stage === "comparing" ? "048159" : null,
  ...more,
});

/** What is shown look by look, the last for good, and a person who answers with that. */
function person(shown: readonly SeenPairing[], answer: () => Promise<string | undefined>) {
  const done: string[] = [];
  const said = { out: "", err: "" };
  const stop = new AbortController();
  const streams = {
    stdout: { write: (text: string) => (said.out += text) },
    stderr: { write: (text: string) => (said.err += text) },
    ask: answer,
  };
  let looks = 0;
  const pairing = {
    look: async () => shown[Math.min(looks++, shown.length - 1)]!,
    confirm: async (isSame: boolean) => void done.push(isSame ? "same" : "different"),
    cancel: async () => void done.push("cancelled"),
  };
  const paired = pairAt(pairing, ioOf(streams, true, stop.signal), async () => {});
  return { paired, done, said, stop };
}

const nobody = async (): Promise<undefined> => undefined;
const never = (): Promise<undefined> => new Promise(() => {});

describe("a pairing at a terminal", () => {
  it("shows the digits in large, asks once, and says what the person has said [I12]", async () => {
    const shown = [seen("looking"), ...new Array(6).fill(seen("comparing")), seen("waiting"), seen("paired")];
    const questions: string[] = [];
    const answers = ["perhaps", "YES"];
    const { paired, done, said } = person(shown, async () => {
      questions.push("asked");
      return answers.shift();
    });
    expect(await paired).toMatchObject({ stage: "paired" });
    // What is no answer is asked again, and is no yes.
    expect([done[0], questions.length]).toEqual(["same", 2]);
    for (const line of largeDigits("048159")) expect(said.err).toContain(line);
    const stages = said.out.trimEnd().split("\n");
    expect(stages.map((line) => JSON.parse(line).stage)).toEqual(["looking", "comparing", "waiting", "paired"]);
  });

  it("tells the other kiosk of a no, and ends with what that has come to", async () => {
    const shown = [...new Array(4).fill(seen("comparing")), seen("failed", { code: "048159" })];
    const { paired, done } = person(shown, async () => "n");
    await expect(paired).rejects.toMatchObject({ exit: "failed", message: "it is failed" });
    expect(new Set(done)).toEqual(new Set(["different"]));
  });

  it("gives nothing away where nobody is there to look, or somebody goes away", async () => {
    const alone = person([seen("looking"), seen("comparing")], nobody);
    await expect(alone.paired).rejects.toMatchObject({ exit: "missing" });
    expect(alone.done).toEqual(["cancelled"]);
    const gone = person([seen("comparing")], never);
    gone.stop.abort();
    await expect(gone.paired).rejects.toMatchObject({ exit: "interrupted" });
    expect(gone.done).toEqual(["cancelled"]);
  });

  it("waits for no answer when it is over, and says whether anybody was found", async () => {
    const over = person([seen("comparing"), seen("failed", { code: "048159" })], never);
    await expect(over.paired).rejects.toMatchObject({ exit: "failed" });
    const unfound = person([seen("looking"), seen("failed")], never);
    await expect(unfound.paired).rejects.toMatchObject({ exit: "silent" });
    expect([over.done, unfound.done]).toEqual([[], []]);
  });

  it("has ten digits that differ, and six of them fit a screen", () => {
    const all = [..."0123456789"].map((digit) => largeDigits(digit).join("|"));
    expect(new Set(all).size).toBe(10);
    for (const line of largeDigits("888888")) expect(line.length).toBeLessThanOrEqual(60);
    expect(largeDigits("888888")).toHaveLength(5);
  });
});

describe("what a member gives beside its table's secret", () => {
  const identity = { profile: "bleLight", work_bits: 16 } as const;
  const keys = Array.from({ length: MEMBERS_MAX }, (_, at) => at.toString(16).padStart(2, "0").repeat(32));

  it("is the table's file and what an identity costs there, and fits one message with the longest names", () => {
    const names = Object.fromEntries(keys.map((key) => [key, "x".repeat(NAME_SIZE_MAX)]));
    const table = newTable(keys, { names, seats: 8, bets: "everything" });
    const text = givenText({ table, identity });
    expect(text.length).toBeLessThanOrEqual(GIVEN_ABOUT_SIZE_MAX);
    expect(readGiven(text)).toEqual({ table, identity });
    // Letters that JSON writes as six: the names are left out, and nothing else.
    const odd = Object.fromEntries(keys.map((key) => [key, "\u0001".repeat(NAME_SIZE_MAX)]));
    const { names: _, ...nameless } = table;
    const short = givenText({ table: { ...table, names: odd }, identity });
    expect(short.length).toBeLessThanOrEqual(GIVEN_ABOUT_SIZE_MAX);
    expect(readGiven(short)?.table).toEqual(nameless);
  });

  it("is not taken where it is no such thing, whoever has sent it", () => {
    const table = newTable(keys.slice(0, 4));
    const given = { table, identity };
    const texts = [
      ...["", "{", "null", "[]", '{"table":1}', JSON.stringify({ table }), JSON.stringify({ table: {}, identity })],
      JSON.stringify({ ...given, table: { ...table, members: [...table.members].reverse() } }),
      JSON.stringify({ ...given, identity: { ...identity, work_bits: 1e9 } }),
      JSON.stringify({ ...given, identity: { ...identity, profile: "none" } }),
    ];
    for (const text of texts) expect(readGiven(new Uint8Array(Buffer.from(text))), text).toBeUndefined();
    expect(readGiven(new Uint8Array([0xff, 0xfe]))).toBeUndefined();
  });
});

describe("hardway pair", () => {
  const kiosk = (table?: object) => {
    const home = here.make();
    mkdirSync(join(home, "data"));
    expect(ownKey(join(home, "data")).ok).toBe(true);
    const file = join(home, "hardway.yaml");
    writeFileSync(file, "kiosk: {name: Cid, folder: data}\nradios: []\n");
    if (table !== undefined) writeFileSync(join(home, "data", "table.json"), JSON.stringify(table));
    return file;
  };

  it("says what is missing: a radio, or a kiosk that runs", async () => {
    expect(await inside(["pair", "--file", kiosk()])).toMatchObject({
      ...{ exit: "missing", err: expect.stringMatching(/has no radio\.\nNext: hardway radio list/) },
    });
    const table = newTable(["ab".repeat(32), "cd".repeat(32)]);
    expect(await inside(["pair", "--file", kiosk(table)])).toMatchObject({
      ...{ exit: "missing", err: expect.stringMatching(/no kiosk runs on .*\nNext: hardway run/) },
    });
    expect(await inside(["pair", "--file", kiosk({})])).toMatchObject({ exit: "unsound" });
    expect(await inside(["pair", "other"])).toMatchObject({ exit: "usage" });
  });
});
