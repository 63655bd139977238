/** The page's files, read once: what is not among them does not exist, however its path is written. */
import { createHash } from "node:crypto";
import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { PAGE_FILE_SIZE_MAX, PAGE_FILES_MAX, PAGE_SIZE_MAX } from "./limits.ts";

export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** The same compressed, where the page was built with it. */
  readonly brotli: Buffer | undefined;
  readonly gzip: Buffer | undefined;
  readonly tag: string;
  /** Its name tells its content, so that it never changes. */
  readonly isForever: boolean;
  /** To be kept, not shown here. */
  readonly isDownload: boolean;
}

/** By path, as a request has it. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const TYPES: { readonly [ending: string]: string } = Object.freeze({
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
});

const FOREVER = /\.[0-9a-zA-Z]{8,}\.(?:js|css|svg|png|woff2)$/;
const DOWNLOADS = "/download/";

/** None where there is no such folder. Its links are not followed. */
export function readPage(folder: string | undefined): PageFiles {
  const files = new Map<string, PageFile>();
  if (folder === undefined || !existsSync(folder)) return files;
  let size = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = pathOf(entry);
    const type = TYPES[extname(path)];
    if (!entry.isFile() || type === undefined || statSync(path).size > PAGE_FILE_SIZE_MAX) continue;
    const bytes = readFileSync(path);
    size += bytes.length;
    if (files.size === PAGE_FILES_MAX || size > PAGE_SIZE_MAX) break;
    const name = `/${relative(folder, path).split(sep).join("/")}`;
    const tag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
    files.set(name, {
      ...{ type, bytes, tag, brotli: beside(`${path}.br`), gzip: beside(`${path}.gz`) },
      ...{ isForever: FOREVER.test(name), isDownload: name.startsWith(DOWNLOADS) },
    });
  }
  const index = files.get("/index.html");
  if (index !== undefined) files.set("/", index);
  return files;
}

/** Of all its files: a page that was built anew has another one. */
export function buildOf(files: PageFiles): string {
  const hash = createHash("sha256");
  for (const [name, { tag }] of [...files].sort(([left], [right]) => (left < right ? -1 : 1)))
    hash.update(`${name} ${tag}\n`);
  return hash.digest("hex").slice(0, 16);
}

// Named otherwise before Node 20.12.
const pathOf = (entry: Dirent): string => join(entry.parentPath ?? entry.path, entry.name);

const beside = (path: string): Buffer | undefined => (existsSync(path) ? readFileSync(path) : undefined);
