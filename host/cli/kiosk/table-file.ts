/**
 * A table as its founder wrote it down: who its members are, what is played there and how they agree. Every kiosk of the table has the
 * same file in its folder; nothing in it is secret.
 */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { MEMBERS_MAX, NAME_SIZE_MAX, SEATS_MAX, SLOTS_MAX } from "../../../protocol/core/limits.ts";
import { TRANSPORTS } from "../../config/transports.ts";
import type { OwnPorts } from "../../engine/dice/own-state.ts";
import { type CrapsRules, crapsRules } from "../../node/craps-table.ts";
import { writeWhole } from "../../node/private-file.ts";
import { type Agreed, USUAL } from "./agreed.ts";

const hex = (size: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * size}}$`), `${2 * size} hexadecimal digits`);
const whole = (from: number, to: number) => z.int().min(from).max(to);

const Agreement = z.strictObject({
  transport: z.enum(["BLE", "LAN"]),
  timeoutMs: whole(1, 10_000),
  viewChangeMs: whole(250, 30_000),
  checkpointEvery: whole(8, 256),
  window: whole(1, SLOTS_MAX),
  batchLengthMax: whole(1, 50),
  fastPath: z.boolean(),
});

const Table = z
  .strictObject({
    table: hex(16),
    /** In the order of their keys. */
    members: z.array(hex(32)).min(2).max(MEMBERS_MAX),
    /** What their screens are called, as far as it is known. */
    names: z.record(hex(32), z.string().min(1).max(NAME_SIZE_MAX)).optional(),
    seats: whole(2, SEATS_MAX).optional(),
    bets: z.enum(["beginner", "full", "everything"]).optional(),
    agreed: Agreement.optional(),
  })
  .refine(({ members }) => members.every((key, at) => at === 0 || members[at - 1] < key), "members ascend, each once")
  .refine(({ agreed }) => agreed === undefined || agreed.timeoutMs >= TRANSPORTS[agreed.transport].timeoutMinMs, {
    message: "the time-out is shorter than its transport allows",
  });

export type TableFile = z.output<typeof Table>;

export const TABLE_FILE = "table.json";
export const tablePath = (folder: string): string => join(folder, TABLE_FILE);

/** Of a file that people carry: ten members with their names take 2 KiB. */
export const TABLE_FILE_SIZE_MAX = 16_384;

export type ReadTable =
  | { readonly ok: true; readonly table: TableFile }
  /** `isThere`: or there is no such file. */
  | { readonly ok: false; readonly isThere: boolean; readonly why: string };

export function readTable(path: string): ReadTable {
  if (!existsSync(path)) return { ok: false, isThere: false, why: `there is no ${path}` };
  try {
    return tableIn(readFileSync(path, "utf8"), path);
  } catch (error) {
    return { ok: false, isThere: true, why: `${path}: ${(error as Error).message}` };
  }
}

export function tableIn(text: string, path: string): ReadTable {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return { ok: false, isThere: true, why: `${path} is no JSON` };
  }
  const read = Table.safeParse(said);
  if (read.success) return { ok: true, table: read.data };
  const [{ path: where, message }] = read.error.issues;
  const key = where.length === 0 ? "" : `${where.join(".")}: `;
  return { ok: false, isThere: true, why: `${path} describes no table: ${key}${message}` };
}

/** There whole, or not at all. */
export function writeTable(path: string, table: TableFile): void {
  writeWhole(path, Buffer.from(`${JSON.stringify(table)}\n`), 0o644);
}

/** A new one, among these. */
export const newTable = (keys: readonly string[], more: Omit<TableFile, "table" | "members"> = {}): TableFile => ({
  ...{ table: randomBytes(16).toString("hex"), members: [...keys].sort() },
  ...more,
});

export const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));

export const agreedAt = ({ agreed }: TableFile): Agreed => agreed ?? USUAL;

/** Undefined where a member has a key that nobody may have. */
export const rulesOf = ({ table, members, ...game }: TableFile, ports: OwnPorts): CrapsRules | undefined =>
  crapsRules(bytesOf(table), members.map(bytesOf), ports, game);
