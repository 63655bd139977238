/** A whole new file for the journal, and how it takes the place of the one before: written and synced under another name,
 * renamed, and the folder synced. Whatever ends the process or the power in between, one good generation is there. */
import type { Disk, DiskFile } from "../disk.ts";
import { Group, type Seeds, sizeOf } from "./group.ts";
import { FILE_HEAD_SIZE, MAGIC, VERSION } from "./layout.ts";
import { begunName, fileName } from "./names.ts";

export interface Generation {
  readonly generation: number;
  readonly base: number;
  readonly isDamaged: boolean;
  readonly salt: number;
  readonly records: readonly Uint8Array[];
}

export interface Image extends Generation {
  readonly bytes: Uint8Array;
  readonly seeds: Seeds;
}

/** The records are copied: the caller may use their buffers again. */
export function imageOf(of: Generation): Image {
  const { generation, base, isDamaged, salt, records } = of;
  const group = new Group(new Uint8Array(FILE_HEAD_SIZE + sizeOf(records)));
  const count = records.length;
  const seeds = group.putFileHead({ magic: MAGIC, version: VERSION, generation, base, count, isDamaged, salt });
  for (const [at, record] of records.entries()) group.put(record, base + at, base, seeds);
  return { ...of, bytes: group.bytes, seeds };
}

/** Durable under its own name when the promise is kept. What it replaces is still there. */
export async function writeGeneration(disk: Disk, image: Image): Promise<DiskFile> {
  const begun = begunName(image.generation);
  const file = disk.create(begun);
  await file.append(image.bytes);
  await file.sync();
  disk.rename(begun, fileName(image.generation));
  await disk.syncDirectory();
  return file;
}
