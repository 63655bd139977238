/** A table's ledger as a file, for whoever has no journal: the accounts as one kiosk vouches for them, and the last state that a
 * quorum has signed. */
import { Certificate, CheckpointProof } from "../../../protocol/agreement/certificate.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { utf8Encode } from "../../../protocol/bytes/utf8.ts";
import { MEMBERS_MAX, PUBLIC_KEY_SIZE } from "../../../protocol/core/limits.ts";
import { domainDigest } from "../../crypto/domain-digest.ts";
import { sign } from "../../crypto/ed25519.ts";
import type { KeyPair } from "../../crypto/ed25519-keys.ts";
import { verifyCertificate, verifyCheckpointProof } from "../../engine/consensus/certificates.ts";
import { sameName } from "../../engine/consensus/log.ts";
import { decodeTable } from "../../engine/consensus/table.ts";
import { audit } from "../../engine/ledger/audit.ts";
import { objectName } from "../../engine/objects/tree.ts";
import { restoreTable } from "../../engine/table/snapshot.ts";
import { crapsRules } from "../../node/craps-table.ts";
import { verifierPorts } from "../../node/dice-ports.ts";
import { hex } from "../../past/text.ts";
import { foundedGame } from "./founded-game.ts";
import type { Check, Proofs } from "./ledger-check.ts";
import { type Replayed, readerPorts } from "./replay-journal.ts";
import { type AccountFacts, accountFacts } from "./table-facts.ts";

/** Bytes as hexadecimal text. */
export interface LedgerFile {
  readonly hardwayLedger: typeof LEDGER_FILE_VERSION;
  readonly table: string;
  readonly founders: readonly string[];
  readonly epoch: number;
  /** Of the game, as it was founded. */
  readonly seats: number;
  readonly bets: string;
  readonly members: readonly string[];
  readonly sequence: number;
  readonly time: number;
  readonly history: string;
  readonly minted: number;
  readonly bank: number;
  readonly reserved: number;
  readonly pool: number;
  readonly burned: number;
  readonly accounts: readonly AccountFacts[];
  /** That this history was decided; left out where the journal has none of this epoch. */
  readonly decision?: string;
  /** The last state that a quorum has signed, and who they were. */
  readonly checkpoint?: { readonly voters: readonly string[]; readonly proof: string; readonly state: string };
  /** By a member, of everything above: the text of it without spaces and without this. */
  readonly signature?: { readonly key: string; readonly value: string };
}

export const LEDGER_FILE_VERSION = 1;
/** Of the text: the longest state twice, and room for accounts. */
export const LEDGER_FILE_SIZE_MAX = 4 * 1_048_576;
const DOMAIN = "hardway ledger file";

export function ledgerFile({ replica, rules }: Replayed, founders: readonly Uint8Array[], proofs: Proofs): LedgerFile {
  const { state } = replica;
  const { minted, bank, reserved, pool, burned } = state.machine.ledger;
  const decision = proofs.decisions.get(state.table.epoch);
  const stable = proofs.checkpoints.at(-1);
  const voters = stable === undefined ? undefined : proofs.members.get(stable.proof.epoch);
  return {
    ...{ hardwayLedger: LEDGER_FILE_VERSION, table: hex(replica.table), founders: founders.map(hex) },
    ...{ seats: rules.places, bets: rules.config.bets },
    ...{ epoch: state.table.epoch, members: state.table.members.map(hex), sequence: state.sequence, time: state.time },
    ...{ history: hex(state.history), minted, bank, reserved, pool, burned },
    accounts: accountFacts(rules, state.machine),
    ...(decision === undefined || decision.sequence !== state.sequence
      ? {}
      : { decision: hex(encode(Certificate, decision)) }),
    ...(stable === undefined || voters === undefined
      ? {}
      : {
          checkpoint: {
            voters: voters.map(hex),
            proof: hex(encode(CheckpointProof, stable.proof)),
            state: hex(stable.state),
          },
        }),
  };
}

export function signed(file: LedgerFile, { publicKey, privateKey }: KeyPair): LedgerFile {
  return { ...file, signature: { key: hex(publicKey.bytes), value: hex(sign(privateKey, statement(file))) } };
}

const statement = (file: LedgerFile): Uint8Array => {
  const { signature: _, ...rest } = file;
  return domainDigest(DOMAIN, utf8Encode(JSON.stringify(rest)));
};

export type ParsedLedgerFile =
  | { readonly ok: true; readonly file: LedgerFile }
  | { readonly ok: false; readonly why: string };

export function parseLedgerFile(text: string): ParsedLedgerFile {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return wrong("it is no JSON");
  }
  if (typeof said !== "object" || said === null || !("hardwayLedger" in said)) return wrong("it is no ledger");
  const file = said as LedgerFile;
  if (file.hardwayLedger !== LEDGER_FILE_VERSION) return wrong("another version of this program wrote it");
  for (const name of ["epoch", "sequence", "time", "minted", "bank", "reserved", "pool", "burned"] as const) {
    if (!isAmount(file[name])) return wrong(`"${name}" is no whole number`);
  }
  if (bytesOf(file.table) === undefined || bytesOf(file.history) === undefined)
    return wrong('"table" or "history" is no hexadecimal text');
  for (const name of ["founders", "members"] as const)
    if (keysOf(file[name]) === undefined) return wrong(`"${name}" are no keys`);
  if (!Array.isArray(file.accounts) || !file.accounts.every(isAccount)) return wrong('"accounts" are none');
  return { ok: true, file };
}

