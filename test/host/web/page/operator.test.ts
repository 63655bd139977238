import { expect, test } from "vitest";
import type { Frame } from "../../../../host/web/contract/frames.ts";
import type { KioskView } from "../../../../host/web/contract/view.ts";
import { type Element, findAll, h, textOf } from "../../../../host/web/page/dom/element.ts";
import type { OperatorEffect, OperatorEvent } from "../../../../host/web/page/operator/operator-events.ts";
import { operatorPage } from "../../../../host/web/page/operator/operator-page.ts";
import { NOTICE_MS, newOperator } from "../../../../host/web/page/operator/operator-state.ts";
import { stepOperator } from "../../../../host/web/page/operator/operator-step.ts";
import { controlOf, schemaOf } from "../../../../host/web/page/operator/setting-control.ts";
import { overviewPage } from "../../../../host/web/page/overview/overview-page.ts";
import { fakeView } from "../server/fake-kiosk.ts";

const view = (parts: Partial<KioskView> = {}): KioskView => ({ ...fakeView(), alerts: [], ...parts }) as KioskView;
const whole = (of: KioskView): Frame => ({
  ...{ type: "view", contract: 1, build: "test", revision: 1, at: 0, view: of },
});

type Happening = OperatorEvent extends infer E ? (E extends OperatorEvent ? Omit<E, "at"> : never) : never;

function desk(...views: readonly KioskView[]) {
  const of = newOperator(0);
  const effects: OperatorEffect[] = [];
  const happen = (happening: Happening): void =>
    stepOperator(of, { ...happening, at: of.now } as OperatorEvent, effects);
  happen({ type: "kiosks", kiosks: views.map((_, kiosk) => ({ kiosk, name: `kiosk ${kiosk + 1}` })) });
  views.forEach((each, kiosk) => {
    happen({ type: "frame", kiosk, frame: whole(each) });
  });
  const drawn = (): Element => h("html", {}, operatorPage(of));
  const card = (name: string): Element =>
    findAll(drawn(), ({ attributes }) => (attributes["class"] ?? "").split(" ").includes(`op-${name}`))[0]!;
  return { of, effects, happen, drawn, card, looks: (name: string) => card(name).attributes["class"] };
}

test("an operator sees at a glance what is wrong, and where", () => {
  const well = desk(view());
  for (const name of ["mesh", "consensus", "radios", "ledger", "trust", "recovery"]) {
    expect([name, well.looks(name)]).toEqual([name, `op-card op-${name} well`]);
  }
  const plain = view();
  const ill = desk(
    view({
      mesh: { ...plain.mesh, isPartitioned: true },
      members: plain.members.map((member) => (member.member === 2 ? { ...member, link: "none" } : member)),
      ledger: { ...plain.ledger!, isBalanced: false, fault: "lost", difference: -5 },
      radios: plain.radios.map((radio) => ({ ...radio, isUp: false, state: "silent", words: "it says nothing" })),
    }),
  );
  expect(textOf(ill.card("mesh"))).toContain("cut into 2 parts");
  expect(textOf(ill.card("ledger"))).toContain("lost: -5");
  expect(textOf(ill.card("radios"))).toContain("it says nothing");
  for (const name of ["mesh", "ledger", "radios"]) expect(ill.looks(name)).toContain(" ill");
  expect(ill.looks("consensus")).toContain(" well");
});

test("the ledger's parts are shown with their sum beside what was minted", () => {
  const text = textOf(desk(view()).card("ledger"));
  expect(text).toContain("Minted1,004,000");
  expect(text).toContain("Sum1,004,000");
});

test("the map says in words who is not reached", () => {
  const plain = view();
  const members = plain.members.map((member) => (member.member === 3 ? { ...member, link: "none" as const } : member));
  const map = findAll(desk(view({ members })).drawn(), ({ tag }) => tag === "svg").find(
    ({ attributes }) => attributes["class"] === "mesh-map",
  );
  expect(map!.attributes["aria-label"]).toBe("4 kiosks, 12 links up, 3 links may fail first; not reached: kiosk 4");
});

