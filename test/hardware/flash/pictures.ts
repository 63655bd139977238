/** Images to flash, made by the published formats and not by our own readers of them. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { Board } from "../../../hardware/boards/board.ts";
import { boards } from "../../../hardware/boards/boards.ts";
import { type Image, type ImageManifest, manifestText, md5Of, readImage } from "../../../hardware/images/image.ts";
import { chance, drawBytes } from "../../../protocol/core/chance.ts";

export const BUILD = "0123456789abcdef";
export const BUILD_BYTES = Uint8Array.from(Buffer.from(BUILD, "hex"));

const folders: string[] = [];

// Said while the file is read: within a test it would not be heard.
afterAll(() => folders.forEach((folder) => void rmSync(folder, { recursive: true, force: true })));

/** Gone when the test file has run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "hardway-flash-"));
  folders.push(folder);
  return folder;
}

interface EspOptions {
  readonly chipId: number;
  readonly segments: readonly Uint8Array[];
  readonly digest?: boolean;
}

export function espImage({ chipId, segments, digest = true }: EspOptions): Uint8Array {
  const header = Buffer.alloc(24);
  header.set([0xe9, segments.length, 2, 0x20]);
  header.writeUInt32LE(0x40080000, 4);
  header.writeUInt16LE(chipId, 12);
  header[23] = digest ? 1 : 0;
  const parts: Uint8Array[] = [header];
  let checksum = 0xef;
  for (const [index, segment] of segments.entries()) {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(0x3ffb0000 + index * 0x10000, 0);
    head.writeUInt32LE(segment.length, 4);
    parts.push(head, segment);
    for (const byte of segment) checksum ^= byte;
  }
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const padding = Buffer.alloc(16 - (size % 16));
  padding[padding.length - 1] = checksum;
  const body = Buffer.concat([...parts, padding]);
  return digest ? Buffer.concat([body, createHash("sha256").update(body).digest()]) : body;
}

/** Noise, which does not compress: `size` bytes take as many on the wire. */
export const application = (chipId: number, size: number, seed = 1): Uint8Array => {
  const bytes = drawBytes(chance(seed), size);
  return espImage({ chipId, segments: [bytes.subarray(0, 3 * 16), bytes.subarray(48)] });
};

interface Row {
  readonly label: string;
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

export const ROWS: readonly Row[] = [
  { label: "nvs", type: 1, offset: 0x9000, size: 0x6000 },
  { label: "factory", type: 0, offset: 0x10000, size: 0x100000 },
];

export function partitionTable(rows: readonly Row[] = ROWS): Uint8Array {
  const table = Buffer.alloc(0xc00, 0xff);
  rows.forEach(({ label, type, offset, size }, index) => {
    const at = index * 32;
    table.fill(0, at, at + 32);
    table.writeUInt16LE(0x50aa, at);
    table[at + 2] = type;
    table.writeUInt32LE(offset, at + 4);
    table.writeUInt32LE(size, at + 8);
    table.write(label, at + 12);
  });
  table.writeUInt16LE(0xebeb, rows.length * 32);
  return table;
}

interface Uf2Options {
  readonly from?: number;
  readonly family?: number;
  readonly blocks?: number;
  readonly seed?: number;
}

export function uf2({ from = 0x27000, family = 0xada52840, blocks = 200, seed = 1 }: Uf2Options = {}): Buffer {
  const file = Buffer.alloc(blocks * 512);
  const drawn = chance(seed);
  for (let index = 0; index < blocks; index++) {
    const words = [0x0a324655, 0x9e5d5157, 0x2000, from + index * 256, 256, index, blocks, family];
    words.forEach((word, at) => void file.writeUInt32LE(word, index * 512 + at * 4));
    file.set(drawBytes(drawn, 256), index * 512 + 32);
    file.writeUInt32LE(0x0ab16f30, index * 512 + 508);
  }
  return file;
}

export interface PictureFile {
  readonly name: string;
  readonly kind: "esp32" | "uf2" | "hex";
  readonly offset?: number;
  readonly bytes: Uint8Array;
}

export const manifestOf = (board: Board, files: readonly PictureFile[]): ImageManifest => ({
  format: 1,
  board: board.name,
  chip: board.chip,
  build: BUILD,
  sdk: "of a test",
  files: files.map(({ bytes, ...file }) => ({ ...file, size: bytes.length, md5: md5Of(bytes) })),
});

export function imageFolder(board: Board, files: readonly PictureFile[], changes: Partial<ImageManifest> = {}): string {
  const folder = temporaryFolder();
  for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
  writeFileSync(join(folder, "image.json"), manifestText({ ...manifestOf(board, files), ...changes }));
  return folder;
}

export async function imageOf(
  board: Board,
  files: readonly PictureFile[],
  changes: Partial<ImageManifest> = {},
): Promise<Image> {
  const read = await readImage(imageFolder(board, files, changes));
  if (!read.ok) throw new Error(`${read.path} ${read.why}`);
  return read.image;
}

/** Three files, of which the last is two and a half blocks of the loader. */
export const espFiles = (board: Board = boards.esp32, chipId = 0): PictureFile[] => [
  {
    name: "bootloader.bin",
    kind: "esp32",
    offset: board.name === "esp32c3" ? 0 : 0x1000,
    bytes: application(chipId, 1500, 2),
  },
  { name: "partition-table.bin", kind: "esp32", offset: 0x8000, bytes: partitionTable() },
  { name: "xs_esp32.bin", kind: "esp32", offset: 0x10000, bytes: application(chipId, 41_000, 3) },
];
