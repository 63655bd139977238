/**
 * What dishonest hosts do: an honest kiosk runs underneath, and what leaves it is said otherwise, to some or to all. A liar has its own
 * key and what it hears, and nothing else; what it makes up leaves over its own links, in envelopes like any other.
 */
import { historyAt, nextHistory } from "../../../host/engine/consensus/log.ts";
import { batchName } from "../../../host/engine/consensus/proposals.ts";
import { requestsOf } from "../../../host/engine/consensus/requests.ts";
import type { Replica } from "../../../host/engine/consensus/state.ts";
import { signBallot, whole } from "../../../host/engine/consensus/statements.ts";
import { tableMachine } from "../../../host/engine/table/table-machine.ts";
import type { CrapsTable } from "../../../host/node/craps-table.ts";
import type { LinkName, OpenTransport, Transport } from "../../../host/node/transport.ts";
import { type Ballot, HINT_SIZE } from "../../../protocol/agreement/ballot.ts";
import type { Proposal, Proposals } from "../../../protocol/agreement/request.ts";
import type { Said } from "../../../protocol/agreement/said.ts";
import { type Chance, draw, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import { DIGEST_SIZE } from "../../../protocol/core/limits.ts";
import type { PacketClass } from "../../../protocol/core/packet-class.ts";
import { agreedMillis, epoch } from "../../../protocol/core/units.ts";
import { openSaid } from "../../../protocol/envelope/open-said.ts";
import { sealSaid } from "../../../protocol/envelope/seal-said.ts";
import type { Place } from "../../../protocol/message/fields.ts";
import type { TableAttack } from "./kinds.ts";
import type { KioskPlace } from "./kiosk.ts";

export interface LiarHand {
  readonly kind: TableAttack;
  readonly kiosk: KioskPlace;
  readonly chance: Chance;
  /** Its own ballots with every history, by their signature. */
  readonly voted: Map<string, Ballot>;
  readonly onAct: () => void;
  readonly after: (ms: number, run: () => void) => void;
}

/** Packets that it keeps to send again. */
const KEPT_COUNT = 64;
/** In so many of the chances that it has it lies. */
const ZEAL = 0.3;

export function lying(open: OpenTransport, hand: LiarHand): OpenTransport {
  const { kind, chance } = hand;
  const kept: { readonly packet: Uint8Array; readonly packetClass: PacketClass }[] = [];
  /** Links of the day, to which it is one thing, and to others another. */
  let sides = drawBelow(chance, 256);
  return (listener) => {
    const transport: Transport = open(listener);
    const isOtherSide = (link: LinkName): boolean => ((sides >> (link & 7)) & 1) === 1;
    const keeps = (token: number): void => {
      hand.onAct();
      hand.after(1, () => listener.onSettled(token, "sent"));
    };
    return {
      ...transport,
      send(link, packetClass, packet, token) {
        if (draw(chance) < 0.002) sides = drawBelow(chance, 256);
        switch (kind) {
          case "selectiveSilence":
            if (isOtherSide(link)) keeps(token);
            else transport.send(link, packetClass, packet, token);
            return;
          case "withholding":
            if (isOtherSide(link) && ownSaid(hand, packet) !== undefined) keeps(token);
            else transport.send(link, packetClass, packet, token);
            return;
          case "replay": {
            if (kept.length < KEPT_COUNT) kept.push({ packet: packet.slice(), packetClass });
            else kept[drawBelow(chance, KEPT_COUNT)] = { packet: packet.slice(), packetClass };
            const old = kept[drawBelow(chance, kept.length)];
            if (draw(chance) < ZEAL) {
              hand.onAct();
              transport.send(link, old.packetClass, old.packet, token);
            } else transport.send(link, packetClass, packet, token);
            return;
          }
          case "equivocation":
          case "mutation": {
            const told = kind === "equivocation" ? isOtherSide(link) : draw(chance) < ZEAL;
            const other = told ? otherwise(hand, packet) : undefined;
            if (other !== undefined) hand.onAct();
            transport.send(link, packetClass, other ?? packet, token);
            return;
          }
          default:
            transport.send(link, packetClass, packet, token);
        }
      },
    };
  };
}

const replicaOf = ({ kiosk }: LiarHand): Replica<CrapsTable> | undefined => {
  const replica = kiosk.process?.running?.node.replica;
  return replica !== undefined && replica.me >= 0 ? replica : undefined;
};

/** What it says itself, where anybody may read it. */
function ownSaid(hand: LiarHand, packet: Uint8Array): Said | undefined {
  const of = replicaOf(hand);
  if (of === undefined) return undefined;
  const opened = openSaid(packet, { tables: [{ id: of.table, epoch: epoch(of.epoch) }] });
  if (!opened.ok) return undefined;
  const { said } = opened;
  if (said.type === "ballot") return said.ballot.sender === of.me ? said : undefined;
  if (said.type === "requests") return said.requests[0]?.sender === of.me ? said : undefined;
  return said.type === "viewChange" && said.change.sender === of.me ? said : undefined;
}

/** The same vote for another history, signed. */
function otherwise(hand: LiarHand, packet: Uint8Array): Uint8Array | undefined {
  const of = replicaOf(hand);
  const said = ownSaid(hand, packet);
  if (of === undefined || said?.type !== "ballot") return undefined;
  const full = hand.voted.get(nameOf(said.ballot.signature)) ?? whole(said.ballot, () => undefined);
  if (full === undefined) return undefined;
  const fork = said.proposals === undefined ? undefined : propose(hand, of, full, said.proposals);
  const ballot = fork?.ballot ?? twisted(hand, full);
  const signed = signBallot(of, hand.kiosk.person.ports, of.me, ballot);
  const forged: Said = {
    ...{ type: "ballot", ballot: signed, hint: new Uint8Array(HINT_SIZE) },
    proposals: fork?.proposals,
  };
  return sealSaid(forged, { id: of.table, epoch: epoch(of.epoch) }).bytes.slice();
}

function twisted({ kind, chance }: LiarHand, full: Ballot): Ballot {
  const other = (place: Place | undefined): Place | undefined =>
    place === undefined || (kind === "mutation" && draw(chance) < 0.5)
      ? place
      : { ...place, digest: drawBytes(chance, DIGEST_SIZE) };
  return { ...full, proposed: other(full.proposed), prepared: other(full.prepared), committed: other(full.committed) };
}

/** As the primary, the same requests at another time. */
function propose(
  hand: LiarHand,
  of: Replica<CrapsTable>,
  full: Ballot,
  proposals: Proposals,
): { readonly ballot: Ballot; readonly proposals: Proposals } | undefined {
  const world = { ports: hand.kiosk.person.ports, machine: tableMachine(hand.kiosk.rules) };
  const slots: Proposal[] = [];
  let before = historyAt(of, proposals.first - 1);
  if (before === undefined || full.proposed === undefined) return undefined;
  let at: number = proposals.first;
  for (const slot of proposals.slots) {
    let name = slot.type === "outline" ? undefined : slot.name;
    if (slot.type === "outline") {
      const requests = requestsOf(of, slot.runs);
      if (requests === undefined) return undefined;
      const time = agreedMillis(slot.time + 1 + drawBelow(hand.chance, 3));
      slots.push({ ...slot, time });
      name = batchName(world, { time, barrier: slot.barrier, requests });
    } else slots.push(slot);
    if (name === undefined) return undefined;
    before = nextHistory(world.ports, before, at, name);
    at += 1;
  }
  const proposed: Place = { ...full.proposed, digest: before };
  return { ballot: { ...full, proposed, committed: undefined }, proposals: { first: proposals.first, slots } };
}

export const nameOf = (signature: Uint8Array): string => Buffer.from(signature.subarray(0, 16)).toString("latin1");
