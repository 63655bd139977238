/** A recording as it grows: what is written is on the disk at once, and a file that has reached its bound becomes the one
 * before (.1), so that a recorder that is forgotten fills no disk. */
import { closeSync, existsSync, lstatSync, openSync, renameSync, writeSync } from "node:fs";

export interface BoundedFile {
  readonly write: (bytes: Uint8Array | string) => void;
  readonly close: () => void;
}

export type OpenedFile =
  | { readonly ok: true; readonly file: BoundedFile }
  | { readonly ok: false; readonly why: string; readonly next: string };

export interface FileOptions {
  /** Of one file; two are kept. */
  readonly sizeMax: number;
  /** What each file begins with. */
  readonly head: () => Uint8Array | string;
  /** The disk is full, or gone: nothing more is written. Said once. */
  readonly onFault: (why: string) => void;
}

export function openBoundedFile(path: string, options: FileOptions): OpenedFile {
  const { sizeMax, head, onFault } = options;
  let file: number | undefined;
  let size = 0;

  const add = (bytes: Uint8Array): void => {
    if (file === undefined) return;
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    size += bytes.length;
  };
  const begin = (): void => {
    // A device or a queue is not ours to fill, and a link leads elsewhere.
    if (existsSync(path) && !lstatSync(path).isFile()) throw new Error("it is there, and no plain file");
    file = openSync(path, "w");
    size = 0;
    add(bytesOf(head()));
  };
  const end = (): void => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  try {
    begin();
  } catch (error) {
    return {
      ok: false,
      why: `writing ${path}: ${(error as Error).message}`,
      next: "choose a file that you may write to",
    };
  }
  return {
    ok: true,
    file: {
      close: end,
      write(what) {
        if (file === undefined) return;
        const bytes = bytesOf(what);
        try {
          if (size + bytes.length > sizeMax) {
            end();
            renameSync(path, `${path}.1`);
            begin();
          }
          add(bytes);
        } catch (error) {
          end();
          onFault(`writing ${path}: ${(error as Error).message}; the recording ends here`);
        }
      },
    },
  };
}

const bytesOf = (what: Uint8Array | string): Uint8Array =>
  typeof what === "string" ? Buffer.from(what, "utf8") : what;
