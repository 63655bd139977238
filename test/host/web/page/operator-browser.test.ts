import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { PASS } from "../../../../host/engine/games/craps/spots.ts";
import { buildPage } from "../../../../host/web/page/bundle/build-page.ts";
import { pinRecord } from "../../../../host/web/server/pin.ts";
import { repositoryRoot } from "../../../xs/engine/root.ts";
import { type FakeKiosk, fakeKiosk } from "../server/fake-kiosk.ts";
import { closeRigs, rig } from "../server/rig.ts";
import { chromiumOn, notRun, openBrowser, openPage, shoot, violations, type Watched } from "./chromium.ts";
import { FAINT, OVERFLOW, SMALL_TARGETS } from "./in-page.ts";
import type { Browser } from "./playwright.ts";

const PIN = "271828";
const LARGE = { viewport: { width: 1280, height: 800 } };
const SMALL = { viewport: { width: 800, height: 480 } };

let folder = "";
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hardway-operator-"));
  await buildPage(join(repositoryRoot, "host", "web", "page"), folder);
  if (chromiumOn(process.env) !== undefined) browser = await openBrowser();
});

afterEach(closeRigs);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Nothing that a checker, a finger or an eye would stumble over. */
async function isSound({ page, strangers, errors }: Watched): Promise<void> {
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(SMALL_TARGETS)).toEqual([]);
  expect(await page.evaluate(OVERFLOW)).toBe(0);
  expect(await page.evaluate(FAINT)).toEqual([]);
  expect([strangers, errors]).toEqual([[], []]);
}

if (chromiumOn(process.env) === undefined) {
  test("without a browser, a test run says that no page was driven", () => {
    expect(notRun(process.env)[0]).toContain("apt-get install chromium");
  });
} else {
  describe("the operator's page, from the real server", () => {
    test("shows without a PIN, orders with one, and tells what came of it", async () => {
      const { kiosk, server } = await rig({ page: folder, pin: await pinRecord(PIN) });
      const watched = await openPage(browser, `http://127.0.0.1:${server.port}/operator.html`, LARGE);
      const { page, context } = watched;
      await page.waitForSelector(".op-mesh.well");
      await isSound(watched);
      await page.fill("#pin", "000000");
      await page.click(`[data-typed="pin"]`);
      await page.waitForSelector(`.notice.bad:has-text("not the PIN")`);
      watched.errors.splice(0);
      await page.fill("#pin", PIN);
      await page.keyboard.press("Enter");
      await page.waitForSelector(".op-faults");
      expect(await page.getAttribute(`text="Signed ledger"`, "href")).toBe("/api/ledger?kiosk=0");
      await page.click(`.op-faults >> text="Kill" >> nth=1`);
      await page.waitForSelector(`.notice.good:has-text("Done.")`);
      await page.click(`text="20 %"`);
      await page.click(`text="Heal everything"`);
      await page.waitForFunction(`document.querySelector(".notice.good") !== null`);
      await expect
        .poll(() => kiosk.orders)
        .toEqual([
          { type: "fault", fault: "kill", kiosk: 1 },
          { type: "fault", fault: "loss", share: 0.2 },
          { type: "fault", fault: "heal" },
        ]);
      kiosk.change({ mesh: { ...kiosk.view.mesh, isPartitioned: true } });
      await page.waitForSelector(".op-mesh.ill");
      await page.evaluate("scrollTo(0, 0)");
      await shoot(page, "operator");
      await isSound(watched);
      await page.click(`text="End the session"`);
      await page.waitForSelector(".op-faults", { state: "detached" });
      await context.close();
    });

    test("fits a small screen", async () => {
      const { server } = await rig({ page: folder });
      const watched = await openPage(browser, `http://127.0.0.1:${server.port}/operator.html`, SMALL);
      await watched.page.waitForSelector(".op-mesh.well");
      await isSound(watched);
      await watched.context.close();
    });
  });

  test("the overview shows four kiosks side by side and the air between them, makes faults in it, and leads to each kiosk's own page", async () => {
    const kiosks = [0, 1, 2, 3].map((member) => named(fakeKiosk(), member));
    const { server } = await rig({
      ...{ page: folder, everybodyOperates: true },
      kiosks: kiosks.map(({ port }, member) => ({ name: `kiosk ${member + 1}`, port })),
    });
    const watched = await openPage(browser, `http://127.0.0.1:${server.port}/overview.html`, LARGE);
    const { page, context } = watched;
    await page.waitForSelector(".op-kiosk-3.well");
    await page.waitForSelector(".op-faults");
    await page.click(`.op-kiosk-2 >> text="Carry away"`);
    await expect
      .poll(() => kiosks[2]!.orders)
      .toEqual([{ type: "fault", fault: "partition", groups: [[2], [0, 1, 3]] }]);
    const { recovery } = kiosks[2]!.view;
    kiosks[2]!.change({ recovery: { ...recovery, state: "partitioned" } });
    await page.waitForSelector(".op-kiosk-2.ill");
    await page.evaluate("scrollTo(0, 0)");
    await shoot(page, "overview");
    await isSound(watched);
    await page.click(`.op-kiosk-1 >> text="Play here"`);
    await page.click(`[data-code="${PASS}"]`);
    await expect.poll(() => kiosks[1]!.orders).toMatchObject([{ type: "bet", code: PASS }]);
    expect([watched.strangers, watched.errors]).toEqual([[], []]);
    await context.close();
  });
}

function named(kiosk: FakeKiosk, member: number): FakeKiosk {
  const { members } = kiosk.view;
  kiosk.change({
    kiosk: { ...kiosk.view.kiosk, name: `kiosk ${member + 1}`, member },
    members: members.map((each) => ({
      ...each,
      ...{ isMe: each.member === member, link: each.member === member ? ("self" as const) : ("near" as const) },
    })),
  });
  return kiosk;
}
