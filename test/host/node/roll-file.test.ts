import { expect, test } from "vitest";
import { RollProof } from "../../../host/engine/dice/roll-proof.ts";
import { partialMessage, partialOf } from "../../../host/node/partial-message.ts";
import { parseRollFile, rollFile } from "../../../host/node/roll-file.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { CrapsKiosks } from "./craps-kiosks.ts";

test("a roll's file brings back its proof and its keys, and what is no such file is refused in words", async () => {
  for (const count of [3, 4]) {
    const of = new CrapsKiosks(count);
    await of.seated();
    const roll = await of.locked();
    expect(await of.ended(roll)).toBe(true);
    const { keys, proof } = of.seen[0]![0]!.fell!;
    expect(keys.key === undefined).toBe(count === 3);
    const file = rollFile(keys, proof);
    const parsed = parseRollFile(JSON.stringify(file));
    expect(parsed).toEqual({ ok: true, keys, proof: encode(RollProof, proof) });
    const why = (text: unknown): string => {
      const said = parseRollFile(typeof text === "string" ? text : JSON.stringify(text));
      return said.ok ? "" : said.why;
    };
    expect([
      why("{"),
      why("null"),
      why([]),
      why({ ...file, rollProof: 2 }),
      why({ ...file, table: "0" }),
      why({ ...file, epoch: 0.5 }),
      why({ ...file, members: [] }),
      why({ ...file, members: [...file.members, "00"] }),
      why({ ...file, members: Array(11).fill(file.members[0]) }),
      why({ ...file, key: "00" }),
      why({ ...file, key: 7 }),
      why({ ...file, proof: "0G" }),
    ]).toEqual([
      "it is no JSON",
      ...["it is no roll's proof", "it is no roll's proof", "another version of this program wrote it"],
      ...['"table" is no hexadecimal text', '"epoch" is no whole number'],
      ...['"members" are no public keys', '"members" are no public keys', '"members" are no public keys'],
      ...['"key" is no dice key', '"key" is no dice key', '"proof" is no hexadecimal text'],
    ]);
  }
});

test("a partial crosses the air as it was made, and what opens a secret is none", () => {
  const fill = (value: number): Uint8Array => new Uint8Array(32).fill(value);
  const said = { roll: 7, partial: { point: fill(1), proof: { challenge: fill(2), response: fill(3) } } };
  expect(partialOf(partialMessage(said))).toEqual(said);
  const opening = { type: "opening", betLock: fill(1), secret: fill(2), salt: fill(3) } as const;
  expect(partialOf({ type: "randomnessReveal", roll: 7, content: opening })).toBe(undefined);
});
