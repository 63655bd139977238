/** Counts every chip of a kiosk's table from its journal, step by step, and follows the chain that the members have signed. */
import type { Certificate, CheckpointProof } from "../../../protocol/agreement/certificate.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { verifyCertificate, verifyCheckpointProof } from "../../engine/consensus/certificates.ts";
import { genesisHistory } from "../../engine/consensus/genesis.ts";
import { nextHistory, sameName } from "../../engine/consensus/log.ts";
import type { Record } from "../../engine/consensus/records.ts";
import { audit } from "../../engine/ledger/audit.ts";
import { type Ledger, worthOf } from "../../engine/ledger/ledger.ts";
import { objectName } from "../../engine/objects/tree.ts";
import type { Ports } from "../../engine/ports.ts";
import { hex } from "../../past/text.ts";
import type { KioskJournal } from "./kiosk-journal.ts";
import { type Replayed, readerPorts, replayJournal } from "./replay-journal.ts";

export interface Check {
  readonly name: "sum" | "steps" | "chain" | "decision" | "checkpoints" | "signature" | "accounts";
  readonly ok: boolean;
  /** A sentence: what was found, or where it does not fit. */
  readonly words: string;
}

export interface LedgerChecked {
  readonly replayed: Replayed;
  readonly checks: readonly Check[];
  readonly proofs: Proofs;
}

/** What the members have signed, as far as the journal has it. */
export interface Proofs {
  readonly members: ReadonlyMap<number, readonly Uint8Array[]>;
  /** By epoch, the last that has signatures. */
  readonly decisions: ReadonlyMap<number, Certificate>;
  readonly checkpoints: readonly Extract<Record, { readonly type: "stable" }>[];
}

export function checkLedger(journal: KioskJournal, onCount: (count: number) => void): LedgerChecked {
  const ports = readerPorts();
  const chain = chainOf(journal, ports);
  let steps = 0;
  let wrongStep: string | undefined;
  const replayed = replayJournal(journal, {
    onCount,
    onRecord: (record) => chain.read(record),
    onTold({ sequence }, { ledger }) {
      steps += 1;
      const verdict = audit(ledger);
      if (!verdict.ok) wrongStep ??= `after sequence ${sequence}: ${verdict.why}, by ${verdict.difference}`;
    },
  });
  if (!replayed.ok) throw new Error("a journal leads to its own end");
  const { state } = replayed.replica;
  const stepsCheck: Check = {
    ...{ name: "steps", ok: wrongStep === undefined },
    words: wrongStep ?? `after each of ${steps} sequences every chip was in its place`,
  };
  return {
    replayed,
    checks: [
      sumCheck(state.machine.ledger),
      stepsCheck,
      chain.check(state.sequence, state.history),
      decisionCheck(journal.table, chain.proofs, ports),
      checkpointsCheck(journal.table, chain.proofs, ports),
    ],
    proofs: chain.proofs,
  };
}

export const foundIn = ({ accounts, bank, pool, burned }: Ledger): number =>
  accounts.reduce((sum, account) => sum + worthOf(account), bank + pool + burned);

export function sumCheck(ledger: Ledger): Check {
  const found = foundIn(ledger);
  const verdict = audit(ledger);
  const words = verdict.ok
    ? `${found} chips are there, as many as were made`
    : `${found} chips are there, and ${ledger.minted} were made: ${verdict.why}`;
  return { name: "sum", ok: verdict.ok, words };
}

interface Chain {
  readonly read: (record: Record) => void;
  readonly check: (sequence: number, history: Uint8Array) => Check;
  readonly proofs: Proofs;
}

