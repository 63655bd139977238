import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { Report } from "../../../host/cli/kiosk/kiosk-report.ts";
import { checkLedgerFile, parseLedgerFile } from "../../../host/cli/past/ledger-file.ts";
import { codeOfName } from "../../../host/engine/games/craps/spots.ts";
import type { FaultsPart } from "../../../host/web/contract/faults-part.ts";
import type { KioskView } from "../../../host/web/contract/view.ts";
import { buildPage } from "../../../host/web/page/bundle/build-page.ts";
import { repositoryRoot } from "../../xs/engine/root.ts";
import { chromiumOn, openBrowser, openPage, shoot, violations } from "../web/page/chromium.ts";
import { FAINT, OVERFLOW, SMALL_TARGETS } from "../web/page/in-page.ts";
import type { Browser } from "../web/page/playwright.ts";
import { asked, until } from "./kiosk-pair.ts";
import { type Ran, startProgram } from "./start-program.ts";

const LARGE = { viewport: { width: 1280, height: 800 } };
const SOME_TIME_MS = 100_000;
const FIELD = codeOfName("field")!;

const temporary = mkdtempSync(join(tmpdir(), "hardway-page-test-"));
const reports: Report[] = [];
let address = "";
let pages: readonly string[] = [];
let press: (key: string) => void = () => {};
let ended: Promise<Ran>;
let browser: Browser | undefined;
let onlooker: WebSocket | undefined;

/** Of `npm start`, with four kiosks as processes of their own. It is told to run for less than this takes: a page is open. */
beforeAll(async () => {
  const page = join(temporary, "page");
  await buildPage(join(repositoryRoot, "host", "web", "page"), page);
  if (chromiumOn(process.env) !== undefined) browser = await openBrowser();
  const words = ["--seconds", "30", "--at", join(temporary, "table"), "--port", "0", "--json"];
  const up = new Set<number>();
  await new Promise<void>((resolve) => {
    ended = startProgram(words, { TMPDIR: temporary, HARDWAY_PAGE: page }, (line, pressed) => {
      press = pressed;
      const said = JSON.parse(line);
      if (said.type === "page") {
        [address, pages] = [said.url, said.kiosks];
        onlooker = new WebSocket(new URL("api/live", address.replace("http", "ws")));
      }
      if (said.type === "up") up.add(said.kiosk);
      if (said.type === "report") reports[said.kiosk] = said;
      if (up.size === 4) resolve();
    });
    void ended.then(() => resolve());
  });
}, 2 * SOME_TIME_MS);

