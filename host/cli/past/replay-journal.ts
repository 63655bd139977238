/** Executes again what a journal says was decided, up to any of its sequences. */
import { AssertionError, assert } from "../../../protocol/core/assert.ts";
import { millis } from "../../../protocol/core/units.ts";
import { domainDigest } from "../../crypto/domain-digest.ts";
import { verify } from "../../crypto/ed25519.ts";
import type { PublicKey } from "../../crypto/ed25519-keys.ts";
import { registerPublicKey } from "../../crypto/register-key.ts";
import type { Options } from "../../engine/consensus/options.ts";
import type { Record } from "../../engine/consensus/records.ts";
import { recover } from "../../engine/consensus/restart.ts";
import type { Replica } from "../../engine/consensus/state.ts";
import type { Ports } from "../../engine/ports.ts";
import { tableMachine } from "../../engine/table/table-machine.ts";
import { BLE } from "../../engine/timing/profiles.ts";
import { type CrapsRules, type CrapsTable, crapsRules } from "../../node/craps-table.ts";
import { verifierPorts } from "../../node/dice-ports.ts";
import { type Retelling, retelling } from "../../past/retelling.ts";
import { hex } from "../../past/text.ts";
import type { Told } from "../../past/told.ts";
import { InputError } from "../command.ts";
import { interruptibly } from "./interruptibly.ts";
import type { KioskJournal } from "./kiosk-journal.ts";

export interface Replayed {
  readonly replica: Replica<CrapsTable>;
  readonly rules: CrapsRules;
  readonly ports: Ports;
}

export interface ReplayOptions {
  /** The last sequence that is executed; all of them where there is none. */
  readonly to?: number | undefined;
  readonly onTold?: (told: Told, state: CrapsTable) => void;
  /** Once, when all below `to` is executed and it is not. */
  readonly onBefore?: (state: CrapsTable, rules: CrapsRules) => void;
  /** How many of the journal's records have been read. */
  readonly onCount?: (count: number) => void;
  /** Each record before it is applied. */
  readonly onRecord?: (record: Record, executed: number) => void;
}

export type ReplayedOrNot =
  | ({ readonly ok: true } & Replayed)
  /** It leads up to this sequence only. */
  | { readonly ok: false; readonly why: "ends"; readonly last: number }
  /** It knows nothing between the two: it was made short, or its kiosk was away and got a state. */
  | { readonly ok: false; readonly why: "gap"; readonly last: number; readonly next: number };

/** What of them bears on history is the same for every table; no time runs here. */
const OPTIONS: Options = {
  ...{ checkpointEvery: 50, window: 8, batchLengthMax: 50 },
  ...{ fastPath: true, bundles: true, lazy: true, rules: [1], profile: BLE },
};

export function replayJournal(journal: KioskJournal, options: ReplayOptions = {}): ReplayedOrNot {
  const { to = Number.POSITIVE_INFINITY, onTold, onCount } = options;
  const { table, founders: members, game } = journal;
  const ports = readerPorts();
  const rules = crapsRules(table, members, verifierPorts, game);
  if (rules === undefined) {
    throw new InputError("foreign", "a member's key is none that anybody may have.", "See whose journal it is.");
  }
  const told: Retelling<CrapsTable> = retelling(tableMachine(rules), (each) => {
    const state = told.state();
    if (state !== undefined) onTold?.(each, state);
  });
  const world = { ports, machine: told.machine };
  const founding = { options: OPTIONS, table, members, key: NOBODY, at: millis(0), wallMs: 0 };
  const reading: Reading = { to, told, rules, options, next: undefined, isBefore: false };
  const records = told.records(upTo(journal.records(onCount), reading));
  const replica = sensible(journal, () => interruptibly(() => recover(founding, records, undefined, world)));
  if (to === Number.POSITIVE_INFINITY || replica.executed === to) return { ok: true, replica, rules, ports };
  const { next } = reading;
  const last = replica.executed;
  return next === undefined ? { ok: false, why: "ends", last } : { ok: false, why: "gap", last, next };
}

/** Bytes that are whole and contradict each other were not written by a kiosk of this program. */
function sensible<T>({ folder }: KioskJournal, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    const why = `the journal in ${folder} contradicts itself: it does not hold that ${error.message}`;
    throw new InputError("damaged", `${why}.`, "Ask another kiosk of the table.");
  }
}

/** A reader is no member, and has promised nothing. */
const NOBODY = new Uint8Array(32);

interface Reading {
  readonly to: number;
  readonly told: Retelling<CrapsTable>;
  readonly rules: CrapsRules;
  readonly options: ReplayOptions;
  /** Of a checkpoint beyond, by which it went on. */
  next: number | undefined;
  isBefore: boolean;
}

/** What leads to that sequence and no further. What its kiosk promised beside is left out. */
function* upTo(records: Iterable<Record>, reading: Reading): Generator<Record> {
  const { to, told, options } = reading;
  for (const record of records) {
    options.onRecord?.(record, told.executed());
    if (told.executed() >= to) return;
    for (const part of partsOf(record, to)) {
      if (part.type === "beyond") {
        reading.next = part.sequence;
        return;
      }
      look(reading);
      yield part;
    }
  }
}

function look(reading: Reading): void {
  const { to, told, rules, options } = reading;
  const state = told.state();
  if (reading.isBefore || state === undefined || told.executed() !== to - 1) return;
  reading.isBefore = true;
  options.onBefore?.(state, rules);
}

type Part = Record | { readonly type: "beyond"; readonly sequence: number };

function partsOf(record: Record, to: number): readonly Part[] {
  switch (record.type) {
    case "decided": {
      const { base, sequence } = record.certificate;
      // The one before it by itself, so that somebody may look in between.
      const stops = [to - 1, to].filter((at) => at > base.sequence && at < sequence);
      const cut = stops.map((at): Record => decidedUpTo(record.certificate, at));
      return sequence <= to ? [...cut, record] : cut;
    }
    case "stable":
    case "passed": {
      const { sequence } = record.proof.header;
      return sequence <= to ? [record] : [{ type: "beyond", sequence }];
    }
    case "entered":
      return record.start.sequence <= to ? [record] : [];
    case "founded":
    case "batch":
    case "lineage":
      return [record];
    default:
      return [];
  }
}

type Certificate = Extract<Record, { readonly type: "decided" }>["certificate"];

/** Its signatures stand for more; a reader of a kiosk's own journal has no need of them. */
function decidedUpTo(certificate: Certificate, at: number): Record {
  const names = certificate.names.slice(0, at - certificate.base.sequence);
  return { type: "decided", certificate: { ...certificate, sequence: at as Certificate["sequence"], names } };
}

/** Of whoever checks what others have signed, and signs nothing. */
export function readerPorts(): Ports {
  const keys = new Map<string, PublicKey | undefined>();
  const keyOf = (bytes: Uint8Array): PublicKey | undefined => {
    const name = hex(bytes);
    // To judge a key costs more than to verify by it.
    if (!keys.has(name)) {
      const registered = registerPublicKey(bytes);
      keys.set(name, registered.ok ? registered.key : undefined);
    }
    return keys.get(name);
  };
  return {
    digest: domainDigest,
    sign: () => {
      assert(false, "a reader signs nothing");
    },
    verify(bytes, signed, signature) {
      const key = keyOf(bytes);
      return key !== undefined && verify(key, signed, signature);
    },
  };
}
