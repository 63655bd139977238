/** An image folder: what a build leaves and what a flasher takes. `image.json` says what it is for and what every file beside it
 * must weigh; nothing of a folder is used before all of it agrees. */
import { createHash } from "node:crypto";
import { lstat, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";

export const MANIFEST_NAME = "image.json";

/** The largest flash of any board of ours. */
const FILE_SIZE_MAX = 16_777_216;
const FILES_MAX = 16;

/** A plain name: no separator, and no dot in front, so that it cannot lead out of its folder. */
const FileName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "a plain file name, within the folder");

const ImageFile = z
  .strictObject({
    name: FileName,
    /** `esp32`: goes to an offset of the flash; `uf2` and `hex` carry their addresses within. */
    kind: z.enum(["esp32", "uf2", "hex"]),
    offset: z.int().min(0).max(FILE_SIZE_MAX).optional(),
    size: z.int().min(1).max(FILE_SIZE_MAX),
    md5: z.string().regex(/^[0-9a-f]{32}$/, "32 hexadecimal digits, in small letters"),
  })
  .refine((file) => (file.kind === "esp32") === (file.offset !== undefined), {
    message: "an esp32 file has an offset, and no other has one",
    path: ["offset"],
  });

const ImageManifest = z.strictObject({
  format: z.literal(1),
  board: z.string().min(1).max(64),
  chip: z.string().min(1).max(64),
  /** The first 8 bytes of the digest of all that the image was made of; the radio's hello says the same. */
  build: z.string().regex(/^[0-9a-f]{16}$/, "16 hexadecimal digits, in small letters"),
  sdk: z.string().max(200),
  files: z
    .array(ImageFile)
    .min(1)
    .max(FILES_MAX)
    .refine(
      (files) => new Set(files.map(({ name }) => name)).size === files.length,
      "every file has a name of its own",
    ),
});

export type ImageFile = z.infer<typeof ImageFile>;
export type ImageManifest = z.infer<typeof ImageManifest>;

export interface Image {
  readonly folder: string;
  readonly manifest: ImageManifest;
  /** In the order of the manifest. */
  readonly files: readonly LoadedFile[];
}

export interface LoadedFile extends Readonly<ImageFile> {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export type Parsed =
  | { readonly ok: true; readonly manifest: ImageManifest }
  | { readonly ok: false; readonly why: string };

export type ReadImage =
  | { readonly ok: true; readonly image: Image }
  | { readonly ok: false; readonly path: string; readonly why: string; readonly next: string };

export const md5Of = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");

export const manifestText = (manifest: ImageManifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

export function parseManifest(text: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (fault) {
    return { ok: false, why: `is not JSON: ${(fault as Error).message}` };
  }
  const parsed = ImageManifest.safeParse(value);
  if (parsed.success) return { ok: true, manifest: parsed.data };
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the whole"}: ${message}`);
  return { ok: false, why: `does not describe an image: ${faults.join("; ")}` };
}

/** Takes the folder, or the path of its `image.json`. */
export async function readImage(path: string): Promise<ReadImage> {
  const folder = basename(path) === MANIFEST_NAME ? dirname(path) : path;
  const manifestPath = join(folder, MANIFEST_NAME);
  const text = await read(manifestPath, FILE_SIZE_MAX);
  if (!text.ok) {
    const next = "Name a folder that a firmware build has made: it holds an image.json.";
    return { ok: false, path: manifestPath, why: text.why, next };
  }
  const parsed = parseManifest(new TextDecoder().decode(text.bytes));
  const next = "Build the image again, or fetch it again: nothing of this folder is used while one file is wrong.";
  if (!parsed.ok) return { ok: false, path: manifestPath, why: parsed.why, next };
  const files: LoadedFile[] = [];
  for (const file of parsed.manifest.files) {
    const filePath = join(folder, file.name);
    const found = await read(filePath, file.size);
    const why = found.ok ? differenceOf(file, found.bytes) : found.why;
    if (!found.ok || why !== undefined) return { ok: false, path: filePath, why: why ?? "", next };
    files.push({ ...file, path: filePath, bytes: found.bytes });
  }
  return { ok: true, image: { folder, manifest: parsed.manifest, files } };
}

function differenceOf(file: ImageFile, bytes: Uint8Array): string | undefined {
  if (bytes.length !== file.size) return `has ${bytes.length} bytes where image.json says ${file.size}`;
  const md5 = md5Of(bytes);
  return md5 === file.md5 ? undefined : `has the MD5 ${md5} where image.json says ${file.md5}`;
}

type Bytes = { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly why: string };

async function read(path: string, sizeMax: number): Promise<Bytes> {
  try {
    // Not `stat`: a link would be a way out of the folder.
    const found = await lstat(path);
    if (!found.isFile()) return { ok: false, why: "is not a plain file" };
    if (found.size > sizeMax) return { ok: false, why: `has ${found.size} bytes where at most ${sizeMax} belong` };
    return { ok: true, bytes: new Uint8Array(await readFile(path)) };
  } catch (fault) {
    const { code, message } = fault as NodeJS.ErrnoException;
    return { ok: false, why: code === "ENOENT" ? "is not there" : `cannot be read: ${message}` };
  }
}
