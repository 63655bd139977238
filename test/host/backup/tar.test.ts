import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert as check, property, uint8Array } from "fast-check";
import { afterAll, expect, test } from "vitest";
import { readArchive, writeArchive } from "../../../host/backup/archive.ts";
import { type Entry, readTar, writeTar } from "../../../host/backup/tar.ts";

const folder = mkdtempSync(join(tmpdir(), "hardway-tar-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ENTRIES: readonly Entry[] = [
  { name: "backup.json", bytes: Buffer.from("{}\n") },
  { name: "logs/hardway.log.1", bytes: new Uint8Array(512).fill(7) },
  { name: "empty", bytes: new Uint8Array(0) },
  { name: "journal", bytes: new Uint8Array(1300).map((_, at) => at) },
];

/** As a file's header has it: the sum is made right again, so that what is looked at is the field. */
function withHeader(change: (header: Uint8Array) => void): Uint8Array {
  const tar = writeTar(ENTRIES.slice(0, 1), 0);
  const header = tar.subarray(0, 512);
  change(header);
  header.fill(0x20, 148, 156);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.set(Buffer.from(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
  return tar;
}

test("what was put into an archive comes out of it, whatever its length", () => {
  const read = readTar(writeTar(ENTRIES, 1_700_000_000));
  expect(read.ok && read.entries.map(({ name, bytes }) => [name, Buffer.from(bytes).toString("hex")])).toEqual(
    ENTRIES.map(({ name, bytes }) => [name, Buffer.from(bytes).toString("hex")]),
  );
});

test("every system's own tar unpacks it, and nobody else may read what it unpacks", async () => {
  const path = join(folder, "a.tar.gz");
  await writeArchive(path, ENTRIES, 1_700_000_000_000);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const { status, stderr } = spawnSync("tar", ["-xzf", path, "-C", folder], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  for (const { name, bytes } of ENTRIES) {
    expect(Buffer.compare(readFileSync(join(folder, name)), bytes)).toBe(0);
    expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
  }
  expect(statSync(join(folder, "journal")).mtimeMs).toBe(1_700_000_000_000);
});

test("a name that leads elsewhere, a link, a second file of one name, and bytes after the end are refused", () => {
  const named = (name: string) => withHeader((header) => void header.fill(0, 0, 100).set(Buffer.from(name), 0));
  for (const name of ["../key", "/etc/passwd", "a/../../b", "", "a//b", ".ssh/key"]) {
    expect(readTar(named(name)), name).toMatchObject({ ok: false, why: "it holds something else than plain files" });
  }
  const link = withHeader((header) => void header.set(Buffer.from("2"), 156));
  expect(readTar(link)).toMatchObject({ ok: false, why: "it holds something else than plain files" });
  const twice = writeTar([ENTRIES[0]!, ENTRIES[0]!], 0);
  expect(readTar(twice)).toMatchObject({ ok: false, why: "backup.json is in it twice" });
  const more = new Uint8Array(writeTar(ENTRIES, 0).length + 512);
  more.set(writeTar(ENTRIES, 0));
  expect(readTar(more)).toMatchObject({ ok: false, why: "something follows its end" });
  const huge = withHeader((header) => void header.set(Buffer.from("77777777777"), 124));
  expect(readTar(huge)).toMatchObject({ ok: false, why: "backup.json is cut short" });
});

test("wherever an archive is cut or a header's bit is turned, it is refused and nothing is thrown", () => {
  const tar = writeTar(ENTRIES, 1_700_000_000);
  for (let at = 0; at < tar.length; at += 97) expect(readTar(tar.subarray(0, at)).ok, `cut at ${at}`).toBe(false);
  for (let bit = 0; bit < 8 * 512; bit++) {
    const spoilt = tar.slice();
    spoilt[bit >> 3]! ^= 1 << (bit & 7);
    expect(readTar(spoilt).ok, `bit ${bit}`).toBe(false);
  }
  check(
    property(uint8Array({ maxLength: 2048 }), (bytes) => readTar(bytes).ok === (bytes.length === -1)),
    {
      seed: 5,
      numRuns: 300,
    },
  );
});

test("a file that does not unpack is no archive, and one that unpacks without an end is not waited for", async () => {
  const path = join(folder, "b.tar.gz");
  writeFileSync(path, "no archive");
  expect(await readArchive(path)).toMatchObject({ ok: false, why: expect.stringContaining("does not unpack") });
  await expect(readArchive(join(folder, "none"))).rejects.toThrow("ENOENT");
});
