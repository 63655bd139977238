/** The whole ledger as bytes, and back. One ledger has one encoding; bytes that say a ledger in which a chip is missing are
 * none. */
import { bytes } from "../../../protocol/bytes/blobs.ts";
import { branded, decode, encode } from "../../../protocol/bytes/codec.ts";
import { list, optional, struct } from "../../../protocol/bytes/compound.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { byteUpTo, varint } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { OBJECT_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { chips } from "../../../protocol/core/units.ts";
import { Counter } from "../../../protocol/message/fields.ts";
import { audit } from "./audit.ts";
import { type Account, type Ledger, worthOf } from "./ledger.ts";
import { ACCOUNTS_MAX, CHIPS_MAX, OWNER_SIZE, REBUYS_MAX, WHOLE_BASIS_POINTS } from "./limits.ts";
import { soundLedgerRules } from "./rules.ts";

export const Amount = branded(varint(CHIPS_MAX), chips);
export const BasisPoints = varint(WHOLE_BASIS_POINTS);

const LedgerRulesLayout = struct("LedgerRules", {
  grant: Amount,
  rebuysMax: byteUpTo(REBUYS_MAX),
  reserveBasisPoints: BasisPoints,
  betBasisPoints: BasisPoints,
  feeBasisPoints: BasisPoints,
  rakeBasisPoints: BasisPoints,
});

const AccountLayout = struct("Account", {
  owner: bytes(OWNER_SIZE),
  identity: optional(bytes(OWNER_SIZE)),
  nextCounter: Counter,
  rebuys: byteUpTo(REBUYS_MAX),
  free: Amount,
  locked: Amount,
  stake: Amount,
  unbonding: Amount,
});

export const LedgerLayout = struct("Ledger", {
  rules: LedgerRulesLayout,
  minted: Amount,
  bankFloor: Amount,
  bank: Amount,
  reserved: Amount,
  pool: Amount,
  burned: Amount,
  accounts: list(AccountLayout, ACCOUNTS_MAX),
});

export const takeLedgerSnapshot = (ledger: Ledger): Uint8Array => encode(LedgerLayout, ledger);

/** Undefined where the bytes are no ledger. */
export function restoreLedger(snapshot: Uint8Array): Ledger | undefined {
  const decoded = decode(LedgerLayout, snapshot);
  if (!decoded.ok) return undefined;
  const { value } = decoded;
  const accounts = value.accounts.map(ownAccount);
  let counted: number = value.bank + value.pool + value.burned;
  for (const account of accounts) counted += worthOf(account);
  const ledger: Ledger = { ...value, accounts, counted: chips(counted) };
  const sound = soundLedgerRules(ledger.rules) && ledger.bankFloor <= ledger.minted && audit(ledger).ok;
  return sound && ownersDiffer(accounts) ? ledger : undefined;
}

const ownAccount = (account: Account): Account => ({
  ...account,
  owner: new Uint8Array(account.owner),
  identity: account.identity === undefined ? undefined : new Uint8Array(account.identity),
});

function ownersDiffer(accounts: readonly Account[]): boolean {
  for (let i = 0; i < accounts.length; i++) {
    const { owner, identity } = accounts[i];
    for (let k = 0; k < i; k++) {
      const other = accounts[k];
      if (bytesEqual(owner, other.owner)) return false;
      if (identity !== undefined && other.identity !== undefined && bytesEqual(identity, other.identity)) return false;
    }
  }
  return true;
}

assert(LedgerLayout.sizeMax <= OBJECT_SIZE_MAX * 0.25, "the ledger leaves room in a snapshot for all else");
