/** What a process of a hostile table is told, and what it tells. Bytes cross as hexadecimal text. */
import type { TableFile } from "../../host/cli/kiosk/table-file.ts";
import type { Role } from "../../host/mesh/topology/radios.ts";
import type { Deed } from "./kinds.ts";

export type Order =
  | { readonly type: "own"; readonly folder: string }
  | {
      readonly type: "sit";
      readonly table: TableFile;
      readonly secretFile: string;
      /** Where it listens and where it calls; undefined: by radio. */
      readonly wires: { readonly own: string; readonly others: readonly string[] } | undefined;
      readonly radios: readonly { readonly device: string; readonly role: Role }[];
      /** Keys of kiosks to open links to. */
      readonly opens: readonly string[];
      readonly seed: number;
      readonly speed: number;
      readonly beganAt: number;
      readonly deed: Deed | undefined;
      /** Nobody plays before so many have staked. */
      readonly stakers: number;
    }
  | { readonly type: "begin"; readonly deed: Deed }
  /** Ask for nothing new. */
  | { readonly type: "rest" }
  | { readonly type: "end" };

export type Tells =
  | { readonly type: "own"; readonly key: string }
  | { readonly type: "failed"; readonly why: string }
  | Facts;

/** Several times a second. */
export interface Facts {
  readonly type: "facts";
  readonly sequence: number;
  /** Of history and table: alike where the sequence is. */
  readonly digest: string;
  readonly epoch: number;
  readonly view: number;
  /** In the place of which primaries are counted. */
  readonly members: readonly string[];
  readonly rolls: number;
  readonly voids: number;
  readonly isRolling: boolean;
  readonly waiting: number;
  readonly isBalanced: boolean;
  readonly links: number;
  readonly stakes: readonly { readonly key: string; readonly chips: number; readonly slashes: number }[];
  readonly offences: readonly { readonly key: string; readonly kind: string }[];
  /** Evidence that it found itself, by kind; and the longest, in bytes and in operations. */
  readonly found: readonly string[];
  readonly parts: number;
  /** How often it has done its deed. */
  readonly acts: number;
  readonly muted: string | undefined;
}