/** Each by what the file itself says: whoever checks it must know from elsewhere that these are the table's members. */
export function checkLedgerFile(file: LedgerFile): Check[] {
  return [sumOf(file), ownersOf(file), decisionOf(file), checkpointOf(file), signatureOf(file)];
}

function sumOf({ accounts, bank, pool, burned, minted, reserved }: LedgerFile): Check {
  const found = accounts.reduce(
    (sum, each) => sum + each.free + each.locked + each.stake + each.unbonding,
    bank + pool + burned,
  );
  if (found !== minted) return { name: "sum", ok: false, words: `${found} chips are there, and ${minted} were made` };
  if (reserved > bank) return { name: "sum", ok: false, words: `the bank has ${bank} chips and may owe ${reserved}` };
  return { name: "sum", ok: true, words: `${found} chips are there, as many as were made` };
}

function ownersOf({ accounts }: LedgerFile): Check {
  const owners = new Set(accounts.map(({ owner }) => owner));
  const ok = owners.size === accounts.length;
  return {
    name: "accounts",
    ok,
    words: ok ? `${owners.size} accounts, each of another` : "two accounts are of one owner",
  };
}

function decisionOf(file: LedgerFile): Check {
  const check = (ok: boolean, words: string): Check => ({ name: "decision", ok, words });
  if (file.decision === undefined) return check(true, "left out: the journal had none for this sequence");
  const certificate = decode(Certificate, bytesOf(file.decision) ?? new Uint8Array(0));
  if (!certificate.ok) return check(false, "its bytes are none of a certificate");
  const { value } = certificate;
  const of = { table: bytesOf(file.table) as Uint8Array, epoch: file.epoch, members: keysOf(file.members) ?? [] };
  const verdict = verifyCertificate(of, readerPorts(), value);
  if (!verdict.ok) return check(false, verdict.why);
  const history = verdict.proven.histories[file.sequence - value.base.sequence];
  const isThis = value.sequence === file.sequence && history !== undefined && hex(history) === file.history;
  if (!isThis || value.phase === "prepared") return check(false, "it proves another history");
  return check(
    true,
    `sequence ${file.sequence} signed by members ${value.ballots.map(({ sender }) => sender).join(", ")}`,
  );
}

function checkpointOf(file: LedgerFile): Check {
  const check = (ok: boolean, words: string): Check => ({ name: "checkpoints", ok, words });
  if (file.checkpoint === undefined) return check(true, "left out: there was none yet");
  const proof = decode(CheckpointProof, bytesOf(file.checkpoint.proof) ?? new Uint8Array(0));
  const state = bytesOf(file.checkpoint.state);
  const voters = keysOf(file.checkpoint.voters);
  if (!proof.ok || state === undefined || voters === undefined)
    return check(false, "its bytes are none of a checkpoint");
  const { header, epoch } = proof.value;
  const table = bytesOf(file.table) as Uint8Array;
  const ports = readerPorts();
  if (!sameName(objectName(ports, state), header.state))
    return check(false, "its state is not the one that was signed");
  if (!verifyCheckpointProof({ table, epoch, members: voters }, ports, proof.value))
    return check(false, "its signatures do not hold");
  const founders = keysOf(file.founders) ?? [];
  const rules = crapsRules(table, founders, verifierPorts, foundedGame(file.seats, file.bets));
  const held = decodeTable(state);
  const restored = rules === undefined || held === undefined ? undefined : restoreTable(rules, held.machine);
  if (restored === undefined) return check(false, "its state is none of a table");
  if (!audit(restored.ledger).ok || restored.ledger.minted !== file.minted)
    return check(false, "other chips were made in its state");
  return check(true, `the state after sequence ${header.sequence} signed by a quorum, and every chip is in it`);
}

function signatureOf(file: LedgerFile): Check {
  const check = (ok: boolean, words: string): Check => ({ name: "signature", ok, words });
  if (file.signature === undefined)
    return check(true, "nobody vouches for the accounts: the kiosk's key was not opened");
  const [key, value] = [bytesOf(file.signature.key), bytesOf(file.signature.value)];
  if (key === undefined || value === undefined) return check(false, "it is none");
  if (!keysOf(file.members)?.some((member) => bytesEqual(member, key)))
    return check(false, "whoever signed it is no member");
  if (!readerPorts().verify(key, statement(file), value))
    return check(false, "it does not hold: something was changed");
  return check(true, `member ${file.members.indexOf(file.signature.key)} vouches for the accounts`);
}

const wrong = (why: string): ParsedLedgerFile => ({ ok: false, why });
const isAmount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function isAccount(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { owner, account, free, locked, stake, unbonding } = value as AccountFacts;
  return bytesOf(owner) !== undefined && [account, free, locked, stake, unbonding].every(isAmount);
}

function keysOf(value: unknown): Uint8Array[] | undefined {
  const keys = Array.isArray(value) ? value.map(bytesOf) : [];
  const known = keys.filter((key): key is Uint8Array => key?.length === PUBLIC_KEY_SIZE);
  return known.length === keys.length && known.length > 0 && known.length <= MEMBERS_MAX ? known : undefined;
}

function bytesOf(text: unknown): Uint8Array | undefined {
  return typeof text === "string" && /^(?:[0-9a-f]{2})*$/.test(text)
    ? new Uint8Array(Buffer.from(text, "hex"))
    : undefined;
}
