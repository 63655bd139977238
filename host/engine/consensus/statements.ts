/** Signing and verifying what members say. */
import type { Ballot, Position, SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { HINT_SIZE } from "../../../protocol/agreement/ballot.ts";
import type { NewView, SignedNewView, SignedViewChange } from "../../../protocol/agreement/certificate.ts";
import type { Request, SignedRequest } from "../../../protocol/agreement/request.ts";
import { statementBytes } from "../../../protocol/agreement/statement.ts";
import { epoch, memberIndex } from "../../../protocol/core/units.ts";
import type { Place } from "../../../protocol/message/fields.ts";
import type { Ports } from "../ports.ts";

/** A table in one epoch, as far as signatures are concerned. */
export interface Signers {
  readonly table: Uint8Array;
  readonly epoch: number;
  readonly members: readonly Uint8Array[];
}

const speaker = (of: Signers) => ({ table: of.table, epoch: epoch(of.epoch) });

export function verifyBallot(
  of: Signers,
  ports: Ports,
  sender: number,
  ballot: Ballot,
  signature: Uint8Array,
): boolean {
  const { view, proposed, prepared, committed, checkpoint } = ballot;
  const saying = { type: "ballot", view, proposed, prepared, committed, checkpoint } as const;
  return ports.verify(
    of.members[sender],
    statementBytes(speaker(of), memberIndex(sender), saying, ports.room),
    signature,
  );
}

export function verifyRequest(of: Signers, ports: Ports, signed: SignedRequest): boolean {
  const { seat, number, operation } = signed.request;
  const bytes = statementBytes(speaker(of), signed.sender, { type: "request", seat, number, operation }, ports.room);
  return ports.verify(of.members[signed.sender], bytes, signed.signature);
}

export function verifyViewChange(of: Signers, ports: Ports, change: SignedViewChange): boolean {
  const { view, body } = change;
  const bytes = statementBytes(speaker(of), change.sender, { type: "viewChange", view, body }, ports.room);
  return ports.verify(of.members[change.sender], bytes, change.signature);
}

export function verifyNewView(of: Signers, ports: Ports, signed: SignedNewView): boolean {
  const { view, viewChanges, result } = signed.newView;
  const bytes = statementBytes(speaker(of), signed.sender, { type: "newView", view, viewChanges, result }, ports.room);
  return ports.verify(of.members[signed.sender], bytes, signed.signature);
}

export function signBallot(of: Signers, ports: Ports, me: number, ballot: Ballot): SignedBallot {
  const { view, proposed, prepared, committed, checkpoint } = ballot;
  const saying = { type: "ballot", view, proposed, prepared, committed, checkpoint } as const;
  const sender = memberIndex(me);
  const signature = ports.sign(statementBytes(speaker(of), sender, saying, ports.room));
  return {
    ...{ sender, signature, view },
    proposed: explicit(proposed),
    prepared: explicit(prepared),
    committed: explicit(committed),
    checkpoint,
  };
}

export function signRequest(of: Signers, ports: Ports, me: number, request: Request): SignedRequest {
  const { seat, number, operation } = request;
  const sender = memberIndex(me);
  const bytes = statementBytes(speaker(of), sender, { type: "request", seat, number, operation }, ports.room);
  return { sender, signature: ports.sign(bytes), request };
}

export function signViewChange(
  of: Signers,
  ports: Ports,
  me: number,
  named: { readonly view: SignedViewChange["view"]; readonly body: SignedViewChange["body"] },
): SignedViewChange {
  const { view, body } = named;
  const sender = memberIndex(me);
  const signature = ports.sign(statementBytes(speaker(of), sender, { type: "viewChange", view, body }, ports.room));
  return { sender, signature, view, body };
}

export function signNewView(of: Signers, ports: Ports, me: number, newView: NewView): SignedNewView {
  const { view, viewChanges, result } = newView;
  const sender = memberIndex(me);
  const signature = ports.sign(
    statementBytes(speaker(of), sender, { type: "newView", view, viewChanges, result }, ports.room),
  );
  return { sender, signature, newView };
}

const explicit = (place: Place | undefined): Position | undefined =>
  place === undefined ? undefined : { sequence: place.sequence, history: place.digest };

/** The same ballot for receivers who can compute the histories. */
export function compact(ballot: SignedBallot): SignedBallot {
  const bare = (position: Position | undefined): Position | undefined =>
    position === undefined ? undefined : { sequence: position.sequence, history: undefined };
  return {
    ...ballot,
    proposed: bare(ballot.proposed),
    prepared: bare(ballot.prepared),
    committed: bare(ballot.committed),
  };
}

/** Every history in its place; undefined where one is neither said nor known. */
export function whole(ballot: SignedBallot, history: (sequence: number) => Uint8Array | undefined): Ballot | undefined {
  const place = (position: Position | undefined): Place | undefined | "unknown" => {
    if (position === undefined) return undefined;
    const digest = position.history ?? history(position.sequence);
    return digest === undefined ? "unknown" : { sequence: position.sequence, digest };
  };
  const proposed = place(ballot.proposed);
  const prepared = place(ballot.prepared);
  const committed = place(ballot.committed);
  if (proposed === "unknown" || prepared === "unknown" || committed === "unknown") return undefined;
  return { view: ballot.view, proposed, prepared, committed, checkpoint: ballot.checkpoint };
}

export const hintOf = ({ proposed, prepared, committed }: Ballot): Uint8Array =>
  Uint8Array.from({ length: HINT_SIZE }, (_, at) => hintByte(at, proposed, prepared, committed));

/** Whether a compact ballot leaves out the histories that stand here in its place. One that leaves out none needs no hint. */
export function hintFits(ballot: SignedBallot, full: Ballot, hint: Uint8Array): boolean {
  const proposed = ballot.proposed?.history === undefined ? full.proposed : undefined;
  const prepared = ballot.prepared?.history === undefined ? full.prepared : undefined;
  const committed = ballot.committed?.history === undefined ? full.committed : undefined;
  if (proposed === undefined && prepared === undefined && committed === undefined) return true;
  for (let at = 0; at < HINT_SIZE; at++) if (hint[at] !== hintByte(at, proposed, prepared, committed)) return false;
  return true;
}

/** Other bytes of the digest for each phase: one history in two phases would cancel itself. */
function hintByte(
  at: number,
  proposed: Place | undefined,
  prepared: Place | undefined,
  committed: Place | undefined,
): number {
  let byte = 0;
  if (proposed !== undefined) byte ^= proposed.digest[at] + at * proposed.sequence;
  if (prepared !== undefined) byte ^= prepared.digest[HINT_SIZE + at] + at * prepared.sequence;
  if (committed !== undefined) byte ^= committed.digest[2 * HINT_SIZE + at] + at * committed.sequence;
  return byte & 0xff;
}
