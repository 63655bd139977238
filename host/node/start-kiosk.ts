/** A kiosk, whole: its key, its journal, its radios, the mesh, the engine and its part in the dice, on whatever clock, disk and
 * chance it is given. */
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import type { JoinRequest } from "../../protocol/message/join.ts";
import { noise, secureCrypto } from "../crypto/noise.ts";
import type { Effect } from "../engine/consensus/events.ts";
import type { Options } from "../engine/consensus/options.ts";
import { type OwnDice, type OwnPorts, ownDice } from "../engine/dice/own-state.ts";
import type { Machine } from "../engine/machine.ts";
import type { Ports } from "../engine/ports.ts";
import type { RecoveryEffect } from "../engine/recovery/events.ts";
import { tableMachine } from "../engine/table/table-machine.ts";
import { nameOfKey } from "../mesh/judge.ts";
import type { PeerName } from "../mesh/peer-name.ts";
import { partOf } from "../mesh/topology/part.ts";
import { tableKeys } from "../secure/table-secret.ts";
import type { Disk } from "../storage/disk.ts";
import { plannedFor } from "./boards.ts";
import type { NodeClock } from "./clock.ts";
import { type CrapsRules, type CrapsTable, seatingBy } from "./craps-table.ts";
import { diceAttendant } from "./dice-attendant.ts";
import type { Belief } from "./joining-founding.ts";
import { juror } from "./juror.ts";
import { VIEW_EVERY_MS } from "./limits.ts";
import type { LobbyOptions } from "./lobby-part.ts";
import { meshMail } from "./mail.ts";
import type { Retell } from "./memory.ts";
import { type RunningNode, runNode, type StartedNode } from "./node.ts";
import { orderDoor } from "./order-door.ts";
import { type PairingControl, type PairingPage, pairingDesk } from "./pairing-desk.ts";
import { type Radios, type RadioTransportOptions, radios } from "./radio-transport.ts";
import { type SeenRoll, watchRolls } from "./roll-watch.ts";
import { type SecureTally, secureTransport } from "./secure-transport.ts";
import type { OpenTransport } from "./transport.ts";

export interface KioskOptions {
  readonly key: Uint8Array;
  /** With the kiosk's own key. */
  readonly ports: Ports;
  readonly rules: CrapsRules;
  readonly dice: { readonly secret: Uint8Array; readonly key: Uint8Array; readonly ports: OwnPorts };
  readonly hash: (bytes: Uint8Array) => Uint8Array;
  readonly table: Uint8Array;
  /** Whose table it was first: of one that was joined, as the answers or the journal say. */
  readonly members: readonly Uint8Array[];
  /** Keys of kiosks that may come: only who is known is recognised, and called where its own calls find no room. */
  readonly guests?: readonly Uint8Array[];
  /** Of a kiosk that joins, at its first start. */
  readonly belief?: Belief;
  /** Of a kiosk that has no place and looks on: as it asked for that. */
  readonly looksOn?: JoinRequest;
  /** Where others may ask for a place. */
  readonly lobby?: Omit<LobbyOptions<CrapsTable>, "seating">;
  readonly onRecovery?: (effect: RecoveryEffect) => void;
  /** What a kiosk that is paired is told of the table beside its secret, as its program reads it. */
  readonly about?: Uint8Array;
  /** What a screen shows of a pairing is different now. */
  readonly onPairing?: (page: PairingPage) => void;
  /** The table's. */
  readonly secret: Uint8Array;
  readonly consensus: Options;
  readonly disk: Disk;
  readonly clock: NodeClock;
  /** 32 bytes that nobody can guess. */
  readonly draw: () => Uint8Array;
  readonly radios: RadioTransportOptions["radios"];
  /** Keys of kiosks to open links to; without them by what all say of their boards, and as the ring wants it until then. */
  readonly planned: readonly Uint8Array[] | undefined;
  readonly driver: Pick<RadioTransportOptions, "clock" | "ports" | "board" | "testsWire" | "onLogged">;
  /** What stands between the mesh and its links, if anything does. */
  readonly between?: (open: OpenTransport) => OpenTransport;
  readonly on: (effect: Effect) => void;
  /** Each roll as it is executed, those that the journal brings back as well. */
  readonly onRoll: (roll: SeenRoll) => void;
  /** A history: looks on while the machine executes what the journal brings back. */
  readonly past?: {
    readonly machineOf: (machine: Machine<CrapsTable>) => Machine<CrapsTable>;
    readonly retell: Retell;
  };
}

export interface RunningKiosk {
  readonly node: RunningNode<CrapsTable>;
  readonly machine: Machine<CrapsTable>;
  readonly radios: Radios;
  readonly secured: SecureTally;
  /** Its own part in the dice, to look at. */
  readonly dice: OwnDice;
  /** Brings another kiosk to the table: its people compare a code. */
  readonly pairing: PairingControl;
  readonly close: () => Promise<void>;
}

