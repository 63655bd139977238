/** One table of seven kiosks as real processes, two of them Byzantine, from its founding to the state that the honest have come to. */
import { type ChildProcess, fork } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boardOf } from "../../host/cli/commands/board.ts";
import { tableAir } from "../../host/cli/commands/start-air.ts";
import { newTable, type TableFile } from "../../host/cli/kiosk/table-file.ts";
import { meshPlan } from "../../host/node/mesh-plan.ts";
import { foundSecret } from "../../host/node/secret-file.ts";
import { emitted } from "../xs/engine/run.ts";
import { brokenIn, fateOf, has, type Played, wrongIn } from "./fates.ts";
import { type Hostility, isLaunched } from "./kinds.ts";
import type { Facts, Order, Tells } from "./words.ts";

export interface TableWish {
  readonly hostility: Hostility;
  readonly rolls: number;
  /** By radios on a virtual air, or by a socket for each of the same links. */
  readonly isByRadio: boolean;
  readonly speed: number;
  readonly seed: number;
  /** After so long it has failed. */
  readonly secondsMax: number;
  readonly onProgress?: (words: string) => void;
}

const KIOSKS = 7;
/** Three links at least from each: two may lie, and the others still reach each other. */
const BOARDS = ["esp32", "esp32", "nrf52"].map((name) => boardOf(name).name);
const LINKS_MIN = 3;
const ERROR_RATE = 0.0005;
const LOOK_EVERY_MS = 200;
/** Everybody has rolled a little before anybody lies. */
const ROLLS_BEFORE = 2;
const REST_MAX_MS = 60_000;
const TELL_EVERY_MS = 10_000;

interface Seat {
  readonly child: ChildProcess;
  key: string;
  facts: Facts | undefined;
}

export async function playTable(wish: TableWish): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), "hardway-hostile-"));
  const sockets = mkdtempSync(join(tmpdir(), "hardway-"));
  const boards = Array.from({ length: KIOSKS }, () => BOARDS);
  const air = wish.isByRadio
    ? tableAir(sockets, boards, { errorRate: ERROR_RATE, seed: wish.seed, speed: wish.speed })
    : undefined;
  const seats: Seat[] = [];
  try {
    const table = new HostileTable(wish, folder, seats);
    return await table.play((await air?.devices) ?? boards.map(() => []));
  } finally {
    await Promise.all(seats.map(ended));
    await air?.end();
    for (const each of [folder, sockets]) rmSync(each, { recursive: true, force: true });
  }
}

class HostileTable {
  private readonly wish: TableWish;
  private readonly folder: string;
  private readonly seats: Seat[];
  private failed: string | undefined;

  constructor(wish: TableWish, folder: string, seats: Seat[]) {
    this.wish = wish;
    this.folder = folder;
    this.seats = seats;
  }

