import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COME, numberedCode, PASS } from "../../../../host/engine/games/craps/spots.ts";
import { parseRollFile } from "../../../../host/node/roll-file.ts";
import { type BuiltFile, buildPage } from "../../../../host/web/page/bundle/build-page.ts";
import { repositoryRoot } from "../../../xs/engine/root.ts";
import { chromiumOn, notRun, openBrowser, openPage, shoot, violations, type Watched } from "./chromium.ts";
import { FakeKiosk } from "./fake-kiosk.ts";
import { COVERED, FAINT, FOCUSED, OVERFLOW, SMALL_TARGETS } from "./in-page.ts";
import { type PageServer, servePage } from "./page-server.ts";
import type { Browser } from "./playwright.ts";
import { ProvedDice } from "./proved-dice.ts";

const SIZES = [
  ["1280x800", { viewport: { width: 1280, height: 800 } }],
  ["800x480", { viewport: { width: 800, height: 480 } }],
  ["phone", { viewport: { width: 390, height: 844 }, isMobile: true }],
] as const;

const six = (first: number, second: number): boolean => first + second === 6;
const seven = (first: number, second: number): boolean => first + second === 7;
const spot = (code: number): string => `[data-code="${code}"]`;

let folder = "";
let files: readonly BuiltFile[] = [];
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hardway-page-"));
  files = await buildPage(join(repositoryRoot, "host", "web", "page"), folder);
  if (chromiumOn(process.env) !== undefined) browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the whole page, its verifier and the page for at home weigh less than 300 KB compressed", () => {
  const weight = files.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
  expect(weight).toBeGreaterThan(50_000);
  expect(weight).toBeLessThan(300_000);
});

test("no page carries what checks forms: a kiosk says what its contract says, and the checker alone is half the weight", () => {
  const scripts = files.filter(({ name }) => name.endsWith(".js"));
  const heavy = scripts.filter(({ name }) => readFileSync(join(folder, name), "utf8").includes("unrecognized_keys"));
  expect(heavy).toEqual([]);
});

/** A kiosk of its own for each story. */
async function atKiosk(
  options: Parameters<typeof openPage>[2],
  story: (watched: Watched, kiosk: FakeKiosk, server: PageServer) => Promise<void>,
): Promise<void> {
  const kiosk = new FakeKiosk(new ProvedDice());
  const server = await servePage(folder, kiosk);
  try {
    const watched = await openPage(browser, server.address, options);
    await story(watched, kiosk, server);
    expect(watched.strangers).toEqual([]);
    expect(watched.errors.filter((each) => !each.includes("WebSocket connection"))).toEqual([]);
    await watched.context.close();
  } finally {
    await server.close();
  }
}

async function walkUp({ page }: Watched): Promise<void> {
  await page.click(".attract-button");
  await page.click(".sit");
  await page.waitForSelector(".chip-button");
}

async function lands({ page }: Watched, text: string): Promise<void> {
  await page.waitForSelector(`.call-words:has-text("${text}")`);
}

