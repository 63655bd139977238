/** A kiosk, whole: its key, its journal, its radios, the mesh, the engine and its part in the dice, on whatever clock, disk and
 * chance it is given. */
import { noise, secureCrypto } from "../crypto/noise.ts";
import type { Effect } from "../engine/consensus/events.ts";
import type { Options } from "../engine/consensus/options.ts";
import { type OwnPorts, ownDice } from "../engine/dice/own-state.ts";
import type { Machine } from "../engine/machine.ts";
import type { Ports } from "../engine/ports.ts";
import { tableMachine } from "../engine/table/table-machine.ts";
import { nameOfKey } from "../mesh/judge.ts";
import type { PeerName } from "../mesh/peer-name.ts";
import { partOf } from "../mesh/topology/part.ts";
import { tableKeys } from "../secure/table-secret.ts";
import type { Disk } from "../storage/disk.ts";
import type { NodeClock } from "./clock.ts";
import type { CrapsRules, CrapsTable } from "./craps-table.ts";
import { diceAttendant } from "./dice-attendant.ts";
import { VIEW_EVERY_MS } from "./limits.ts";
import { meshMail } from "./mail.ts";
import { type RunningNode, runNode, type StartedNode } from "./node.ts";
import { type Radios, type RadioTransportOptions, radios } from "./radio-transport.ts";
import { type SeenRoll, watchRolls } from "./roll-watch.ts";
import { type SecureTally, secureTransport } from "./secure-transport.ts";

export interface KioskOptions {
  readonly key: Uint8Array;
  /** With the kiosk's own key. */
  readonly ports: Ports;
  readonly rules: CrapsRules;
  readonly dice: { readonly secret: Uint8Array; readonly key: Uint8Array; readonly ports: OwnPorts };
  readonly hash: (bytes: Uint8Array) => Uint8Array;
  readonly table: Uint8Array;
  readonly members: readonly Uint8Array[];
  /** The table's. */
  readonly secret: Uint8Array;
  readonly consensus: Options;
  readonly disk: Disk;
  readonly clock: NodeClock;
  /** 32 bytes that nobody can guess. */
  readonly draw: () => Uint8Array;
  readonly radios: RadioTransportOptions["radios"];
  /** Keys of kiosks to open links to, where all boards are known. */
  readonly planned: readonly Uint8Array[] | undefined;
  readonly driver: Pick<RadioTransportOptions, "clock" | "ports" | "board" | "testsWire">;
  readonly on: (effect: Effect) => void;
  /** Each roll as it is executed, those that the journal brings back as well. */
  readonly onRoll: (roll: SeenRoll) => void;
}

export interface RunningKiosk {
  readonly node: RunningNode<CrapsTable>;
  readonly machine: Machine<CrapsTable>;
  readonly radios: Radios;
  readonly secured: SecureTally;
  readonly close: () => Promise<void>;
}

export type StartedKiosk =
  | { readonly ok: true; readonly kiosk: RunningKiosk }
  | Exclude<StartedNode<CrapsTable>, { readonly ok: true }>;

export async function startKiosk(options: KioskOptions): Promise<StartedKiosk> {
  const { key, ports, rules, dice, table, members, clock, draw, hash } = options;
  const { handshake, adverts } = tableKeys(options.secret, table, noise);
  const me = members.findIndex((member) => nameOfKey(member) === nameOfKey(key));
  const air = radios({
    ...{ me, identities: members, advertsKey: adverts, radios: options.radios, times: clock },
    ...{ own: draw(), seed: seedOf(draw()), ...options.driver },
  });
  const secured = secureTransport({
    ...{ bare: air.open, clock, table, secret: handshake, draw },
    ports: secureCrypto(key, ports),
  });
  const machine = watchRolls(tableMachine(rules), rules, options.onRoll);
  const started = await runNode({
    ...{ machine, ports, disk: options.disk, clock, on: options.on },
    mail: meshMail({ transport: secured.open, seed: seedOf(draw()), hash }),
    founding: { options: options.consensus, table, members, key },
    attendant: diceAttendant(ownDice(dice.secret, dice.key, clock.now()), dice.ports),
  });
  if (!started.ok) return started;
  const { node } = started;

  const planned: readonly PeerName[] | undefined = options.planned?.map(nameOfKey);
  let callOff = (): void => {};
  const look = (): void => {
    air.view(partOf(node.mesh, node.replica.members.map(nameOfKey)), planned);
    callOff = clock.after(VIEW_EVERY_MS, look);
  };
  look();
  const close = (): Promise<void> => {
    callOff();
    return node.close();
  };
  return { ok: true, kiosk: { node, machine, radios: air, secured: secured.tally, close } };
}

const seedOf = (drawn: Uint8Array): number => new DataView(drawn.buffer, drawn.byteOffset).getUint32(0);
