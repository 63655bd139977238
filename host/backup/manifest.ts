/** What a backup says of itself: whose it is, what is in it, and what is not. */
import { z } from "zod";
import { LEFT_OUT_COUNT_MAX } from "./limits.ts";

export const MANIFEST_NAME = "backup.json";

/** What a backup may hold beside its manifest, by the names in the archive. The last two are secrets under a passphrase. */
export const BACKUP_NAMES = Object.freeze([
  "journal",
  "table.json",
  "identity",
  "config.yaml",
  "history.db",
  "key",
  "secret",
] as const);
export type BackupName = (typeof BACKUP_NAMES)[number];

/** How a secret lies in a backup: it never lies there as it is. */
const standing = z.enum(["under a passphrase", "left out", "none"]);
export type Standing = z.output<typeof standing>;

const count = z.int().min(0);
const hex32 = z.string().regex(/^[0-9a-f]{64}$/);

const ManifestForm = z.strictObject({
  kind: z.literal("hardway backup"),
  version: z.literal(1),
  /** Of the program that made it. */
  program: z.string().max(64),
  at: z.iso.datetime(),
  why: z.enum(["asked for", "scheduled", "before flashing"]),
  /** The kiosk's public key; null where it has none. */
  kiosk: hex32.nullable(),
  key: standing,
  secret: standing,
  journal: z.strictObject({ records: count, damage: z.string().max(512).nullable() }).nullable(),
  files: z.array(z.strictObject({ name: z.enum(BACKUP_NAMES), size: count, sha256: hex32 })).max(BACKUP_NAMES.length),
  /** Names of the kiosk's files that are not in it. */
  leftOut: z.array(z.string().max(255)).max(LEFT_OUT_COUNT_MAX),
});
export type Manifest = z.output<typeof ManifestForm>;
export type Reason = Manifest["why"];

/** Undefined where these bytes are no manifest that this program knows. */
export function readManifest(bytes: Uint8Array): Manifest | undefined {
  try {
    return ManifestForm.safeParse(JSON.parse(Buffer.from(bytes).toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

export const manifestBytes = (manifest: Manifest): Uint8Array =>
  Buffer.from(`${JSON.stringify(ManifestForm.parse(manifest), null, 2)}\n`);
