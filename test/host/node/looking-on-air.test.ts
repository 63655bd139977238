/** A kiosk that only looks on, over virtual boards. */
import { expect, test } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { sha256 } from "../../../host/crypto/sha256.ts";
import { type KioskOptions, type RunningKiosk, startKiosk } from "../../../host/node/start-kiosk.ts";
import { startVisit } from "../../../host/node/start-visit.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { TUNED } from "../../bench/consensus-load.ts";
import { Players } from "../../simulator/table/players.ts";
import { Table } from "../../simulator/table/table.ts";
import { request, VERSION } from "./joiners.ts";

const ONLOOKER = 2;

test("a kiosk that only looks on is given the state by the members that it calls, and sees the dice fall [H12] [D09]", async () => {
  const table = new Table({
    ...{ seed: 12, consensus: TUNED, isReal: false, syncMs: () => 8 },
    boards: Array.from({ length: 3 }, () => [boards.esp32, boards.esp32]),
  });
  const own = table.kiosks[ONLOOKER]!.person.key;
  const founders = table.kiosks.flatMap(({ person }) => (bytesEqual(person.key, own) ? [] : [person.key]));
  const looksOn = request({ role: "spectator", seats: 0, proof: new Uint8Array(0) });
  const seated = (options: KioskOptions): KioskOptions => ({
    // In a ring of such boards nobody has room for calls from outside: the members call whom they know.
    ...{ ...options, members: founders, planned: undefined, guests: [own] },
    rules: { ...options.rules, members: options.rules.members.filter(({ key }) => !bytesEqual(key, own)) },
    lobby: { name: "Table one", needed: VERSION, identify: (_applicant, _proof, answer) => answer(undefined) },
  });
  const running: (RunningKiosk | undefined)[] = [];
  for (const kiosk of table.kiosks) {
    kiosk.launch = async (options) => {
      if (kiosk.at === ONLOOKER) {
        const { key, ports, consensus, table: id, secret, clock, draw, radios, driver } = options;
        const visit = startVisit({
          ...{ key, ports, consensus, table: id, secret, clock, draw, radios, driver },
          ...{ version: VERSION, hash: sha256, anchors: founders },
        });
        const answer = await visit.ask(looksOn);
        visit.close();
        if (answer.type !== "joined") return { ok: false, why: answer.why };
      }
      const started = await startKiosk({ ...seated(options), ...(kiosk.at === ONLOOKER ? { looksOn } : {}) });
      if (started.ok) running[kiosk.at] = started.kiosk;
      return started;
    };
  }
  const players = new Players(table, 1_000);
  table.onEffect = (of, effect) => players.sees(of, effect);
  for (const at of [0, 1]) table.start(at);
  const replicaOf = (at: number) => running[at]?.node.replica;
  expect(await table.run(60_000, () => (replicaOf(0)?.state.machine.dice.lastRoll ?? 0) >= 2)).toBe(true);
  table.start(ONLOOKER);
  const isThere = () =>
    replicaOf(ONLOOKER) !== undefined && replicaOf(ONLOOKER)!.executed >= replicaOf(0)!.executed - 1;
  expect(await table.run(90_000, isThere), "it is where all are").toBe(true);
  const { lastRoll } = replicaOf(ONLOOKER)!.state.machine.dice;
  expect(lastRoll).toBeGreaterThanOrEqual(2);
  expect(await table.run(60_000, () => replicaOf(ONLOOKER)!.state.machine.dice.lastRoll > lastRoll)).toBe(true);
  expect([replicaOf(ONLOOKER)!.me, replicaOf(0)!.members.length]).toEqual([-1, 2]);
  table.end();
}, 120_000);