if (chromiumOn(process.env) === undefined) {
  test("without a browser, a test run says that no page was driven", () => {
    expect(notRun(process.env)[0]).toContain("apt-get install chromium");
  });
} else {
  describe.each(SIZES)("at %s", (name, options) => {
    test("walk up, sit, bet, roll, win, verify, tamper; nobody else is asked for anything [U08] [K07]", () =>
      atKiosk(options, async (watched, kiosk) => {
        const { page } = watched;
        await page.waitForSelector(".attract-title");
        if (name === "1280x800") await shoot(page, `${name}-attract`);
        const began = Date.now();
        await walkUp(watched);
        await page.click(spot(PASS));
        await page.click(spot(PASS));
        await page.waitForSelector(`${spot(PASS)} .my-chip`);
        expect(Date.now() - began).toBeLessThan(10_000);
        expect(await page.textContent(".balance")).toBe("990");
        kiosk.roll(six);
        await page.click(".skip");
        await lands(watched, "The point is 6");
        await page.click(spot(numberedCode("place", 8)));
        await page.click(spot(COME));
        await page.waitForSelector(`${spot(COME)} .my-chip`);
        kiosk.closesIn(12_000);
        await shoot(page, `${name}-table`);
        kiosk.lockFor(six);
        await page.waitForSelector(".lock");
        expect(await page.textContent(".wait")).toContain("Stairs and Garden");
        if (name === "1280x800") await shoot(page, `${name}-locked`);
        kiosk.land();
        await lands(watched, "The point is made");
        expect(await page.textContent(".notice")).toContain("You won 10");
        await shoot(page, `${name}-won`);
        await page.click(".way-trust");
        await page.waitForSelector(".verdict.holds");
        await shoot(page, `${name}-trust`);
        await page.click(".danger");
        await page.waitForSelector(".verdict.fails");
        await shoot(page, `${name}-tampered`);
      }));

    test("everything can be reached by a finger, and nothing lies beside the screen or under something else [U08]", () =>
      atKiosk({ ...options, reducedMotion: "reduce" }, async (watched, kiosk) => {
        const { page } = watched;
        const looks = async (where: string): Promise<void> => {
          expect([where, await page.evaluate(SMALL_TARGETS)]).toEqual([where, []]);
          expect([where, await page.evaluate(OVERFLOW)]).toEqual([where, 0]);
        };
        await page.waitForSelector(".attract-title");
        await looks("attract");
        await walkUp(watched);
        expect(await page.evaluate(COVERED)).toEqual([]);
        await page.click(spot(PASS));
        await looks("table");
        kiosk.roll(six);
        await lands(watched, "The point is 6");
        for (const tab of await page.$$(".tab")) {
          if (!(await tab.isVisible())) continue;
          await tab.click();
          await looks(`area ${await tab.textContent()}`);
        }
        for (const at of [0, 1, 3]) {
          await page.click(`.bar .way >> nth=${at}`);
          await page.waitForSelector(".dialog");
          await looks(`panel ${at}`);
          await page.click(".dialog-close");
        }
        await page.click(".way-trust");
        await page.waitForSelector(".verdict");
        await looks("trust");
      }));
  });

  test("the accessibility checker finds nothing on the table or in any panel, and no text is faint, in English and in Arabic [U08]", () =>
    atKiosk({ ...SIZES[0][1], reducedMotion: "reduce" }, async (watched, kiosk) => {
      const { page } = watched;
      const sound = async (where: string): Promise<void> => {
        expect([where, await violations(page)]).toEqual([where, []]);
        expect.soft([where, await page.evaluate(FAINT)]).toEqual([where, []]);
      };
      await page.waitForSelector(".attract-title");
      await sound("attract");
      await walkUp(watched);
      await page.click(spot(PASS));
      kiosk.roll(six);
      await lands(watched, "The point is 6");
      await page.click(spot(numberedCode("place", 8)));
      await sound("table");
      for (const at of [0, 1, 3]) {
        await page.click(`.bar .way >> nth=${at}`);
        await page.waitForSelector(".dialog");
        await sound(`panel ${at}`);
        await page.click(".dialog-close");
      }
      await page.click(".way-trust");
      await page.waitForSelector(".verdict.holds");
      await sound("trust");
      await page.click(".danger");
      await page.waitForSelector(".verdict.fails");
      await sound("tampered");
      await page.click(".dialog-close");
      await page.click(".bar .way >> nth=3");
      await page.click(`.choice >> text="العربية"`);
      await page.click(".dialog-close");
      expect(await page.getAttribute("html", "dir")).toBe("rtl");
      await sound("Arabic");
      await shoot(page, "1280x800-arabic");
    }));

  test("by keys alone: Tab goes through the screen in its order, arrows over the felt, Enter bets, Escape closes [U08]", () =>
    atKiosk({ ...SIZES[0][1], reducedMotion: "reduce" }, async (watched) => {
      const { page } = watched;
      await page.waitForSelector(".attract-title");
      await page.keyboard.press("Enter");
      await page.focus(".sit");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".chip-button");
      await page.focus(".bar .way >> nth=0");
      const order: unknown[] = [];
      for (let many = 0; many < 12; many++) {
        order.push(await page.evaluate(FOCUSED));
        await page.keyboard.press("Tab");
      }
      const four = [10, 13, 9].map((low) => `bet ${4 * 16 + low}`);
      const five = [10, 13].map((low) => `bet ${5 * 16 + low}`);
      expect(order).toEqual(["way", "way", "way", "way", "tab", "tab", "tab", "bet 3", ...four, five[0]]);
      await page.focus(spot(numberedCode("place", 5)));
      await page.keyboard.press("ArrowRight");
      expect(await page.evaluate(FOCUSED)).toBe(`bet ${numberedCode("place", 6)}`);
      await page.keyboard.press("ArrowDown");
      expect(await page.evaluate(FOCUSED)).toBe(`bet ${numberedCode("buy", 6)}`);
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("3");
      await page.keyboard.press("Enter");
      await page.waitForSelector(`${spot(numberedCode("place", 6))} .my-chip`);
      expect(await page.evaluate(FOCUSED)).toBe(`bet ${numberedCode("place", 6)}`);
      expect(await page.textContent(".balance")).toBe("970");
      await page.keyboard.press("u");
      await page.waitForFunction(`document.querySelector(".balance").textContent === "1,000"`);
      await page.focus(".bar .way >> nth=1");
      await page.keyboard.press("Enter");
      await page.waitForSelector(".dialog");
      expect(await page.evaluate(FOCUSED)).toBe("way");
      await page.keyboard.press("Escape");
      await page.waitForSelector(".dialog", { state: "detached" });
      expect(await page.evaluate(FOCUSED)).toBe("way");
    }));

  test("a screen that loses its kiosk says so, comes back by itself, and has the balance that was left [U08]", () =>
    atKiosk(SIZES[0][1], async (watched, kiosk, server) => {
      const { page } = watched;
      await walkUp(watched);
      await page.click(spot(PASS));
      kiosk.kill(2, 3);
      await page.waitForSelector(`.wait-words:has-text("Stairs and Garden cannot be reached")`);
      await shoot(page, "1280x800-too-few");
      kiosk.kill();
      await page.waitForSelector(`.wait-words:has-text("Place your bets")`);
      server.cut();
      await page.waitForSelector(`.wait.is-lost`);
      await page.waitForSelector(".wait:not(.is-lost)");
      expect(await page.textContent(".balance")).toBe("995");
      kiosk.roll(seven);
      await lands(watched, "The line wins");
      await page.reload();
      await page.waitForSelector(".balance");
      expect(await page.textContent(".balance")).toBe("1,005");
    }));

  test("the page for at home is one file: it checks a proof without any network, whole or as codes [K07]", async () => {
    const dice = new ProvedDice();
    dice.lockFor(seven);
    const { file, first, second } = dice.throw();
    const path = pathToFileURL(join(folder, "download", "verify-a-roll.html")).href;
    const { page, context, strangers, errors } = await openPage(browser, path, { offline: true });
    const choose = (text: string): Promise<void> =>
      page.setInputFiles("input[type=file]", {
        ...{ name: "roll.json", mimeType: "application/json", buffer: Buffer.from(text) },
      });
    await choose(JSON.stringify(file));
    await page.waitForSelector(".verdict.holds");
    expect(await page.textContent(".verdict")).toContain(`the dice are ${first} and ${second}`);
    expect(await violations(page)).toEqual([]);
    await shoot(page, "verifier");
    const at = Math.floor(file.proof.length * 0.7);
    const flipped = `${file.proof.slice(0, at)}${file.proof[at] === "0" ? "1" : "0"}${file.proof.slice(at + 1)}`;
    await choose(JSON.stringify({ ...file, proof: flipped }));
    await page.waitForSelector(".verdict.fails");
    await choose("{}");
    await page.waitForSelector(`.verdict:has-text("no proof of a roll")`);
    expect([strangers, errors]).toEqual([[], []]);
    await context.close();
  });

  test("a proof is saved as the file that the command line reads, shown as codes, and has an address", () =>
    atKiosk({ ...SIZES[0][1], reducedMotion: "reduce" }, async (watched, kiosk, server) => {
      const { page } = watched;
      await walkUp(watched);
      kiosk.roll(seven);
      await lands(watched, "The line wins");
      await page.click(".way-trust");
      await page.waitForSelector(".verdict.holds");
      const [saved] = await Promise.all([page.waitForEvent("download"), page.click(`.keep >> text="Proof as a file"`)]);
      expect(saved.suggestedFilename()).toBe("roll-1.json");
      expect(parseRollFile(readFileSync(await saved.path(), "utf8"))).toMatchObject({ ok: true });
      await page.click(`.keep >> text="Proof as a code"`);
      await page.waitForSelector(".qr");
      await page.locator(".qr").scrollIntoViewIfNeeded();
      await shoot(page, "1280x800-code");
      await page.goto(`${server.address}/?trust=1`);
      await page.waitForSelector(".verdict.holds");
    }));
}
