/** A backup that an operator orders at the page. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Answer } from "../../web/contract/answers.ts";
import { programFile, repository } from "../repository.ts";

/** In a kiosk's folder. */
export const BACKUPS_FOLDER = "backups";

/** By a process of its own: a long copy keeps no vote waiting. */
export function backedUp(file: string, folder: string): Promise<Answer> {
  const entry = programFile("hardway");
  const words = ["backup", "--file", file, "--to", join(folder, BACKUPS_FOLDER), "--json"];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [entry, ...words], {
      stdio: ["ignore", "ignore", "pipe"],
      cwd: repository(),
    });
    let said = "";
    child.stderr.on("data", (text) => {
      said = `${said}${text}`.slice(-200);
    });
    child.once("close", (code) =>
      resolve(
        code === 0
          ? { ok: true, revision: 0, words: `It is in ${join(folder, BACKUPS_FOLDER)}.` }
          : { ok: false, why: "failed", words: said.trim() || "The backup failed.", next: "hardway backup says more." },
      ),
    );
    child.once("error", () => resolve({ ok: false, why: "failed", words: "The backup did not start.", next: null }));
  });
}
