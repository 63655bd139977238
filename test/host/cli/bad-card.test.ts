import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SPOTS } from "../../../host/engine/games/craps/spots.ts";
import { emitted } from "../../xs/engine/run.ts";
import { folders } from "../storage/folders.ts";
import { inside } from "./inside.ts";
import { asked, endAll, type Pair, pairAt, type RunningProgram, runProgram, until } from "./kiosk-pair.ts";

const here = folders();
let pair: Pair;
let card: string;
const running: RunningProgram[] = [];

beforeAll(async () => {
  pair = await pairAt(here.make(), 20_000 + ((process.pid + 5_000) % 20_000));
  card = join(here.make(), "card");
  const [ann, ben] = pair.kiosks;
  await inside(["table", "create", ben!.key, "--file", ann!.file]);
  await inside(["table", "join", join(ann!.folder, "table.json"), "--file", ben!.file]);
  running.push(await started(0), await runProgram(ben!));
}, 60_000);
afterAll(async () => {
  await endAll(pair, running);
  here.removeAll();
}, 30_000);

/** Its card and clock are this test's. */
async function started(kiosk: number): Promise<RunningProgram> {
  process.env["NODE_OPTIONS"] = `--import=${pathToFileURL(emitted("test/host/cli/bad-card.ts"))}`;
  process.env["HARDWAY_BAD_CARD"] = card;
  try {
    return await runProgram(pair.kiosks[kiosk]!);
  } finally {
    delete process.env["NODE_OPTIONS"];
    delete process.env["HARDWAY_BAD_CARD"];
  }
}

const sits = (url: string) =>
  until(
    () => asked(url, "api/order", { type: "sit" }),
    ({ ok, why }) => ok || why === "sits already",
    40_000,
  );

const sequenceOf = async (url: string): Promise<number> => (await asked(url, "api/view")).view.consensus.sequence;

describe("a kiosk that plays", { timeout: 120_000 }, () => {
  it("while its machine's clock is set says so and plays on", async () => {
    const [ann] = running;
    await sits(ann!.url);
    writeFileSync(card, "-864000000");
    await until(
      async () => ann!.said.err,
      (err) => /clock was set/.test(err) && /-864000/.test(err),
      20_000,
    );
    const before = await sequenceOf(ann!.url);
    await asked(ann!.url, "api/order", { type: "bet", code: 0, chips: 1 });
    await until(
      () => sequenceOf(ann!.url),
      (now) => now > before,
      20_000,
    );
    rmSync(card);
    await until(
      async () => ann!.said.err,
      (err) => /bySeconds"?[:= ]+864000/.test(err),
      20_000,
    );
  });

  it.each([
    ["ENOSPC", /^the disk under \S+ is full: nothing that was said is lost\.\nNext: make room there/m],
    ["EROFS", /^the disk under \S+ can only be read\.\nNext: /m],
  ] as const)(
    "ends with one plain message when its disk says %s, and goes on where it was when that is over",
    async (code, words) => {
      const [ann] = running;
      await until(
        () => asked(ann!.url, "api/view"),
        ({ view }) => view.recovery.state === "playing",
        40_000,
      );
      const before = await sequenceOf(ann!.url);
      writeFileSync(card, code);
      // It may end before it answers. Not every bet may be made now.
      for (const { code } of SPOTS.slice(0, 12)) {
        await asked(ann!.url, "api/order", { type: "bet", code, chips: 10 }).catch(() => {});
      }
      expect(await ann!.ended).toBe(1);
      expect(ann!.said.err).toMatch(words);
      await expect(started(0)).rejects.toThrow(words);
      rmSync(card);
      running[0] = await started(0);
      const { view } = await asked(running[0]!.url, "api/view");
      expect(view.recovery.journal.verdict).toMatch(/clean|torn tail cut/);
      expect(view.recovery.journal.sequence).toBeGreaterThanOrEqual(before);
      await until(
        () => sequenceOf(running[1]!.url),
        (now) => now >= before,
        5_000,
      );
    },
  );

  it("whose journal has rotted in the middle says where it was set aside, signs nothing, and follows the others", async () => {
    const [ann] = running;
    ann!.child.kill("SIGTERM");
    expect(await ann!.ended).toBe(0);
    const folder = join(pair.kiosks[0]!.folder, "journal");
    const [name] = readdirSync(folder).filter((each) => /^journal-\d+$/.test(each));
    const bytes = readFileSync(join(folder, name!));
    bytes[bytes.length >> 1]! ^= 0x40;
    writeFileSync(join(folder, name!), bytes);
    running[0] = await runProgram(pair.kiosks[0]!);
    const { said, url } = running[0]!;
    expect(said.err).toMatch(/the journal is damaged.*record \d+ is bad/);
    expect(said.err).toContain(join(folder, `${name}.damaged`));
    expect((await asked(url, "api/view")).view.recovery.journal.verdict).toBe("damaged");
    const { view } = await until(
      () => asked(url, "api/view"),
      ({ view }) => view.consensus.muted !== null,
      20_000,
    );
    expect(view.consensus.muted).toMatch(/damaged|waits for what others heard signed/);
  });
});