/** The history, computed again from the names of all batches, and held against whatever was signed. */
function chainOf({ table, founders }: KioskJournal, ports: Ports): Chain {
  const known = new Map<number, Uint8Array>([[0, genesisHistory(ports, table)]]);
  const members = new Map<number, readonly Uint8Array[]>([[0, founders]]);
  const decisions = new Map<number, Certificate>();
  const checkpoints: Extract<Record, { readonly type: "stable" }>[] = [];
  let epoch = 0;
  let links = 0;
  let fault: string | undefined;

  const hold = (at: number, history: Uint8Array): boolean => {
    const before = known.get(at);
    if (before === undefined) known.set(at, history);
    else if (!bytesEqual(before, history))
      fault ??= `the history parts at sequence ${at}: ${hex(before)}, and ${hex(history)}`;
    return before !== undefined;
  };
  const follow = ({ base, names }: Certificate): void => {
    let history = base.digest;
    let isAnchored = known.has(base.sequence);
    const path: [number, Uint8Array][] = [[base.sequence, history]];
    for (let i = 0; i < names.length; i++) {
      history = nextHistory(ports, history, base.sequence + i + 1, names[i]);
      path.push([base.sequence + i + 1, history]);
      isAnchored ||= known.has(base.sequence + i + 1);
    }
    if (!isAnchored) fault ??= `a decision begins at sequence ${base.sequence}, to which nothing leads`;
    for (const [at, each] of path) if (!hold(at, each)) links += 1;
  };
  const pass = ({ header }: CheckpointProof): void => {
    if (!members.has(header.epoch)) members.set(header.epoch, header.members);
    epoch = Math.max(epoch, header.epoch);
  };
  return {
    proofs: { members, decisions, checkpoints },
    read(record) {
      if (record.type === "decided") {
        const { certificate } = record;
        follow(
          certificate.sequence - certificate.base.sequence < certificate.names.length
            ? decidedPart(certificate)
            : certificate,
        );
        if (certificate.ballots.length > 0) decisions.set(epoch, certificate);
      } else if (record.type === "stable") {
        hold(record.proof.header.sequence, record.proof.header.history);
        checkpoints.push(record);
        pass(record.proof);
      } else if (record.type === "passed") pass(record.proof);
      else if (record.type === "lineage") for (const proof of record.proofs) pass(proof);
    },
    check(sequence, history) {
      hold(sequence, history);
      return {
        ...{ name: "chain", ok: fault === undefined },
        words: fault ?? `${links} links lead to ${hex(history)} after sequence ${sequence}`,
      };
    },
  };
}

/** Names beyond are of what single votes reach, and may be decided otherwise. */
function decidedPart(certificate: Certificate): Certificate {
  return { ...certificate, names: certificate.names.slice(0, certificate.sequence - certificate.base.sequence) };
}

/** One certificate proves everything before it, for it signs the history. */
function decisionCheck(table: Uint8Array, { members, decisions }: Proofs, ports: Ports): Check {
  const proved: string[] = [];
  for (const [epoch, certificate] of decisions) {
    const who = members.get(epoch);
    if (who === undefined) continue;
    const verdict = verifyCertificate({ table, epoch, members: who }, ports, certificate);
    if (!verdict.ok) {
      return { name: "decision", ok: false, words: `the decision of sequence ${certificate.sequence}: ${verdict.why}` };
    }
    const senders = certificate.ballots.map(({ sender }) => sender).join(", ");
    proved.push(`up to sequence ${certificate.sequence} signed by members ${senders}`);
  }
  return { name: "decision", ok: true, words: proved.at(-1) ?? "no decision with its signatures is on record" };
}

function checkpointsCheck(table: Uint8Array, { members, checkpoints }: Proofs, ports: Ports): Check {
  const fault = (at: number, why: string): Check => ({
    name: "checkpoints",
    ok: false,
    words: `checkpoint ${at}: ${why}`,
  });
  let proved = 0;
  for (const { proof, state } of checkpoints) {
    const { sequence, state: name } = proof.header;
    if (!sameName(objectName(ports, state), name)) return fault(sequence, "its state is not the one that was signed");
    const who = members.get(proof.epoch);
    if (who === undefined) continue;
    if (!verifyCheckpointProof({ table, epoch: proof.epoch, members: who }, ports, proof)) {
      return fault(sequence, "its signatures do not hold");
    }
    proved += 1;
  }
  const words =
    checkpoints.length === 0 ? "there is none yet" : `${proved} of ${checkpoints.length} signed by a quorum`;
  return { name: "checkpoints", ok: true, words };
}
