/** Which program this is, as its package says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NAME_SIZE_MAX } from "../../protocol/core/limits.ts";
import { repository } from "./repository.ts";

export interface PackageFacts {
  readonly version: string;
  /** The oldest Node that it runs on, as in `20.19`. */
  readonly nodeMin: string;
}

/** As others are told of it. */
export const softwareName = (): string => `hardway ${packageFacts().version}`.slice(0, NAME_SIZE_MAX);

export function packageFacts(): PackageFacts {
  const read = JSON.parse(readFileSync(join(repository(), "package.json"), "utf8")) as {
    readonly version: string;
    readonly engines: { readonly node: string };
  };
  return { version: read.version, nodeMin: read.engines.node.replace(/^\D+/, "") };
}
