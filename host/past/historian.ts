/** Tells a history what happens at a table: at a start what the journal remembers, and then what each effect says. */
import type { Evidence } from "../../protocol/agreement/evidence.ts";
import type { Effect } from "../engine/consensus/events.ts";
import type { Record } from "../engine/consensus/records.ts";
import type { Machine } from "../engine/machine.ts";
import type { TableState } from "../engine/table/state.ts";
import type { Entry } from "../storage/history/entry.ts";
import { auditEntry, batchEntry, evidenceEntries, rollEntries, seenEvidence, sessionEntry } from "./entries.ts";
import { retelling } from "./retelling.ts";
import { hex } from "./text.ts";
import type { Told } from "./told.ts";

export interface HistorianOptions<S> {
  readonly machine: Machine<S>;
  readonly founders: readonly Uint8Array[];
  readonly digest: (domain: string, bytes: Uint8Array) => Uint8Array;
  /** The account of a kiosk's seat. */
  readonly ownerOf: (key: Uint8Array, seat: number) => Uint8Array;
  /** Where the rows go: never throws. */
  readonly note: (entry: Entry) => void;
}

export interface Historian<S> {
  /** In the place of the machine that was given: while a journal is read it is looked at. */
  readonly machine: Machine<S>;
  /** The same records, told of on the way. Once, before any effect. */
  readonly retell: (records: Iterable<Record>) => Generator<Record>;
  /** When it is done. */
  readonly on: (effect: Effect) => void;
  /** A roll's proof with its keys, as a file, when it has fallen: before the effect that says so. */
  readonly rolled: (roll: number, file: string) => void;
}

/** Files of rolls whose batch was not told of: those of one turn, with room to spare. */
const FILES_MAX = 64;

export function historian<S extends TableState<unknown>>(options: HistorianOptions<S>): Historian<S> {
  const { machine, founders, digest, ownerOf, note } = options;
  const files: { readonly roll: number; readonly file: string }[] = [];
  let epoch = 0;
  let members = founders;
  /** The last that was noted. */
  let sessions = 0;
  /** What was told last. */
  let now = { sequence: 0, time: 0 };
  /** Of what is decided and not executed. */
  let decisions: { readonly from: number; readonly to: number; readonly view: number; readonly way: Told["way"] }[] =
    [];

  const tell = (told: Told): void => {
    now = told;
    note(batchEntry(told, members));
    for (const roll of rollEntries(told, fileOf)) note(roll);
    for (const evidence of evidenceEntries(told, members, digest)) note(evidence);
  };
  const fileOf = (roll: number): string | undefined => files.filter((each) => each.roll === roll).at(-1)?.file;

  const onRecord = (record: Record): void => {
    if (record.type === "decided") {
      const { base, sequence, view, phase } = record.certificate;
      const way = phase === "unanimous" ? "unanimous" : "committed";
      decisions.push({ from: base.sequence + 1, to: sequence, view, way });
    } else if (record.type === "stable") {
      note(auditEntry(record, machine, ownerOf));
      const { header } = record.proof;
      if (header.epoch > sessions) note(sessionEntry(record.proof));
      sessions = Math.max(sessions, header.epoch);
      enter(header.epoch, header.members);
    } else if (record.type === "passed") {
      enter(record.proof.header.epoch, record.proof.header.members);
    }
  };
  const enter = (next: number, who: readonly Uint8Array[]): void => {
    if (next <= epoch) return;
    epoch = next;
    members = who;
  };

  note({ type: "session", epoch: 0, sequence: 0, time: 0, members: founders.map(hex) });

  const told = retelling(machine, tell);
  const onExecuted = ({ sequence, time, done }: Extract<Effect, { type: "executed" }>): void => {
    const decision = decisions.find(({ from, to }) => from <= sequence && sequence <= to);
    decisions = decisions.filter(({ to }) => to > sequence);
    tell({
      ...{ sequence, epoch, time, barrier: undefined, view: decision?.view ?? 0, way: decision?.way ?? "committed" },
      done: done.map(({ request: { sender, request }, result, repeated }) => {
        const { seat, number, operation } = request;
        return { sender, seat, number, operation, result: repeated ? undefined : result, isProved: false };
      }),
    });
  };

  /** What can be ordered is told of when it is; the rest is kept here alone. */
  const onEvidence = (evidence: Evidence): void => {
    const entry = seenEvidence(evidence, now, members, digest);
    if (entry !== undefined) note(entry);
  };

  return {
    machine: told.machine,
    *retell(records) {
      for (const record of told.records(records)) {
        yield record;
        onRecord(record);
      }
      decisions = decisions.filter(({ to }) => to > told.executed());
    },
    on(effect) {
      told.end();
      if (effect.type === "persist") onRecord(effect.record);
      else if (effect.type === "executed") onExecuted(effect);
      else if (effect.type === "evidence") onEvidence(effect.evidence);
    },
    rolled(roll, file) {
      if (files.length === FILES_MAX) files.shift();
      files.push({ roll, file });
    },
  };
}