afterAll(async () => {
  await browser?.close();
  // Nobody looks on any more: it ends by itself.
  onlooker?.close();
  const { status, stderr } = await ended;
  try {
    expect(stderr).not.toMatch(/wrong|failed|must not happen/);
    expect(status).toBe(0);
    expect(reports.every(({ isBalanced }) => isBalanced)).toBe(true);
    expect(readdirSync(temporary).sort()).toEqual(["page", "table"]);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}, SOME_TIME_MS);

const viewOf = async (kiosk: number): Promise<KioskView> => (await asked(address, `api/view?kiosk=${kiosk}`)).view;
const faultsAt = async (kiosk: number): Promise<FaultsPart> => (await viewOf(kiosk)).operator!.faults;
const stateOf = async (kiosk: number): Promise<string> => (await viewOf(kiosk)).recovery.state;
const order = (kiosk: number, wanted: object) => asked(address, `api/order?kiosk=${kiosk}`, wanted);
const fault = (kiosk: number, wanted: object) => order(kiosk, { type: "fault", ...wanted });
const becomes = (kiosk: number, state: string): Promise<string> =>
  until(
    () => stateOf(kiosk),
    (found) => found === state,
    SOME_TIME_MS,
  );

describe("npm start shows all its kiosks at one address", () => {
  it("each kiosk has its page there, and a person takes the open seat", async () => {
    expect(pages.map((page) => new URL(page).search)).toEqual(["?kiosk=0", "?kiosk=1", "?kiosk=2", "?kiosk=3"]);
    expect(await asked(address, "api/kiosks")).toHaveLength(4);
    const bots = await until(
      () => viewOf(0),
      ({ craps }) => craps?.players.filter((player) => player !== null).length === 4,
      SOME_TIME_MS,
    );
    expect(bots.craps?.players).toHaveLength(5);
    expect(bots.own).toMatchObject([{ place: null }]);
    // A key sits somebody down and bets, as a page would.
    press("b");
    const betted = await until(
      () => viewOf(0),
      ({ own, craps }) => {
        const place = own[0]?.place ?? null;
        return place !== null && craps!.state.seats[place]!.length > 0;
      },
      SOME_TIME_MS,
    );
    const place = betted.own[0]!.place!;
    expect(betted.craps?.players[place]).toMatchObject({ name: "Kiosk 0", isMine: true, seat: 1 });
    const elsewhere = await until(
      async () => (await viewOf(1)).craps?.players[place],
      (player) => player !== null,
      SOME_TIME_MS,
    );
    expect(elsewhere).toMatchObject({ name: "Kiosk 0", isMine: false });
    const { roll } = (
      await until(
        () => viewOf(2),
        ({ rolls }) => rolls.some(({ fell }) => fell !== null),
        SOME_TIME_MS,
      )
    ).rolls.find(({ fell }) => fell !== null)!;
    expect(await asked(address, `api/rolls/${roll}?kiosk=2`)).toMatchObject({ rollProof: 1 });
    expect(await asked(address, "api/rolls/9999?kiosk=2")).toMatchObject({ why: "no such roll" });
    expect((await asked(address, "api/logs?kiosk=2")).lines.length).toBeGreaterThan(0);
    const ledger = parseLedgerFile(JSON.stringify(await asked(address, "api/ledger?kiosk=2")));
    if (!ledger.ok) throw new Error(ledger.why);
    expect(ledger.file.signature?.key).toBe((await viewOf(2)).kiosk.key);
    expect(checkLedgerFile(ledger.file).filter(({ ok }) => !ok)).toEqual([]);
  }, 300_000);

  it("a kiosk that is killed is away at every page, refuses what is asked of it, and comes back to where it was", async () => {
    const { own } = await viewOf(0);
    expect(await fault(3, { fault: "kill", kiosk: 0 })).toMatchObject({ ok: true });
    await becomes(0, "away");
    expect((await faultsAt(2)).kiosks.map(({ isKilled }) => isKilled)).toEqual([true, false, false, false]);
    expect(await order(0, { type: "leave" })).toMatchObject({ ok: false, words: "This kiosk is switched off." });
    expect(await asked(address, "ready?kiosk=0")).toMatchObject({ isReady: false });
    // What it last showed is still there, and its own address takes the order that brings it back.
    expect((await viewOf(0)).craps).not.toBeNull();
    expect(await fault(0, { fault: "start", kiosk: 0 })).toMatchObject({ ok: true });
    await becomes(0, "playing");
    expect((await viewOf(0)).own[0]!.place).toBe(own[0]!.place);
    await until(
      () => asked(address, "ready?kiosk=0"),
      ({ isReady }) => isReady,
      SOME_TIME_MS,
    );
  }, 300_000);

  it("air that loses is seen by all, a kiosk that is carried away knows that it is alone, and healing mends both", async () => {
    expect(await fault(1, { fault: "loss", share: 0.2 })).toMatchObject({ ok: true });
    expect(await Promise.all([0, 1, 2, 3].map(faultsAt))).toMatchObject(new Array(4).fill({ loss: 0.2 }));
    const groups = [[2], [0, 1, 3]];
    expect(await fault(1, { fault: "partition", groups })).toMatchObject({ ok: true });
    expect(await faultsAt(2)).toMatchObject({ loss: 0, groups });
    await until(
      () => stateOf(2),
      (state) => ["partitioned", "alone", "recovering"].includes(state),
      SOME_TIME_MS,
    );
    expect(await fault(2, { fault: "heal" })).toMatchObject({ ok: true });
    expect(await faultsAt(0)).toMatchObject({ loss: 0, groups: [] });
    await becomes(2, "playing");
  }, 300_000);

  if (chromiumOn(process.env) !== undefined) {
    it("on its overview a person kills a kiosk and watches it return, walks up to one, and checks a roll", async () => {
      const watched = await openPage(browser!, address, LARGE);
      const { page, context, strangers, errors } = watched;
      page.setDefaultTimeout(SOME_TIME_MS);
      const verdict = (kiosk: number, text: string) =>
        page.waitForSelector(`.op-kiosk-${kiosk} .op-verdict:has-text("${text}")`);
      for (const kiosk of [0, 1, 2, 3]) await verdict(kiosk, "playing");
      await page.waitForSelector(".ov-rolls a");
      await shoot(page, "start-overview");
      await page.click(`.op-kiosk-3 >> text="Kill"`);
      await verdict(3, "switched off");
      await shoot(page, "start-overview-killed");
      await page.click(`.op-kiosk-3 >> text="Start"`);
      await verdict(3, "playing");
      await page.click(`.op-attackers >> text="Kiosk 2"`);
      await page.click(`.op-cheats >> text="Silent to half"`);
      await page.waitForSelector(`.op-kiosk-2 .tag.bad:has-text("Silent to half")`);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(SMALL_TARGETS)).toEqual([]);
      expect(await page.evaluate(OVERFLOW)).toBe(0);
      expect(await page.evaluate(FAINT)).toEqual([]);
      await page.click(`text="Heal everything"`);
      await page.waitForSelector(".op-kiosk-2 .tag.bad", { state: "detached" });

      await page.click(`.op-kiosk-1 >> text="Play here"`);
      await page.click(".attract-button");
      await page.click(".sit");
      await page.waitForSelector(".chip-button");
      // While the dice are on their way nothing goes; a bet on the field is over with the next roll.
      const before = (await viewOf(1)).own[0]!.worth;
      await until(
        async () => {
          await page.click(`[data-code="${FIELD}"]`);
          return viewOf(1);
        },
        ({ own, craps }) =>
          own[0]!.worth !== before || craps!.state.seats[own[0]!.place!]!.some(({ code }) => code === FIELD),
        SOME_TIME_MS,
      );
      await page.goto(address);
      await page.click(".ov-rolls a");
      await page.waitForSelector(".verdict.holds");
      expect([strangers, errors]).toEqual([[], []]);
      await context.close();
    }, 300_000);
  }

  it("a kiosk that is told to cheat loses its seat by its own signatures, which every page shows; healed it is honest, and plays no more", async () => {
    expect(await fault(1, { fault: "cheat", kiosk: 9, cheat: "equivocation" })).toMatchObject({ ok: false });
    expect(await fault(0, { fault: "cheat", kiosk: 1, cheat: "equivocation" })).toMatchObject({ ok: true });
    expect((await faultsAt(2)).kiosks[1]).toMatchObject({ cheat: "equivocation" });
    const { trust } = await until(
      () => viewOf(0),
      ({ trust, members }) => members.length === 3 && trust.evidence.some(({ verdict }) => verdict === "proved"),
      2 * SOME_TIME_MS,
    );
    expect(trust.evidence.at(-1)).toMatchObject({ accusedName: "Kiosk 1", hasLostSeat: true, kind: "doubleVote" });
    expect(reports[1]!.lies).toBeGreaterThan(0);
    expect(await fault(0, { fault: "heal" })).toMatchObject({ ok: true });
    expect((await faultsAt(2)).kiosks[1]).toMatchObject({ cheat: null });
    // Nobody plays for it any more, as soon as its last bet has ended.
    await until(
      () => viewOf(0),
      ({ craps }) => craps!.players.every((player) => player?.name !== "Kiosk 1"),
      SOME_TIME_MS,
    );
    // Whoever missed the change of members may find their ring closed, and no radio left to be told by.
    await until(
      () => viewOf(1),
      ({ kiosk, members }) => kiosk.member === null || members.every(({ isMe, link }) => isMe || link === "none"),
      SOME_TIME_MS,
    );
  }, 400_000);
});
