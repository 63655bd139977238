/** Where the files of an ESP32's image go: each in its place, none on another, applications where the partition table has room
 * for them. */
import { chipIdOf } from "./esp32-image.ts";
import { type Checked, hexOf } from "./result.ts";

export interface PlacedFile {
  readonly name: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

interface Partition {
  readonly label: string;
  readonly isApplication: boolean;
  readonly offset: number;
  readonly size: number;
}

/** Flash is erased by sectors: a file that ends in one takes all of it. */
const SECTOR_SIZE = 0x1000;
const TABLE_OFFSET = 0x8000;
const TABLE_SIZE = 0xc00;
const ENTRY_SIZE = 32;
const ENTRY_MAGIC = 0x50aa;
/** The line of the table that holds its MD5. */
const DIGEST_MAGIC = 0xebeb;

export function checkLayout(files: readonly PlacedFile[], bootloaderOffset: number, flashSize: number): Checked {
  const sorted = [...files].sort((a, b) => a.offset - b.offset);
  for (let index = 0; index < sorted.length; index++) {
    const { name, offset, bytes } = sorted[index];
    if (offset % SECTOR_SIZE !== 0) return refuse(`${name}: its offset ${hexOf(offset)} is not the start of a sector`);
    if (offset + bytes.length > flashSize) return refuse(`${name}: ends beyond the flash of ${flashSize} bytes`);
    const next = sorted[index + 1];
    if (next !== undefined && sectorEnd(offset + bytes.length) > next.offset) {
      return refuse(`${name} and ${next.name} lie on each other`);
    }
  }
  const table = files.find(({ offset }) => offset === TABLE_OFFSET);
  const partitions = table === undefined ? undefined : partitionsOf(table.bytes);
  if (table !== undefined && partitions === undefined) return refuse(`${table.name}: is no partition table`);
  let applications = 0;
  for (const { name, offset, bytes } of files) {
    if (offset === TABLE_OFFSET) continue;
    const isImage = chipIdOf(bytes) !== undefined;
    if (offset === bootloaderOffset) {
      if (!isImage) return refuse(`${name}: is no ESP32 image, and lies where the bootloader belongs`);
      continue;
    }
    const partition = partitions?.find((each) => offset >= each.offset && offset < each.offset + each.size);
    if (partitions !== undefined && partition === undefined) {
      return refuse(`${name}: ${hexOf(offset)} lies in no partition`);
    }
    if (partition !== undefined) {
      const room = partition.offset + partition.size - offset;
      const where = `the partition "${partition.label}"`;
      if (bytes.length > room) return refuse(`${name}: has ${bytes.length} bytes where ${where} has room for ${room}`);
      if (partition.isApplication && !isImage) return refuse(`${name}: is no ESP32 image, as ${where} wants`);
    }
    if (isImage) applications++;
  }
  return applications > 0 ? { ok: true } : refuse("there is no application among the files");
}

/** Undefined where the bytes are no partition table. */
function partitionsOf(bytes: Uint8Array): Partition[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const partitions: Partition[] = [];
  for (let at = 0; at + ENTRY_SIZE <= Math.min(bytes.length, TABLE_SIZE); at += ENTRY_SIZE) {
    const magic = view.getUint16(at, true);
    if (magic === DIGEST_MAGIC || magic === 0xffff) break;
    if (magic !== ENTRY_MAGIC) return undefined;
    const label = bytes.subarray(at + 12, at + 28);
    partitions.push({
      label: new TextDecoder().decode(label.subarray(0, label.indexOf(0) < 0 ? label.length : label.indexOf(0))),
      isApplication: bytes[at + 2] === 0,
      offset: view.getUint32(at + 4, true),
      size: view.getUint32(at + 8, true),
    });
  }
  return partitions.length > 0 ? partitions : undefined;
}

const sectorEnd = (address: number): number => Math.ceil(address / SECTOR_SIZE) * SECTOR_SIZE;

const refuse = (why: string): Checked => ({ ok: false, why });
