import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { readBackup } from "../../../host/backup/read-backup.ts";
import { imageFolder, uf2 } from "../../hardware/flash/pictures.ts";
import { makeKiosk, OWNER } from "../backup/kiosk.ts";
import { inside } from "./inside.ts";

const where = mkdtempSync(join(tmpdir(), "hardway-first-"));
afterAll(() => rmSync(where, { recursive: true }));

/** A board's volume, and what `flash` is told to write there. */
function flashing(name: string): { readonly words: string[]; readonly volume: string } {
  const board = boards.itsybitsy;
  const image = imageFolder(board, [{ name: "xs_nrf52.uf2", kind: "uf2", bytes: uf2() }]);
  const volume = join(where, name, "MODDABLEnRF");
  mkdirSync(volume, { recursive: true });
  writeFileSync(
    join(volume, "INFO_UF2.TXT"),
    "UF2 Bootloader 0.9.2\r\nBoard-ID: moddable_itsybitsy-v1\r\nSoftDevice: S140 7.2.0\r\n",
  );
  return { words: ["flash", board.name, "--image", image, "--volume", volume], volume };
}

async function kioskIn(name: string): Promise<{ readonly file: string; readonly folder: string }> {
  const home = join(where, name);
  const { folder } = await makeKiosk({ at: join(home, "data") });
  const file = join(home, "hardway.yaml");
  writeFileSync(file, "kiosk: {folder: data}\n", { mode: 0o600 });
  return { file, folder };
}

const isWritten = (volume: string): boolean => existsSync(join(volume, "xs_nrf52.uf2"));

test("`flash` backs its kiosk up before it writes the board, and says where", async () => {
  const { file, folder } = await kioskIn("one");
  const { words, volume } = flashing("one-board");
  const { exit, out } = await inside([...words, "--file", file]);
  const [name] = readdirSync(join(folder, "backups"));
  expect(out.indexOf(`Backed up first: ${join(folder, "backups", name!)}`)).toBe(0);
  expect([exit, isWritten(volume)]).toEqual(["done", true]);
  const read = await readBackup(join(folder, "backups", name!), undefined);
  expect(read).toMatchObject({ ok: true, manifest: { why: "before flashing", kiosk: OWNER } });
});

test("where the backup cannot be made nothing is written to the board, unless nobody wants one", async () => {
  const { file } = await kioskIn("two");
  const { words, volume } = flashing("two-board");
  const blocked = join(where, "two", "blocked");
  writeFileSync(blocked, "");
  const told = await inside([...words, "--file", file, "--backup-to", blocked]);
  expect(told.exit).not.toBe("done");
  expect(told.err).toMatch(/nothing was written to the board[\s\S]*--no-backup/);
  expect(isWritten(volume)).toBe(false);
  const without = await inside([...words, "--file", file, "--backup-to", blocked, "--no-backup"]);
  expect([without.exit, isWritten(volume)]).toEqual(["done", true]);
});

test("a machine with no kiosk, or one that has nothing yet, is told so in plain words, and the board is written", async () => {
  const none = flashing("three-board");
  const told = await inside([...none.words, "--file", join(where, "nowhere.yaml")]);
  expect(told.err).toContain("No kiosk is here to be backed up first");
  expect([told.exit, isWritten(none.volume)]).toEqual(["done", true]);
  const fresh = flashing("four-board");
  const file = join(where, "fresh.yaml");
  writeFileSync(file, "kiosk: {folder: not-yet}\n", { mode: 0o600 });
  const said = await inside([...fresh.words, "--file", file]);
  expect(said.err).toContain("There is nothing to be backed up first");
  expect([said.exit, isWritten(fresh.volume)]).toEqual(["done", true]);
});
