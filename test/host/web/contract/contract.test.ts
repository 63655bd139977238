import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type CrapsConfig, USUAL_CONFIG } from "../../../../host/engine/games/craps/config.ts";
import { craps } from "../../../../host/engine/games/craps/craps.ts";
import { codeOfName } from "../../../../host/engine/games/craps/spots.ts";
import { type CrapsState, emptyTable } from "../../../../host/engine/games/craps/state.ts";
import { type RollFile as NodeRollFile, parseRollFile } from "../../../../host/node/roll-file.ts";
import { actionsOf } from "../../../../host/web/contract/actions.ts";
import { TableConfig, TableState } from "../../../../host/web/contract/craps-part.ts";
import { isPlayerOrder, OperatorOrder, Order, PlayerOrder } from "../../../../host/web/contract/orders.ts";
import { RollFile } from "../../../../host/web/contract/roll-proof.ts";
import { KioskView } from "../../../../host/web/contract/view.ts";
import { fakeView } from "../server/fake-kiosk.ts";

type Same<A, B> = [A, B] extends [B, A] ? true : never;

describe("the contract", () => {
  test("the table that a page is shown is the game's own, down to its types", () => {
    const isState: Same<TableState, CrapsState> = true;
    const isConfig: Same<TableConfig, CrapsConfig> = true;
    const isFile: Same<RollFile, NodeRollFile> = true;
    expect([isState, isConfig, isFile]).toEqual([true, true, true]);
    expect(TableConfig.parse(USUAL_CONFIG)).toEqual(USUAL_CONFIG);
    expect(TableState.parse(emptyTable(8))).toEqual(emptyTable(8));
  });

  test("a roll's file is one for the program too", () => {
    const file = { rollProof: 1, table: "00".repeat(16), epoch: 0, members: ["11".repeat(32)], proof: "00" };
    expect(RollFile.parse(file)).toEqual(file);
    expect(parseRollFile(JSON.stringify({ ...file, quorum: null })).ok).toBe(true);
  });

  test("a view is as its schema says, and has no room for more", () => {
    const view = { ...fakeView(), alerts: [] };
    expect(KioskView.parse(structuredClone(view))).toEqual(view);
    expect(KioskView.safeParse({ ...view, price: 1 }).success).toBe(false);
    expect(KioskView.safeParse(JSON.parse(JSON.stringify(view))).success).toBe(true);
  });

  test("every schema can be published", () => {
    for (const schema of [KioskView, Order, RollFile]) expect(() => z.toJSONSchema(schema)).not.toThrow();
  });

  test("an order says whether it is a player's", () => {
    const types = (of: z.ZodType): string[] =>
      JSON.stringify(z.toJSONSchema(of)).match(/(?<="type":\{"type":"string","const":")\w+/g) ?? [];
    expect(types(PlayerOrder).length).toBe(8);
    for (const type of types(PlayerOrder)) expect(isPlayerOrder({ type } as never)).toBe(true);
    expect(types(OperatorOrder).length).toBeGreaterThan(6);
    for (const type of types(OperatorOrder)) expect(isPlayerOrder({ type } as never)).toBe(false);
  });

  test.each([
    { type: "bet", code: 0, chips: 0 },
    { type: "bet", code: 0, chips: 1.5 },
    { type: "bet", code: 256, chips: 1 },
    { type: "bet", code: 0, chips: 1e99 },
    { type: "bet", code: 0, chips: 1, price: 1 },
    { type: "buy" },
    { type: "fault", fault: "loss", share: 1.1 },
    { type: "pause", ms: 600_001 },
    null,
    [],
    "sit",
  ])("no order: %j", (order) => {
    expect(Order.safeParse(order).success).toBe(false);
  });
});

describe("what a seat may do", () => {
  const [own] = fakeView().own;
  const table = (state: Partial<CrapsState>) => ({
    ...fakeView().craps!,
    state: { ...emptyTable(4), ...state },
  });
  const bet = (code: number, stake = 10) => ({ code, stake, fee: 0, working: "usual" as const, progress: 0 });

  test("is all that the game calls legal, and no more, each refusal with a sentence", () => {
    for (const state of [emptyTable(4), { ...emptyTable(4), point: 6, seats: [[bet(0)], [], [], []] }]) {
      const actions = actionsOf(table(state), own);
      const legal = craps.legalActions(USUAL_CONFIG, state, 0, { free: own.free, bank: 1_000_000 });
      const open = actions.bets.filter(({ whyNot }) => whyNot === null).map(({ code }) => code);
      expect(open).toEqual(legal.flatMap((each) => (each.type === "bet" ? [each.code] : [])));
      expect(actions.whyNoRoll === null).toBe(legal.some(({ type }) => type === "roll"));
      for (const { whyNot } of actions.bets) if (whyNot !== null) expect(craps.strings.en[whyNot]).toBeDefined();
    }
  });

  test("a bet that must stay says why, and one that need not comes down", () => {
    const place6 = codeOfName("place-6")!;
    const actions = actionsOf(table({ point: 8, seats: [[bet(0), bet(place6, 12)], [], [], []] }), own);
    expect(actions.own.map(({ name, whyNoTake }) => [name, whyNoTake])).toEqual([
      ["pass", "contract"],
      ["place-6", null],
    ]);
  });

  test("nothing while the dice roll, and nothing for nobody", () => {
    const rolling = actionsOf(table({ rolling: true }), own);
    expect(new Set(rolling.bets.map(({ whyNot }) => whyNot))).toEqual(new Set(["not now"]));
    const nobody = actionsOf(table({}), { ...own, place: null });
    expect(nobody.whyNoRoll).toBe("does not sit");
  });

  test("looking changes nothing", () => {
    const before = table({ point: 6, seats: [[bet(0)], [], [], []] });
    const copy = structuredClone(before);
    actionsOf(before, own);
    expect(before).toEqual(copy);
  });
});
