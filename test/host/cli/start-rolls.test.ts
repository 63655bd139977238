import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { noteRoll, rollBook, rollLines } from "../../../host/cli/commands/start-rolls.ts";
import type { RollSaid } from "../../../host/cli/kiosk/kiosk-report.ts";
import { parseRollFile, rollFile } from "../../../host/node/roll-file.ts";
import { CrapsKiosks } from "../node/craps-kiosks.ts";
import { folders } from "../storage/folders.ts";

const here = folders();
afterAll(here.removeAll);

const bet = (name: string, chips: number) => ({
  ...{ code: 0, name, chips, stake: chips },
  type: "stood" as const,
  net: 0,
});

const kioskOf = (member: number): string => `kiosk ${member}`;

async function rolled(): Promise<{ readonly said: RollSaid; readonly file: NonNullable<RollSaid["fell"]>["file"] }> {
  const of = new CrapsKiosks(4, "real");
  await of.seated();
  const roll = await of.locked();
  expect(await of.ended(roll)).toBe(true);
  const { fell, ...seen } = of.seen[0]![0]!;
  const { first, second, keys, proof } = fell!;
  const file = rollFile(keys, proof);
  const place = { type: "rolled", kiosk: 2, sequence: 31, view: 1, primary: 1 } as const;
  return { said: { ...place, ...seen, fell: { first, second, file } }, file };
}

test("a roll is checked and kept when the first kiosk tells it, and the others must tell the same", async () => {
  const folder = here.make();
  const book = rollBook(folder);
  const { said, file } = await rolled();
  const noted = noteRoll(book, said);
  expect(noted).toMatchObject({
    type: "new",
    told: { verdict: { ok: true }, digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  expect(parseRollFile(readFileSync(join(folder, "rolls", "1.json"), "utf8"))).toEqual(
    parseRollFile(JSON.stringify(file)),
  );
  expect(readdirSync(join(folder, "rolls"))).toEqual(["1.json"]);
  expect(noteRoll(book, { ...said, kiosk: 0 })).toEqual({ type: "same" });
  const others = [
    { ...said, kiosk: 3, fell: undefined },
    { ...said, kiosk: 3, fell: { ...said.fell!, first: 1 + (said.fell!.first % 6) } },
    { ...said, kiosk: 3, fell: { ...said.fell!, file: { ...file, proof: `00${file.proof.slice(2)}` } } },
  ];
  for (const other of others) {
    expect(noteRoll(book, other)).toMatchObject({
      type: "wrong",
      why: expect.stringContaining("kiosk 3 says of roll 1"),
    });
  }
});

test("a proof that does not hold, or holds of other dice, is wrong, whoever tells it first", async () => {
  const { said, file } = await rolled();
  const why = (fell: RollSaid["fell"]): string => {
    const book = rollBook(here.make());
    const noted = noteRoll(book, { ...said, fell });
    expect(existsSync(join(book.folder, "1.json"))).toBe(false);
    return noted.type === "wrong" ? noted.why : noted.type;
  };
  const { first, second } = said.fell!;
  expect(why({ first, second, file: { ...file, epoch: 3 } })).toBe("the proof of roll 1 does not hold: epoch");
  expect(why({ first, second, file: { ...file, key: "" } })).toMatch(/"key" is no dice key/);
  expect(why({ first: 1 + (first % 6), second, file })).toBe("the proof of roll 1 does not hold: dice");
});

test("two lines tell the dice, where they are in the order, who leads and shoots, and what it brought", () => {
  const said: RollSaid = {
    ...{ type: "rolled", kiosk: 0, sequence: 31, view: 2, primary: 1, roll: 12, point: 6, shooter: 2 },
    fell: { first: 3, second: 5, file: {} as never },
    seats: [
      { place: 1, member: 2, bets: [bet("pass", 10)], net: 0 },
      { place: 0, member: 0, bets: ["field", "hard-8", "lay-4", "big-8"].map((name) => bet(name, 5)), net: -5 },
      { place: 2, member: undefined, bets: [bet("come", 2)], net: 2 },
    ],
  };
  expect(rollLines({ said, digest: "0123456789abcdef01", verdict: undefined }, kioskOf)).toEqual([
    "roll 12   ⚂ ⚄  3 + 5 = 8 · sequence 31 · view 2, kiosk 1 leads · kiosk 2 shoots for 6 · proof 0123456789abcdef… verified",
    "          a player come 2: +2 · kiosk 0 field 5, hard-8 5 and 2 more: −5 · kiosk 2 pass 10: 0",
  ]);
  const nothing = { ...said, fell: undefined, seats: [], shooter: undefined, point: 0 };
  expect(rollLines({ said: nothing, digest: undefined, verdict: undefined }, kioskOf)).toEqual([
    "roll 12   nothing fell, every bet goes back · sequence 31 · view 2, kiosk 1 leads · nobody shoots",
    "          nobody has bet",
  ]);
});
