import { expect, test } from "vitest";
import { farKiosk } from "../../../host/cli/kiosk/far-kiosk.ts";
import type { PortSaid } from "../../../host/cli/kiosk/port-words.ts";
import { type ToldPort, tellPort } from "../../../host/cli/kiosk/tell-port.ts";
import { type Answer, refused } from "../../../host/web/contract/answers.ts";
import type { FaultsPart } from "../../../host/web/contract/faults-part.ts";
import { KioskView } from "../../../host/web/contract/view.ts";
import { type FakeKiosk, fakeKiosk } from "../web/server/fake-kiosk.ts";

const FAULTS: FaultsPart = {
  ...{ whyNot: null, loss: 0.2, groups: [] },
  kiosks: [{ kiosk: 0, name: "Kiosk 0", isKilled: false, cheat: null }],
};

/** What a process says comes as JSON does, when the test lets it through. */
class Processes {
  readonly faults: object[] = [];
  readonly said: PortSaid[] = [];
  private told: ToldPort | undefined;
  private onWritten: (() => void)[] = [];
  readonly far = farKiosk({
    ...{ name: "Kiosk 0", version: "0.1.0", isVirtual: true, faults: () => FAULTS },
    ask: (id, asks) => this.told?.ask(id, JSON.parse(JSON.stringify(asks))),
    fault: (order) => {
      this.faults.push(order);
      return { ok: true, revision: 0, words: "Done." };
    },
  });

  begin(kiosk: FakeKiosk): void {
    this.told = tellPort(kiosk.port, (said, onWritten) => {
      this.said.push(said);
      this.onWritten.push(onWritten);
    });
    this.carry();
  }

  /** All that was said arrives, and whoever said it knows. */
  carry(): void {
    while (this.said.length > 0) {
      this.far.heard(JSON.parse(JSON.stringify(this.said.shift())));
      this.onWritten.shift()?.();
    }
  }

  end(): void {
    this.told = undefined;
    this.said.length = 0;
    this.far.gone();
  }
}

/** Answers of promises are there after this. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const bet = { type: "bet", code: 0, chips: 5 } as const;

test("before it has told anything a kiosk is an empty one that starts, and after that what it tells", () => {
  const of = new Processes();
  const { port } = of.far;
  expect(KioskView.parse({ ...port.view().view, alerts: [] }).recovery.state).toBe("starting");
  const kiosk = fakeKiosk();
  of.begin(kiosk);
  const { operator, ...view } = port.view().view;
  const { operator: desk, ...shown } = kiosk.view;
  expect(view).toEqual(shown);
  // What is wrong with air and kiosks is known where they were started.
  expect(operator).toEqual({ ...desk, faults: FAULTS });
  expect(port.view()).toBe(port.view());
  expect([port.health(), port.figures()]).toEqual([kiosk.health, JSON.parse(JSON.stringify(kiosk.figures))]);
});

test("parts that have changed are told, the newest of them to whoever reads slowly, and whoever listens hears of it", () => {
  const of = new Processes();
  const kiosk = fakeKiosk();
  of.begin(kiosk);
  let heard = 0;
  of.far.port.onChange(() => {
    heard += 1;
  });
  const { table } = of.far.port.view().view;
  for (let sequence = 121; sequence < 140; sequence++) {
    kiosk.change({ consensus: { ...kiosk.view.consensus, sequence } });
  }
  expect(of.said).toMatchObject([{ type: "shown", parts: { consensus: { sequence: 121 } } }]);
  expect(Object.keys((of.said[0] as { parts: object }).parts)).toEqual(["consensus"]);
  const before = of.far.port.view().revision;
  of.carry();
  expect(of.far.port.view().view.consensus.sequence).toBe(139);
  expect(of.far.port.view().view.table).toBe(table);
  expect([heard, of.far.port.view().revision]).toEqual([2, before + 2]);
});

test("an order is answered with the revision from which on its doing is seen", async () => {
  const of = new Processes();
  const kiosk = fakeKiosk();
  of.begin(kiosk);
  const answered = of.far.port.order(bet);
  await settled();
  of.carry();
  const answer = await answered;
  expect(answer).toEqual({ ok: true, revision: of.far.port.view().revision, words: "" });
  expect(kiosk.orders).toEqual([bet]);
  expect(of.far.port.view().view.own[0]!.free).toBe(995);

  kiosk.answer = () => Promise.resolve({ ok: true, revision: 9, words: "" });
  const ahead = of.far.port.order(bet);
  await settled();
  of.carry();
  // The kiosk stands at 2, and so many more are to come.
  expect(await ahead).toMatchObject({ revision: of.far.port.view().revision + 7 });
});

test("what is asked rarely is fetched: a proof that is none is none", async () => {
  const of = new Processes();
  const kiosk = fakeKiosk();
  of.begin(kiosk);
  const { port } = of.far;
  const all = Promise.all([port.proof(8), port.settings(), port.logs(), port.ledger?.()]);
  await settled();
  of.carry();
  const settings = { schema: { type: "object" }, settings: [] };
  // Its own operator may take no ledger from it.
  expect(await all).toEqual([undefined, settings, await kiosk.port.logs(), refused("not now")]);
  expect(kiosk.port.ledger).toBeUndefined();
});

test("a process that ends leaves no question open, and its kiosk away with what it last showed; its next one goes on from there", async () => {
  const of = new Processes();
  const kiosk = fakeKiosk();
  kiosk.answer = () => new Promise<Answer>(() => {});
  of.begin(kiosk);
  const { port } = of.far;
  const open = [port.order(bet), port.proof(7)];
  const { revision } = port.view();
  of.end();
  const off = { ...refused("not now"), words: "This kiosk is switched off." };
  expect(await Promise.all(open)).toEqual([off, undefined]);
  expect([await port.order(bet), await port.ledger?.()]).toEqual([off, off]);
  expect(port.view().view).toMatchObject({ recovery: { state: "away", waits: [] }, rolls: kiosk.view.rolls });
  expect(KioskView.safeParse({ ...port.view().view, alerts: [] }).success).toBe(true);
  expect(port.health()).toMatchObject({ state: "failed", isReady: false });
  // What is done to kiosks is done by whoever started them.
  expect(await port.order({ type: "fault", fault: "start", kiosk: 0 })).toMatchObject({ ok: true });
  expect(of.faults).toEqual([{ type: "fault", fault: "start", kiosk: 0 }]);
  of.begin(fakeKiosk());
  expect(port.view().view.recovery.state).toBe("playing");
  expect(port.view().revision).toBeGreaterThan(revision);
});

test("a page that asks too much at once is told so", async () => {
  const of = new Processes();
  const kiosk = fakeKiosk();
  kiosk.answer = () => new Promise<Answer>(() => {});
  of.begin(kiosk);
  for (let asked = 0; asked < 64; asked++) void of.far.port.order(bet);
  expect(await of.far.port.order(bet)).toEqual(refused("busy"));
  expect(kiosk.orders).toHaveLength(64);
});
