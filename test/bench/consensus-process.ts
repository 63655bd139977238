/**
 * All kiosks of a table in one process, each as it runs by itself: the loop of a real kiosk, keys of its own, a journal in a
 * folder of its own. Only the air between them is left out: what one says is sealed once, and every other opens its bytes.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyPairFromSeed } from "../../host/crypto/ed25519-keys.ts";
import { SEED_SIZE } from "../../host/crypto/ed25519-sizes.ts";
import type { Effect } from "../../host/engine/consensus/events.ts";
import type { Options } from "../../host/engine/consensus/options.ts";
import { canSign } from "../../host/engine/consensus/standing.ts";
import { keyValueMachine } from "../../host/engine/keyvalue/key-value-machine.ts";
import type { KeyValueState } from "../../host/engine/keyvalue/state.ts";
import { cryptoPorts } from "../../host/node/crypto-ports.ts";
import { type RunningNode, runNode } from "../../host/node/node.ts";

import { fileDisk } from "../../host/storage/file-disk.ts";
import { assert } from "../../protocol/core/assert.ts";
import { type Chance, chance, drawBytes } from "../../protocol/core/chance.ts";
import { TABLE_ID_SIZE } from "../../protocol/core/limits.ts";
import { operation } from "./consensus-load.ts";
import { type SignatureCost, signatureCost, timed } from "./consensus-needed.ts";
import { type DirectMail, directMail } from "./direct-mail.ts";

export interface HouseholdOptions {
  readonly memberCount: number;
  readonly options: Options;
  readonly signedSize: number;
  /** Requests of each kiosk, all the time. */
  readonly underWay: number;
}

export interface Household {
  readonly nodes: RunningNode<KeyValueState>[];
  readonly mails: DirectMail[];
  readonly folder: string;
  readonly random: Chance;
  readonly signedSize: number;
  readonly submitted: number[];
  /** By the first of them. */
  executed: number;
  sequences: number;
  /** Everything that went over a link. */
  packets: number;
  /** Of everyone's signatures. */
  readonly cost: SignatureCost;
}

export async function household({ memberCount, options, signedSize, underWay }: HouseholdOptions): Promise<Household> {
  const random = chance(1);
  const pairs = Array.from({ length: memberCount }, () => keyPairFromSeed(drawBytes(random, SEED_SIZE)));
  pairs.sort((left, right) => Buffer.compare(left.publicKey.bytes, right.publicKey.bytes));
  const members = pairs.map(({ publicKey }) => publicKey.bytes);
  const table = drawBytes(random, TABLE_ID_SIZE);
  const of: Household = {
    ...{ nodes: [], mails: [], folder: await mkdtemp(join(tmpdir(), "hardway-bench-")), random, signedSize },
    ...{ submitted: new Array(memberCount).fill(0), executed: 0, sequences: 0, packets: 0 },
    cost: signatureCost(),
  };
  for (const [place, pair] of pairs.entries()) {
    const started = await runNode({
      ...{ founding: { options, table, members, key: members[place]! }, machine: keyValueMachine },
      ports: timed(cryptoPorts(pair), of.cost),
      disk: fileDisk(join(of.folder, `${place}`)),
      mail: (whose) => {
        const made = directMail(whose, place, (to, packet) => deliver(of, to, packet));
        of.mails[place] = made;
        return made;
      },
      on: (effect) => onEffect(of, place, effect),
      // Without a mesh nobody says who is there.
      isWatching: false,
    });
    assert(started.ok, "a new folder opens");
    of.nodes.push(started.node);
  }
  while (!of.nodes.every(({ replica }) => canSign(replica))) await during(of, START_LOOK_MS);
  for (let place = 0; place < memberCount; place++) {
    for (let each = 0; each < underWay; each++) request(of, place);
  }
  return of;
}

/** How often a table that starts is looked at. */
const START_LOOK_MS = 5;

function deliver(of: Household, to: number, packet: Uint8Array): void {
  of.packets += 1;
  // Who has not begun hears nothing.
  of.mails[to]?.arrived(packet);
}

function onEffect(of: Household, place: number, effect: Effect): void {
  if (effect.type === "answered") request(of, place);
  else if (effect.type === "executed" && place === 0) {
    of.sequences += 1;
    of.executed += effect.done.filter((each) => !each.repeated).length;
  }
  assert(effect.type !== "malformed" && effect.type !== "evidence" && effect.type !== "refused", "nobody lies here");
}

function request(of: Household, place: number): void {
  const number = of.submitted[place]! + 1;
  of.submitted[place] = number;
  of.nodes[place]!.submit(0, operation(of.random, number, of.signedSize));
}

/** While the nodes live, who have the process to themselves meanwhile. */
export async function during(of: Household, ms: number): Promise<void> {
  await Promise.race([new Promise((resolve) => setTimeout(resolve, ms)), ...of.nodes.map(({ ended }) => ended)]);
}

/** Every journal closed, and nothing left. */
export async function leave(of: Household): Promise<void> {
  await Promise.all(of.nodes.map((node) => node.close()));
  await rm(of.folder, { recursive: true });
}