test("without a PIN shown nothing can be ordered; with one, every line is opened anew and settings are fetched", () => {
  const { of, happen, effects, drawn } = desk(view(), view());
  const orders = (): number =>
    findAll(drawn(), ({ attributes }) => (attributes["data-press"] ?? "").includes('"order"')).length;
  happen({ type: "session", session: { isOperator: false, hasPin: true, endsInMs: null } });
  expect(orders()).toBe(0);
  effects.length = 0;
  happen({ type: "session", session: { isOperator: true, hasPin: true, endsInMs: 60_000 } });
  expect(effects).toEqual([
    { type: "watch", kiosk: 0 },
    { type: "watch", kiosk: 1 },
    { type: "fetch", what: "settings", kiosk: 0 },
    { type: "fetch", what: "logs", kiosk: 0 },
  ]);
  expect(orders()).toBeGreaterThan(10);
  const port = { key: "web.port", value: 80, isStandard: false, isSecret: false, whyNot: null, needsRestart: true };
  happen({ type: "settings", settings: { schema: {}, settings: [port] } });
  expect(textOf(drawn())).toContain("web.portat the next start");
  expect(textOf(drawn())).toContain("1 differ from the standard");
  happen({ type: "pressed", press: { do: "kiosk", kiosk: 1 } });
  expect(of.chosen).toBe(1);
  effects.length = 0;
  happen({ type: "pressed", press: { do: "set", key: "web.port", typed: "8080" } });
  expect(effects[0]).toMatchObject({ type: "order", kiosk: 1, order: { type: "set", key: "web.port", value: "8080" } });
});

test("what comes of an order is told for a while, a refusal with what to try next", () => {
  const { of, happen, drawn } = desk(view());
  happen({ type: "pressed", press: { do: "order", kiosk: 0, order: { type: "backup" } } });
  const answer = { ok: false, why: "busy", words: "Too much is under way.", next: "Wait." } as const;
  happen({ type: "frame", kiosk: 0, frame: { type: "answer", id: 1, answer } });
  expect(textOf(drawn())).toContain("Too much is under way. Wait.");
  happen({ type: "frame", kiosk: 0, frame: { type: "answer", id: 7, answer: { ...answer, words: "of nobody" } } });
  expect(textOf(drawn())).not.toContain("of nobody");
  of.now += NOTICE_MS;
  happen({ type: "tick" });
  expect(of.notice).toBe(undefined);
});

test("a kiosk that is lost says that what is shown is old", () => {
  const { happen, drawn } = desk(view());
  happen({ type: "lost", kiosk: 0 });
  expect(textOf(drawn())).toContain("This page has lost the kiosk");
  happen({ type: "frame", kiosk: 0, frame: { type: "changes", revision: 2, at: 0, parts: {} } });
  expect(textOf(drawn())).not.toContain("This page has lost the kiosk");
});

test("where radios are boards, no fault can be made", () => {
  const plain = view();
  const operator = { ...plain.operator!, faults: { ...plain.operator!.faults, whyNot: "real radios" } };
  const { happen, card } = desk(view({ operator }));
  happen({ type: "session", session: { isOperator: true, hasPin: true, endsInMs: 1 } });
  expect(textOf(card("faults"))).toBe("Faultsradios are real");
});

test("a setting's control is what its schema wants", () => {
  const schema = {
    properties: {
      web: {
        properties: {
          port: { anyOf: [{ type: "integer", minimum: 1, maximum: 65_535 }, { type: "null" }] },
          listen: { type: "boolean" },
          level: { enum: ["warn", "info"] },
        },
      },
    },
  };
  const setting = (key: string, value: string | number | boolean) => ({
    ...{ key, value, isStandard: true, isSecret: false, whyNot: null, needsRestart: false },
  });
  expect(controlOf(schema, setting("web.port", 80), "a").attributes).toMatchObject({
    ...{ type: "number", min: "1", max: "65535", value: "80" },
  });
  expect(textOf(controlOf(schema, setting("web.listen", true), "a"))).toBe("truefalse");
  expect(controlOf(schema, setting("web.level", "info"), "a").tag).toBe("select");
  expect(controlOf(schema, { ...setting("web.pin", "271828"), isSecret: true }, "a").attributes).toMatchObject({
    ...{ type: "password", value: "" },
  });
  expect(schemaOf(schema, "nothing.there")).toEqual({});
});

test("the overview shows every kiosk beside the others, and which is not well", () => {
  const { of, happen } = desk(view(), view(), view(), view());
  happen({ type: "lost", kiosk: 2 });
  const cards = findAll(h("html", {}, overviewPage(of)), ({ attributes }) =>
    /op-kiosk-\d/.test(attributes["class"] ?? ""),
  );
  expect(cards.map(({ attributes }) => attributes["class"]!.split(" ").at(-1))).toEqual([
    "well",
    "well",
    "ill",
    "well",
  ]);
  expect(textOf(cards[0]!)).toContain("Roll 6. 7! The line wins");
});
