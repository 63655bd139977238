/** The table's ledger as an operator takes it from the page: what `hardway ledger export` writes, signed by this kiosk. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unreachable } from "../../../protocol/core/assert.ts";
import type { KeyPair } from "../../crypto/ed25519-keys.ts";
import { type Refused, refused } from "../../web/contract/answers.ts";
import type { LedgerFileText } from "../../web/contract/ledger-part.ts";
import { ANSWER_WITHIN_MS } from "../../web/server/limits.ts";
import { parseLedgerFile, signed } from "../past/ledger-file.ts";
import { aside } from "./aside.ts";

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

/** The process has no passphrase, and the key is open here. */
async function exported(folder: string, pair: KeyPair): Promise<Exported> {
  const place = mkdtempSync(join(tmpdir(), "hardway-ledger-"));
  try {
    const out = join(place, "ledger.json");
    const words = ["ledger", "export", folder, "--out", out];
    const ended = await aside(words, ANSWER_WITHIN_MS);
    switch (ended.type) {
      case "did not start":
        return { ...refused("failed"), words: "The export did not start." };
      case "failed":
        return { ...refused("failed"), words: ended.said || "It takes too long.", next: `hardway ${words.join(" ")}` };
      case "done":
        return signedIn(out, pair);
      default:
        return unreachable(ended);
    }
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function signedIn(path: string, pair: KeyPair): Exported {
  const parsed = parseLedgerFile(readFileSync(path, "utf8"));
  if (!parsed.ok) return { ...refused("failed"), words: `The ledger was not written: ${parsed.why}.` };
  const { file } = parsed;
  const isMember = file.members.includes(Buffer.from(pair.publicKey.bytes).toString("hex"));
  return { ok: true, file: { ...(isMember ? signed(file, pair) : file) } };
}
