/** `hardway ledger audit`: whether every chip that was made is in one place, and whether the members signed what led there. */
import { statSync } from "node:fs";
import { chipsText } from "../../past/text.ts";
import { type Command, InputError, UsageError } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { readKioskJournal } from "../past/kiosk-journal.ts";
import { type Check, checkLedger } from "../past/ledger-check.ts";
import { checkLedgerFile, LEDGER_FILE_SIZE_MAX, parseLedgerFile } from "../past/ledger-file.ts";
import { type AccountFacts, accountFacts, whose } from "../past/table-facts.ts";
import { exitOf, progressOf } from "../past/tell-journal.ts";
import { readText } from "../read-text.ts";

export const ledgerAudit: Command = {
  words: ["ledger", "audit"],
  takes: "FOLDER",
  about:
    "Counts every chip of a table, account by account and step by step, and follows the chain that its members signed.",
  more: `FOLDER is a kiosk's, as in FOLDER/kiosk-0, or a file that hardway ledger export has written. The kiosk may run meanwhile.
A file is as good as the members that it names: compare them with the table's.`,
  async run({ operands }, io) {
    if (operands.length !== 1) throw new UsageError("ledger audit takes one FOLDER, or an exported file");
    const [path] = operands;
    const found = statSync(path, { throwIfNoEntry: false });
    return found?.isFile() === true ? auditFile(path, io) : auditFolder(path, io);
  },
};

function auditFolder(path: string, io: Io): Exit {
  const journal = readKioskJournal(path);
  const { replayed, checks } = checkLedger(journal, progressOf(io, journal));
  const { state } = replayed.replica;
  const { ledger } = state.machine;
  const accounts = accountFacts(replayed.rules, state.machine);
  const at = { sequence: state.sequence, time: state.time };
  tell(
    { ...at, accounts, bank: ledger.bank, pool: ledger.pool, burned: ledger.burned, minted: ledger.minted },
    checks,
    io,
  );
  return exitOf(journal, verdict(path, checks, io), io);
}

async function auditFile(path: string, io: Io): Promise<Exit> {
  const parsed = parseLedgerFile(await readText(path, LEDGER_FILE_SIZE_MAX));
  if (!parsed.ok)
    throw new InputError("failed", `${path}: ${parsed.why}.`, "Name what hardway ledger export has written.");
  const checks = checkLedgerFile(parsed.file);
  tell(parsed.file, checks, io);
  return verdict(path, checks, io);
}

interface Told {
  readonly sequence: number;
  readonly time: number;
  readonly accounts: readonly AccountFacts[];
  readonly bank: number;
  readonly pool: number;
  readonly burned: number;
  readonly minted: number;
}

function tell({ sequence, time, accounts, bank, pool, burned, minted }: Told, checks: readonly Check[], io: Io): void {
  if (io.json) {
    const ok = checks.every((check) => check.ok);
    io.record({ type: "ledger", ok, sequence, time, accounts, bank, pool, burned, minted, checks });
  }
  io.out(`after sequence ${sequence}`);
  for (const each of accounts) {
    const { free, locked, stake, unbonding } = each;
    const parts = `${free} free, ${locked} on the table, ${stake} staked, ${unbonding} on the way out`;
    io.out(`  account ${each.account}, ${whose(each)}: ${chipsText(free + locked + stake + unbonding)} (${parts})`);
  }
  io.out(`  the bank ${bank}, the pool ${pool}, burned ${burned}`);
  for (const { name, ok, words } of checks) io.out(`${ok ? "ok " : "BAD"} ${name}: ${words}`);
}

function verdict(path: string, checks: readonly Check[], io: Io): Exit {
  const bad = checks.filter(({ ok }) => !ok);
  if (bad.length === 0) return "done";
  io.err(
    `${path}: ${bad.length} of ${checks.length} checks failed.\nNext: the lines that begin with BAD; compare with another kiosk.`,
  );
  return "unsound";
}