export type StartedKiosk =
  | { readonly ok: true; readonly kiosk: RunningKiosk }
  | Exclude<StartedNode<CrapsTable>, { readonly ok: true }>;

export async function startKiosk(options: KioskOptions): Promise<StartedKiosk> {
  const { key, ports, rules, dice, table, members, clock, draw, hash, between = same } = options;
  const { handshake, adverts } = tableKeys(options.secret, table, noise);
  const identities = [...members, ...(options.belief?.header.members ?? []), key].filter(isFirst);
  const me = identities.findIndex((each) => bytesEqual(each, key));
  const air = radios({
    ...{ me, identities, advertsKey: adverts, radios: options.radios, times: clock },
    ...{ own: draw(), seed: seedOf(draw()), ...options.driver },
  });
  const { onPairing } = options;
  const desk = pairingDesk({ clock, draw, ports: noise, ...(onPairing === undefined ? {} : { onChange: onPairing }) });
  const secured = secureTransport({
    ...{ bare: air.open, clock, table, secret: handshake, pairing: desk, draw },
    ports: secureCrypto(key, ports),
  });
  const watched = watchRolls(tableMachine(rules), rules, options.onRoll);
  const machine = options.past?.machineOf(watched) ?? watched;
  const own = ownDice(dice.secret, dice.key, clock.now());
  const started = await runNode({
    ...{ machine, ports, disk: options.disk, clock, on: options.on },
    mail: meshMail({ transport: between(secured.open), seed: seedOf(draw()), hash }),
    onPower: air.setPower,
    founding: { options: options.consensus, table, members, key },
    ...{ attendant: diceAttendant(own, dice.ports), door: orderDoor(rules, ports) },
    juror: juror(rules, tableMachine(rules), ports),
    ...(options.past === undefined ? {} : { retell: options.past.retell }),
    ...(options.belief === undefined ? {} : { belief: options.belief }),
    ...(options.looksOn === undefined ? {} : { looksOn: options.looksOn }),
    ...(options.onRecovery === undefined ? {} : { onRecovery: options.onRecovery }),
    ...(options.lobby === undefined ? {} : { lobby: { ...options.lobby, seating: seatingBy(rules) } }),
    boards: air.boards,
  });
  if (!started.ok) return started;
  const { node } = started;

  const given = options.planned?.map(nameOfKey);
  const planned = plannedByBoards(node);
  /** Who was paired here, and may want a place. */
  const guests = new Set<PeerName>((options.guests ?? []).map(nameOfKey));
  air.know(options.guests ?? []);
  let callOff = (): void => {};
  const look = (): void => {
    const { members: now } = node.replica;
    const { stage, peer } = desk.page();
    if (stage === "paired" && peer !== undefined) guests.add(nameOfKey(peer));
    air.know(stage === "paired" && peer !== undefined ? [...now, peer] : now);
    air.pair(desk.isOpen());
    const names = now.map(nameOfKey);
    // Who looks on calls the members: none of them knows it.
    air.view(partOf(node.mesh, names), options.looksOn ? names : withGuests(given ?? planned(), guests, node));
    callOff = clock.after(VIEW_EVERY_MS, look);
  };
  look();
  const close = (): Promise<void> => {
    callOff();
    desk.close();
    return node.close();
  };
  /** What it gives to whom it is paired with is its table's. */
  const { about = new Uint8Array() } = options;
  const pairing: PairingControl = { ...desk, begin: () => desk.begin({ id: table, secret: options.secret, about }) };
  return { ok: true, kiosk: { node, machine, radios: air, secured: secured.tally, dice: own, pairing, close } };
}

/** Reckoned anew where somebody's boards or the members are others: it may take a while. */
function plannedByBoards({ boards, replica }: RunningNode<CrapsTable>): () => readonly PeerName[] | undefined {
  let seen = "";
  let planned: readonly PeerName[] | undefined;
  return () => {
    const all = boards();
    const now = JSON.stringify([replica.epoch, replica.me, all]);
    if (now === seen) return planned;
    seen = now;
    planned = plannedFor(replica.me, all)?.map((place) => nameOfKey(replica.members[place] as Uint8Array));
    return planned;
  };
}

/** A guest is called as if it were planned, until it is a member: nobody else knows it. Where there is no plan, what stands is. */
function withGuests(
  planned: readonly PeerName[] | undefined,
  guests: Set<PeerName>,
  { mesh, replica }: RunningNode<CrapsTable>,
): readonly PeerName[] | undefined {
  for (const key of replica.members) guests.delete(nameOfKey(key));
  if (guests.size === 0) return planned;
  return [...(planned ?? new Set(mesh.links.values())), ...guests];
}

const isFirst = (key: Uint8Array, at: number, keys: readonly Uint8Array[]): boolean =>
  keys.findIndex((each) => bytesEqual(each, key)) === at;

const same = (open: OpenTransport): OpenTransport => open;

const seedOf = (drawn: Uint8Array): number => new DataView(drawn.buffer, drawn.byteOffset).getUint32(0);
