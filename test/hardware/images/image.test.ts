import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { type ImageManifest, manifestText, md5Of, parseManifest, readImage } from "../../../hardware/images/image.ts";
import { BUILD, espFiles, imageFolder, manifestOf, temporaryFolder } from "../flash/pictures.ts";

const manifest = manifestOf(boards.esp32, espFiles());

describe("image.json", () => {
  test("is read as it was written", () => {
    expect(parseManifest(manifestText(manifest))).toEqual({ ok: true, manifest });
  });

  const file = manifest.files[0];
  const changes: { readonly [fault: string]: [Partial<Record<keyof ImageManifest, unknown>>, RegExp] } = {
    "of another format": [{ format: 2 }, /^does not describe an image: format/],
    "with a build that is no id": [{ build: "0123" }, /build: 16 hexadecimal digits/],
    "with a build in capitals": [{ build: "0123456789ABCDEF" }, /build/],
    "without a board": [{ board: undefined }, /board/],
    "without files": [{ files: [] }, /files/],
    "with too many": [{ files: Array.from({ length: 17 }, (_, i) => ({ ...file, name: `f${i}` })) }, /files/],
    "with a name twice": [{ files: [file, file] }, /files: every file has a name of its own/],
    "with a file of an unknown kind": [{ files: [{ ...file, kind: "elf" }] }, /files\.0\.kind/],
    "with a file without a place": [{ files: [{ ...file, offset: undefined }] }, /files\.0\.offset/],
    "with a place for a file that has its own": [{ files: [{ ...file, kind: "uf2" }] }, /files\.0\.offset/],
    "with a size that is none": [{ files: [{ ...file, size: 0 }] }, /files\.0\.size/],
    "with half an MD5": [{ files: [{ ...file, md5: "00ff" }] }, /files\.0\.md5: 32 hexadecimal/],
    "with a word that it does not know": [{ colour: "red" } as object, /colour/],
  };

  test.each(Object.entries(changes))("%s is refused", (_, [change, why]) => {
    const parsed = parseManifest(JSON.stringify({ ...manifest, ...change }));
    expect(parsed).toMatchObject({ ok: false, why: expect.stringMatching(why) });
  });

  test.each(["../evil.bin", "/etc/passwd", "a/b.bin", "a\\b.bin", "..", ".hidden", "", "a\u0000b"])(
    "with a file named %j, which might lead out of the folder, is refused",
    (name) => {
      const parsed = parseManifest(JSON.stringify({ ...manifest, files: [{ ...file, name }] }));
      expect(parsed).toMatchObject({ ok: false, why: expect.stringMatching(/files\.0\.name/) });
    },
  );

  test.each(["", "{", "[]", "null", "7"])("that is only %j is refused", (text) => {
    expect(parseManifest(text).ok).toBe(false);
  });
});

describe("an image folder", () => {
  const files = espFiles();

  test("is read whole, by its own path or its manifest's", async () => {
    const folder = imageFolder(boards.esp32, files);
    for (const path of [folder, join(folder, "image.json")]) {
      const read = await readImage(path);
      if (!read.ok) throw new Error(read.why);
      expect(read.image.folder).toBe(folder);
      expect(read.image.manifest.build).toBe(BUILD);
      expect(read.image.files.map(({ name, offset }) => [name, offset])).toEqual(
        files.map(({ name, offset }) => [name, offset]),
      );
      for (const [index, { bytes }] of files.entries()) {
        expect(Buffer.compare(read.image.files[index].bytes, bytes)).toBe(0);
      }
    }
  });

  const [{ name, bytes }] = files;
  const other = Uint8Array.from(bytes, (byte) => byte ^ 1);
  const spoil: { readonly [fault: string]: [(folder: string) => void, RegExp] } = {
    "without a file": [(folder) => rmSync(join(folder, name)), /^is not there$/],
    "with a file that was cut": [
      (folder) => writeFileSync(join(folder, name), bytes.subarray(1)),
      /where image\.json says/,
    ],
    "with a file that grew": [
      (folder) => writeFileSync(join(folder, name), Buffer.concat([bytes, bytes])),
      /where at most/,
    ],
    "with other bytes in it": [
      (folder) => writeFileSync(join(folder, name), other),
      new RegExp(`${md5Of(other)} where image\\.json says ${md5Of(bytes)}`),
    ],
    "with a folder in a file's place": [
      (folder) => {
        rmSync(join(folder, name));
        mkdirSync(join(folder, name));
      },
      /not a plain file/,
    ],
    "with a link out of it, be it to the same bytes": [
      (folder) => {
        const elsewhere = join(temporaryFolder(), "elsewhere");
        renameSync(join(folder, name), elsewhere);
        symlinkSync(elsewhere, join(folder, name));
      },
      /not a plain file/,
    ],
  };

  test.each(Object.entries(spoil))("%s is refused by the name of that file", async (_, [change, why]) => {
    const folder = imageFolder(boards.esp32, files);
    change(folder);
    const read = await readImage(folder);
    expect(read).toMatchObject({ ok: false, path: join(folder, name), why: expect.stringMatching(why) });
    expect(read).toMatchObject({ next: expect.stringMatching(/\.$/) });
  });

  test("that holds no manifest, or none that can be read, is refused by its name", async () => {
    const empty = temporaryFolder();
    expect(await readImage(empty)).toMatchObject({ ok: false, path: join(empty, "image.json"), why: "is not there" });
    const folder = imageFolder(boards.esp32, files);
    writeFileSync(join(folder, "image.json"), "not JSON");
    expect(await readImage(folder)).toMatchObject({ ok: false, why: expect.stringMatching(/^is not JSON/) });
  });
});
