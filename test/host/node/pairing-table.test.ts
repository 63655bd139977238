/** From a kiosk that knows nobody to a member that plays, over virtual boards: paired, visiting, seated. */
import { expect, test } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { sha256 } from "../../../host/crypto/sha256.ts";
import { TableOperation } from "../../../host/engine/table/operation.ts";
import { beliefOf } from "../../../host/node/joining-founding.ts";
import type { PairingPage } from "../../../host/node/pairing-desk.ts";
import { type KioskOptions, type RunningKiosk, startKiosk } from "../../../host/node/start-kiosk.ts";
import { startPairing } from "../../../host/node/start-pairing.ts";
import { startVisit } from "../../../host/node/start-visit.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { TUNED } from "../../bench/consensus-load.ts";
import { Table } from "../../simulator/table/table.ts";
import { request, VERSION } from "./joiners.ts";

const COMER = 4;

/** Five kiosks' boards in one room, of which the last has no table. */
function room() {
  const table = new Table({
    ...{ seed: 11, consensus: TUNED, isReal: false, syncMs: () => 8 },
    boards: Array.from({ length: 5 }, () => [boards.esp32, boards.esp32]),
  });
  const comer = table.kiosks[COMER]!.person.key;
  const running: (RunningKiosk | undefined)[] = table.kiosks.map(() => undefined);
  const founders = table.kiosks.flatMap(({ person }) => (bytesEqual(person.key, comer) ? [] : [person.key]));
  /** Of the table that the four have founded. */
  const seated = (options: KioskOptions): KioskOptions => ({
    ...options,
    ...{ members: founders, planned: undefined },
    rules: { ...options.rules, members: options.rules.members.filter(({ key }) => !bytesEqual(key, comer)) },
    lobby: { name: "Table one", needed: VERSION, identify: (_applicant, _proof, answer) => answer(undefined) },
  });
  return { table, running, seated, founders };
}

/** Its board that accepts links has one already, as everybody's in the ring: so the member calls it. */
test("a kiosk that knows nobody is paired with a member, asks for a place, and plays at the table [H12 I12]", async () => {
  const { table, running, seated, founders } = room();
  const screens: PairingPage[] = [];
  let visited: string | undefined;
  for (const kiosk of table.kiosks) {
    kiosk.launch = async (options) => {
      if (kiosk.at !== COMER) {
        const started = await startKiosk(seated(options));
        if (started.ok) running[kiosk.at] = started.kiosk;
        return started;
      }
      const met = startPairing({ ...options, onChange: (page) => screens.push(page) });
      met.pairing.begin();
      // Its person compares the digits, and says yes.
      const codes = () => [met.pairing.page().code, running[0]!.pairing.page().code];
      await until(options, () => codes().every((code) => code !== undefined));
      met.pairing.confirm(new Set(codes()).size === 1);
      await until(options, () => met.pairing.page().given !== undefined);
      const { given, peer } = met.pairing.page();
      await until(options, () => false, 15_000);
      met.close();
      const visit = startVisit({
        ...{ key: options.key, ports: options.ports, consensus: options.consensus, version: VERSION, hash: sha256 },
        ...{ table: given!.id, secret: given!.secret, anchors: [peer!], clock: options.clock, draw: options.draw },
        ...{ radios: options.radios, driver: options.driver },
      });
      const answer = await visit.ask(request({ seats: 1 }));
      visit.close();
      visited = answer.type === "joined" ? "joined" : `${answer.why}: ${answer.reason}`;
      if (answer.type !== "joined") return { ok: false, why: visited };
      expect(answer.founders).toEqual(founders);
      const belief = beliefOf(answer)!;
      const started = await startKiosk({ ...seated(options), secret: given!.secret, belief });
      if (started.ok) running[COMER] = started.kiosk;
      return started;
    };
  }
  for (const at of [0, 1, 2, 3]) table.start(at);
  await table.run(20_000);
  table.start(COMER);
  expect(running[0]!.pairing.begin()).toBe(true);
  expect(
    await table.run(60_000, () => running[0]!.pairing.page().stage === "comparing"),
    "both screens show digits",
  ).toBe(true);
  running[0]!.pairing.confirm(true);
  expect(await table.run(200_000, () => visited !== undefined)).toBe(true);
  expect(visited).toBe("joined");
  const members = () => running.map((each) => each?.node.replica.members.length);
  expect(await table.run(60_000, () => members().every((count) => count === 5))).toBe(true);
  const fifth = running[COMER]!.node.replica;
  expect(await table.run(60_000, () => fifth.state.table.epoch === 1 && fifth.probing === undefined)).toBe(true);
  // All five know all boards, and the newcomer is part of the mesh that they plan.
  expect(
    await table.run(90_000, () => running.every((each) => each!.node.boards().every((known) => known !== undefined))),
  ).toBe(true);
  expect(await table.run(90_000, () => running.every((each) => each!.node.standing()?.here === 5))).toBe(true);
  // The dice have a key of all five, and the newcomer's player sits down.
  const { dice } = fifth.state.machine;
  expect(await table.run(90_000, () => dice.members.length === 5 && dice.deal === undefined)).toBe(true);
  running[COMER]!.node.submit(0, encode(TableOperation, { type: "sit" }).slice());
  const seats = () =>
    running.map((each) => each!.node.replica.state.machine.places.filter((place) => place !== undefined));
  expect(await table.run(60_000, () => seats().every(({ length }) => length === 1))).toBe(true);
  table.end();
}, 120_000);

/** Until it is so, or as long: looked at ten times a second. */
const until = (options: KioskOptions, done: () => boolean, ms = Number.POSITIVE_INFINITY): Promise<void> =>
  new Promise((resolve) => {
    const endsAt = options.clock.now() + ms;
    const look = (): void => {
      if (done() || options.clock.now() >= endsAt) resolve();
      else options.clock.after(100, look);
    };
    look();
  });
