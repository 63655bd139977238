/** What must hold at every step of a whole table, whatever fails in it. The first thing that does not is kept; a run ends there. */

import { createHash } from "node:crypto";
import type { Effect } from "../../../host/engine/consensus/events.ts";
import { accusedBy } from "../../../host/engine/consensus/evidence.ts";
import { whole } from "../../../host/engine/consensus/statements.ts";
import { audit } from "../../../host/engine/ledger/audit.ts";
import { ownerOf } from "../../../host/engine/table/players.ts";
import type { SeenRoll } from "../../../host/node/roll-watch.ts";
import type { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import type { Evidence } from "../../../protocol/agreement/evidence.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { KioskPlace, Running } from "./kiosk.ts";
import type { Table } from "./table.ts";

export interface TableFailure {
  readonly rule: string;
  readonly detail: string;
  readonly atMs: number;
  readonly events: number;
}

/** What a process is known to have reached, of which nothing may be lost. */
interface Reached {
  executed: number;
  epoch: number;
}

export class Checker {
  failure: TableFailure | undefined;
  /** By sequence, what it came to. */
  readonly entries: (string | undefined)[] = [];
  /** By roll, how it ended. */
  readonly ends = new Map<number, string>();
  rolls = 0;
  voids = 0;
  requests = 0;
  readonly viewsEntered = new Set<string>();
  readonly stable = new Set<number>();
  epochs = 0;
  transfers = 0;
  private readonly table: Table;
  private readonly isLiar: (kiosk: number) => boolean;
  private readonly reached: Reached[];
  private readonly members: readonly Uint8Array[];
  /** Histories by member, epoch, view, phase and sequence. */
  private readonly promised = new Map<string, string>();

  constructor(table: Table, isLiar: (kiosk: number) => boolean) {
    this.table = table;
    this.isLiar = isLiar;
    this.reached = table.kiosks.map(() => ({ executed: 0, epoch: 0 }));
    this.members = table.kiosks.slice(0, table.config.boards.length).map(({ person }) => person.key);
  }

  broken(rule: string, detail: string): void {
    const { now, rung } = this.table.clock;
    this.failure ??= { rule, detail, atMs: now, events: rung };
  }

  /** Its card is of an earlier day: what it had reached since it does not know, and must find out. */
  forgot(of: KioskPlace): void {
    this.reached[of.at].executed = 0;
  }

  started(of: KioskPlace, { node }: Running): void {
    if (this.isLiar(of.at)) return;
    const reached = this.reached[of.at];
    const { executed, epoch } = node.replica;
    if (executed < reached.executed) {
      this.broken("what was told is durable", `kiosk ${of.at} had told of ${reached.executed}, knows of ${executed}`);
    }
    reached.epoch = epoch;
    this.checkState(of, node);
  }

  sees(of: KioskPlace, effect: Effect): void {
    if (this.isLiar(of.at)) return;
    const reached = this.reached[of.at];
    switch (effect.type) {
      case "executed":
        this.executed(of, effect, reached);
        break;
      case "entered":
        reached.epoch = effect.epoch;
        this.epochs = Math.max(this.epochs, effect.epoch);
        this.viewsEntered.add(`${effect.epoch} ${effect.view}`);
        break;
      case "stable":
        this.stable.add(effect.sequence);
        break;
      case "evidence":
        this.evidence(of, effect.evidence);
        break;
      case "persist":
        if (effect.record.type === "voted") this.kept(of, effect.record.ballot, reached.epoch);
        break;
      default:
        break;
    }
  }

  sawRoll(of: KioskPlace, { roll, fell }: SeenRoll): void {
    if (this.isLiar(of.at)) return;
    const end = fell === undefined ? "void" : `${fell.first} and ${fell.second}`;
    const known = this.ends.get(roll);
    if (known !== undefined && known !== end) {
      this.broken("identical dice", `roll ${roll} ends otherwise at kiosk ${of.at}: ${end}, not ${known}`);
    }
    if (known !== undefined) return;
    this.ends.set(roll, end);
    if (fell === undefined) this.voids += 1;
    else this.rolls += 1;
  }

  /** The furthest that anybody has told its players of. */
  get told(): number {
    return this.reached.reduce((most, { executed }) => Math.max(most, executed), 0);
  }

  private executed(of: KioskPlace, effect: Effect & { type: "executed" }, reached: Reached): void {
    const { sequence, time, done } = effect;
    const hash = createHash("sha1").update(`${time}`);
    for (const { request, result } of done) hash.update(request.signature).update(result);
    const digest = hash.digest("base64");
    const known = this.entries[sequence];
    if (known === undefined) {
      this.entries[sequence] = digest;
      this.requests += done.filter(({ repeated }) => !repeated).length;
    } else if (known !== digest) this.broken("agreement", `kiosk ${of.at} executes another batch as ${sequence}`);
    // What came as a state was executed elsewhere.
    if (sequence > reached.executed + 1) this.transfers += 1;
    reached.executed = Math.max(reached.executed, sequence);
    const node = of.process?.running?.node;
    if (node !== undefined) this.checkState(of, node);
  }

  private checkState(of: KioskPlace, node: Running["node"]): void {
    const { ledger, dice, outcasts, judge, stakes } = node.replica.state.machine;
    const found = audit(ledger);
    if (!found.ok) this.broken("chips conserved", `at kiosk ${of.at}: ${found.why}, ${found.difference}`);
    const minted = of.rules.bank + of.rules.pool;
    if (ledger.minted !== minted) this.broken("chips conserved", `at kiosk ${of.at}: ${ledger.minted}, not ${minted}`);
    dice.members.forEach(({ key }, member) => {
      if (((dice.excluded >> member) & 1) === 1) this.blamed(of, key, "deals no more");
    });
    for (const key of outcasts) this.blamed(of, key, "has lost its seat");
    for (const { key } of judge.book.entries) this.blamed(of, key, "is in the book");
    for (const { account, slashes } of stakes.stakers) {
      if (slashes.length === 0) continue;
      const { owner } = ledger.accounts[account];
      const paid = this.members.find((key) => bytesEqual(ownerOf(of.rules, key, 0), owner));
      if (paid !== undefined) this.blamed(of, paid, "has paid");
    }
  }

  private blamed(of: KioskPlace, key: Uint8Array, what: string): void {
    const at = this.members.findIndex((member) => bytesEqual(member, key));
    if (at >= 0 && !this.isLiar(at)) this.broken("no honest kiosk is accused", `${at} ${what}, says kiosk ${of.at}`);
  }

  private evidence(of: KioskPlace, evidence: Evidence): void {
    const members = of.process?.running?.node.replica.members ?? this.members;
    const key = members[accusedBy(evidence)];
    if (key !== undefined) this.blamed(of, key, `is shown a ${evidence.type}`);
  }

  /** One history for each place that a key has ever promised, over all lives of its kiosk. */
  private kept({ at }: KioskPlace, ballot: SignedBallot, epoch: number): void {
    const full = whole(ballot, () => undefined);
    if (full === undefined) {
      this.broken("promises are whole", `kiosk ${at} keeps a ballot without its histories`);
      return;
    }
    const { view, proposed, prepared, committed, checkpoint } = full;
    for (const [phase, place] of Object.entries({ proposed, prepared, committed })) {
      if (place !== undefined) this.once(`${at} ${epoch} ${view} ${phase} ${place.sequence}`, place.digest);
    }
    if (checkpoint !== undefined) this.once(`${at} ${epoch} checkpoint ${checkpoint.sequence}`, checkpoint.digest);
  }

  private once(slot: string, digest: Uint8Array): void {
    const said = Buffer.from(digest.buffer, digest.byteOffset, 16).toString("latin1");
    const before = this.promised.get(slot);
    if (before !== undefined && before !== said) this.broken("one promise a place", `${slot} was promised twice`);
    this.promised.set(slot, said);
  }
}
