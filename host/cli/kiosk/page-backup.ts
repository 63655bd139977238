/** A backup that an operator orders at the page. */
import { join } from "node:path";
import { unreachable } from "../../../protocol/core/assert.ts";
import type { Answer } from "../../web/contract/answers.ts";
import { aside } from "./aside.ts";

/** In a kiosk's folder. */
export const BACKUPS_FOLDER = "backups";

export async function backedUp(file: string, folder: string): Promise<Answer> {
  const to = join(folder, BACKUPS_FOLDER);
  const ended = await aside(["backup", "--file", file, "--to", to, "--json"]);
  switch (ended.type) {
    case "done":
      return { ok: true, revision: 0, words: `It is in ${to}.` };
    case "failed":
      return { ok: false, why: "failed", words: ended.said || "The backup failed.", next: "hardway backup says more." };
    case "did not start":
      return { ok: false, why: "failed", words: "The backup did not start.", next: null };
    default:
      return unreachable(ended);
  }
}
