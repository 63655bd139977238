/** The table's ledger as an operator takes it from the page: what `hardway ledger export` writes, signed by this kiosk. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeyPair } from "../../crypto/ed25519-keys.ts";
import { type Refused, refused } from "../../web/contract/answers.ts";
import type { LedgerFileText } from "../../web/contract/ledger-part.ts";
import { ANSWER_WITHIN_MS } from "../../web/server/limits.ts";
import { parseLedgerFile, signed } from "../past/ledger-file.ts";
import { programFile, repository } from "../repository.ts";

export type Exported = { readonly ok: true; readonly file: LedgerFileText } | Refused;

/** One at a time: whoever asks meanwhile has the same. */
export function ledgerExporter(folder: string, pair: KeyPair): () => Promise<Exported> {
  let underWay: Promise<Exported> | undefined;
  return () => {
    underWay ??= exported(folder, pair).finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

/** By a process of its own: a long journal keeps no vote waiting. It has no passphrase, and the key is open here. */
async function exported(folder: string, pair: KeyPair): Promise<Exported> {
  const place = mkdtempSync(join(tmpdir(), "hardway-ledger-"));
  try {
    const out = join(place, "ledger.json");
    const ended = await ran(["ledger", "export", folder, "--out", out]);
    if (ended !== undefined) return ended;
    const parsed = parseLedgerFile(readFileSync(out, "utf8"));
    if (!parsed.ok) return { ...refused("failed"), words: `The ledger was not written: ${parsed.why}.` };
    const { file } = parsed;
    const isMember = file.members.includes(Buffer.from(pair.publicKey.bytes).toString("hex"));
    return { ok: true, file: { ...(isMember ? signed(file, pair) : file) } };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Undefined where it was done. */
function ran(words: readonly string[]): Promise<Refused | undefined> {
  const entry = programFile("hardway");
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [entry, ...words], {
      ...{ stdio: ["ignore", "ignore", "pipe"], cwd: repository(), timeout: ANSWER_WITHIN_MS },
    });
    let said = "";
    child.stderr?.on("data", (text) => {
      said = `${said}${text}`.slice(-200);
    });
    child.once("error", () => resolve({ ...refused("failed"), words: "The export did not start." }));
    child.once("close", (code) => {
      if (code === 0) resolve(undefined);
      else
        resolve({
          ...refused("failed"),
          words: said.trim() || "It takes too long.",
          next: `hardway ${words.join(" ")}`,
        });
    });
  });
}
