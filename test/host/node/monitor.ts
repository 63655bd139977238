/** Hears all that kiosks say and holds it together: what one key has signed, over all its lives, never contradicts itself, and
 * no number of a sealed envelope is used for two. */
import type { Replica } from "../../../host/engine/consensus/state.ts";
import { verifyBallot, whole } from "../../../host/engine/consensus/statements.ts";
import type { Ports } from "../../../host/engine/ports.ts";
import type { Ballot, SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { decode } from "../../../protocol/bytes/codec.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { epoch } from "../../../protocol/core/units.ts";
import { Envelope } from "../../../protocol/envelope/envelope.ts";
import { openSaid } from "../../../protocol/envelope/open-said.ts";
import { envelopeIn } from "./envelope-in.ts";

export class Monitor {
  /** In words; empty when all is well. */
  readonly violations: string[] = [];
  ballots = 0;
  sealed = 0;
  /** The last that each member said itself, over a link of its own. */
  readonly last = new Map<number, Ballot>();
  private readonly table: Uint8Array;
  private readonly members: readonly Uint8Array[];
  private readonly ports: Ports;
  /** Ballots with every history, by their signature: on the way most histories are left out. */
  private readonly known = new Map<string, Ballot>();
  /** History by epoch, view, phase, sequence and member. */
  private readonly promised = new Map<string, string>();
  private readonly numbered = new Map<string, string>();

  constructor(table: Uint8Array, members: readonly Uint8Array[], ports: Ports) {
    this.table = table;
    this.members = members;
    this.ports = ports;
  }

  /** What a kiosk has put into its journal: a promise, whether it comes to say it or not. */
  kept(ballot: SignedBallot): void {
    const full = whole(ballot, () => undefined);
    if (full === undefined || !this.holds(ballot, full)) this.violations.push("a ballot was kept that does not hold");
    else this.promise(ballot, full);
  }

  /** Whatever one kiosk sends to another. */
  sent(packet: Uint8Array): void {
    const envelopeBytes = envelopeIn(packet);
    if (envelopeBytes === undefined) return;
    const opened = openSaid(envelopeBytes, { tables: [{ id: this.table, epoch: epoch(0) }] });
    if (opened.ok) {
      if (opened.said.type === "ballot") this.said(opened.said.ballot);
      return;
    }
    const decoded = decode(Envelope, envelopeBytes);
    assert(decoded.ok && decoded.value.type.startsWith("member"), "kiosks send envelopes");
    const envelope = decoded.value as Extract<Envelope, { type: "member" }>;
    const number = `${envelope.epoch} ${envelope.reach.sender} ${envelope.counter}`;
    const signature = hex(envelope.signature);
    const before = this.numbered.get(number);
    if (before !== undefined && before !== signature) this.violations.push(`envelope ${number} was sealed twice`);
    this.numbered.set(number, signature);
    this.sealed += before === undefined ? 1 : 0;
  }

  private said(ballot: SignedBallot): void {
    this.ballots += 1;
    const full = this.known.get(hex(ballot.signature)) ?? whole(ballot, () => undefined);
    if (full === undefined) this.violations.push("a ballot was said before it was kept");
    else if (!this.holds(ballot, full)) this.violations.push("a ballot was said that does not hold");
    else {
      this.promise(ballot, full);
      this.last.set(ballot.sender, full);
    }
  }

  /** Whether a kiosk that starts remembers what it said. */
  isRemembered({ me, view, said, executed }: Pick<Replica<unknown>, "me" | "view" | "said" | "executed">): boolean {
    const last = this.last.get(me);
    if (last === undefined || last.view < view) return true;
    const reaches = (place: Ballot["prepared"], reached: number): boolean =>
      place === undefined || place.sequence <= Math.max(reached, executed);
    const { proposed, prepared, committed } = last;
    const votes = reaches(proposed, said.proposed) && reaches(prepared, said.prepared);
    return last.view === view && votes && reaches(committed, said.committed);
  }

  private holds(ballot: SignedBallot, full: Ballot): boolean {
    const of = { table: this.table, epoch: 0, members: this.members };
    return verifyBallot(of, this.ports, ballot.sender, full, ballot.signature);
  }

  private promise(ballot: SignedBallot, full: Ballot): void {
    this.known.set(hex(ballot.signature), full);
    const { view, proposed, prepared, committed, checkpoint } = full;
    for (const [phase, place] of Object.entries({ proposed, prepared, committed })) {
      if (place !== undefined) this.once(`view ${view}, ${phase} ${place.sequence}`, ballot.sender, place.digest);
    }
    if (checkpoint !== undefined) this.once(`checkpoint ${checkpoint.sequence}`, ballot.sender, checkpoint.digest);
  }

  private once(what: string, member: number, digest: Uint8Array): void {
    const slot = `member ${member}: ${what}`;
    const before = this.promised.get(slot);
    if (before !== undefined && before !== hex(digest)) this.violations.push(`${slot} was signed for two histories`);
    this.promised.set(slot, hex(digest));
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