  async play(devices: readonly (readonly string[])[]): Promise<Played> {
    const began = performance.now();
    const { hostility, rolls, secondsMax, onProgress = () => {} } = this.wish;
    const { deeds } = hostility;
    const deadline = began + 1_000 * secondsMax;
    const broken: string[] = [];
    let toldAt = began;
    const until = async (what: string, is: () => boolean, at = deadline): Promise<boolean> => {
      while (!is() && this.failed === undefined) {
        if (performance.now() > toldAt + TELL_EVERY_MS) {
          toldAt = performance.now();
          onProgress(`${hostility.name}, ${seconds(began)} s: ${this.standing()}`);
        }
        if (performance.now() > at) {
          broken.push(`not within its time: ${what}`);
          return false;
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
      return this.failed === undefined;
    };

    for (let kiosk = 0; kiosk < KIOSKS; kiosk++) this.begin(kiosk);
    await until("every kiosk has a key", () => this.seats.every(({ key }) => key !== ""));
    const table = newTable(
      this.seats.map(({ key }) => key),
      { seats: KIOSKS + 1 },
    );
    const order = table.members.map((key) => this.seats.findIndex((seat) => seat.key === key));
    // Whose deed begins with its process stands in the first places; the others where they are told to begin.
    let places: readonly number[] = deeds.every(isLaunched) ? hostility.from : [];
    const isTwins = deeds[0] === "twin";
    await this.sit(table, devices, places, isTwins, order);
    let liars = places.map((place) => order[place]);
    const honest = (): Facts[] =>
      this.seats.flatMap(({ facts }, kiosk) => (facts === undefined || liars.includes(kiosk) ? [] : [facts]));
    const most = (of: (facts: Facts) => number): number => Math.max(0, ...honest().map(of));
    const stakers = stakersOf(isTwins);
    await until(
      "all are linked, have staked and play",
      () =>
        honest().length === KIOSKS - liars.length &&
        honest().every((each) => each.links >= LINKS_MIN && each.stakes.length >= stakers) &&
        most((each) => each.rolls) >= ROLLS_BEFORE,
    );
    if (places.length === 0 && this.failed === undefined) {
      const { view } = honest()[0];
      places = hostility.from.map((more) => (view + more) % KIOSKS);
      liars = places.map((place) => order[place]);
      for (const [at, kiosk] of liars.entries()) this.tell(kiosk, { type: "begin", deed: deeds[at] });
    }
    onProgress(`${hostility.name}: seated after ${seconds(began)} s`);

    const guilty = hostility.provable.map((at) => table.members[places[at]]);
    const isCaught = (): boolean =>
      guilty.every((key) => honest().every(({ members, offences }) => !members.includes(key) && has(offences, key)));
    const actsOf = (kiosk: number): number => this.seats[kiosk].facts?.acts ?? 0;
    // Who only lies where it leads has to have led.
    const haveLied = (): boolean => deeds.every(isLaunched) || liars.every((kiosk) => actsOf(kiosk) > 0);
    await until(
      "enough rolls, both have lied, and whoever can be proved a liar is out",
      () => most((each) => each.rolls) >= rolls && haveLied() && isCaught(),
    );
    for (let kiosk = 0; kiosk < KIOSKS; kiosk++) this.tell(kiosk, { type: "rest" });
    const isSame = (): boolean => {
      const [first, ...others] = honest();
      return (
        [first, ...others].every(({ isRolling }) => !isRolling) &&
        others.every(({ sequence, digest }) => sequence === first.sequence && digest === first.digest)
      );
    };
    await until("the honest have come to one state", isSame, performance.now() + REST_MAX_MS / this.wish.speed);
    if (this.failed !== undefined) broken.push(this.failed);

    const facts = honest();
    const suspects = places.map((place) => table.members[place]);
    const fates = suspects.map((member, at) => fateOf(facts[0], hostility, member, at, actsOf(liars[at])));
    for (const [at, each] of facts.entries()) broken.push(...brokenIn(each, at, table.members, suspects));
    broken.push(...wrongIn(fates, isTwins));
    const stands = isSame() && facts.length === KIOSKS - liars.length;
    return {
      ...{ name: hostility.name, words: hostility.words, rolls: most((each) => each.rolls), fates, broken },
      voids: most((each) => each.voids),
      seconds: seconds(began),
      sequence: most((each) => each.sequence),
      views: most((each) => each.view),
      epochs: most((each) => each.epoch),
      digest: stands ? facts[0]?.digest : undefined,
      parts: most((each) => each.parts),
    };
  }

  /** Of all seven, the furthest first. */
  private standing(): string {
    const all = this.seats.flatMap(({ facts }) => facts ?? []).sort((left, right) => right.sequence - left.sequence);
    if (all.length === 0) return "nobody sits";
    const { rolls, view, epoch, stakes, members } = all[0];
    const each = all.map(({ sequence, links }) => `${sequence} (${links})`).join(" ");
    const acts = all.filter((facts) => facts.acts > 0).map((facts) => facts.acts);
    const lies = acts.length === 0 ? "nobody has lied yet" : `lies ${acts.join(" and ")}`;
    return `${rolls} rolls, ${members.length} members, ${stakes.length} stakes, view ${view}, epoch ${epoch}; ${lies}; at (links): ${each}`;
  }

  private begin(kiosk: number): void {
    const child = fork(emitted("test/hostile/kiosk.ts"), [], { execArgv: [] });
    const seat: Seat = { child, key: "", facts: undefined };
    this.seats.push(seat);
    child.on("message", (said: Tells) => {
      if (said.type === "facts") seat.facts = said;
      else if (said.type === "own") seat.key = seat.key === "" ? said.key : seat.key;
      else this.failed ??= `kiosk ${kiosk}: ${said.why}`;
    });
    child.on("exit", (code) => {
      if (code !== 0) this.failed ??= `kiosk ${kiosk} ended with ${code}`;
    });
    mkdirSync(this.folderOf(kiosk), { recursive: true });
    this.tell(kiosk, { type: "own", folder: this.folderOf(kiosk) });
  }

  private async sit(
    table: TableFile,
    devices: readonly (readonly string[])[],
    launched: readonly number[],
    isTwins: boolean,
    order: readonly number[],
  ): Promise<void> {
    const plan = meshPlan(this.seats.map(() => BOARDS.map((name) => boardOf(name).ble)));
    const secretFile = join(this.folder, "secret");
    foundSecret(secretFile);
    const [one, other] = launched.map((place) => order[place]);
    if (isTwins) {
      const folder = join(this.folder, "twin");
      mkdirSync(folder);
      copyFileSync(join(this.folderOf(one), "key"), join(folder, "key"));
      this.tell(other, { type: "own", folder });
    }
    for (const [kiosk, { roles, opens }] of plan.kiosks.entries()) {
      const at = [one, other].indexOf(kiosk);
      this.tell(kiosk, {
        ...{ type: "sit", table, secretFile, seed: this.wish.seed * KIOSKS + kiosk, speed: this.wish.speed },
        wires: this.wish.isByRadio ? undefined : { own: this.pathOf(kiosk), others: opens.map(this.pathOf) },
        radios: devices[kiosk].map((device, radio) => ({ device, role: roles[radio] })),
        opens: opens.map((peer) => this.seats[peer].key),
        beganAt: BEGAN_AT,
        deed: at < 0 || isTwins ? undefined : this.wish.hostility.deeds[at],
        stakers: stakersOf(isTwins),
      });
    }
  }

  private tell(kiosk: number, order: Order): void {
    const { child } = this.seats[kiosk];
    if (child.connected) child.send(order);
  }

  private readonly pathOf = (kiosk: number): string => join(this.folder, `${kiosk}.sock`);
  private readonly folderOf = (kiosk: number): string => join(this.folder, `kiosk-${kiosk}`);
}

/** Twins may be caught before they have staked anything. */
const stakersOf = (isTwins: boolean): number => KIOSKS - (isTwins ? 2 : 0);

/** All clocks of a table show the same, however fast they run. */
const BEGAN_AT = Date.now();

const seconds = (began: number): number => Math.round((performance.now() - began) / 100) / 10;

const END_WITHIN_MS = 5_000;

async function ended({ child }: Seat): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  if (child.connected) child.send({ type: "end" } satisfies Order);
  const guard = setTimeout(() => child.kill("SIGKILL"), END_WITHIN_MS);
  await gone;
  clearTimeout(guard);
}
