/** A kiosk's page in a real browser, at a table that plays: how soon a press is in the engine, how soon what the engine decided is on
 * the screen, what the page weighs, and how smoothly its dice roll. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { numberedCode } from "../../host/engine/games/craps/spots.ts";
import { type BuiltFile, buildPage } from "../../host/web/page/bundle/build-page.ts";
import { startWebServer, type WebServer } from "../../host/web/server/serve.ts";
import { draw32 } from "../../protocol/core/chance.ts";
import { chromiumOn, openBrowser, openPage } from "../host/web/page/chromium.ts";
import type { Browser, Page } from "../host/web/page/playwright.ts";
import { repositoryRoot } from "../xs/engine/root.ts";
import { median, type Row } from "./bench.ts";
import { PageKiosks } from "./page-kiosks.ts";
import { FIRST_PAINT, FIRST_SIZE, type PageSeen, SEEN, shownMore, WATCH } from "./page-watch.ts";

const SILENT = Object.freeze({ error() {}, warn() {}, info() {}, debug() {}, tells: () => false });
/** A person's hand, and three more of them elsewhere. */
const PRESS_EVERY_MS = 150;
const OTHERS_EVERY_MS = 130;
const FIELD = 8;

export interface PageOptions {
  readonly presses?: number;
  readonly rolls?: number;
}

export async function bench({ presses = 60, rolls = 3 }: PageOptions = {}): Promise<Row[]> {
  if (chromiumOn(process.env) === undefined) throw new Error("chromium is missing: apt-get install chromium");
  const folder = mkdtempSync(join(tmpdir(), "hardway-bench-page-"));
  const kiosks = new PageKiosks(join(folder, "kiosks"));
  let browser: Browser | undefined;
  let server: WebServer | undefined;
  try {
    const files = await buildPage(join(repositoryRoot, "host", "web", "page"), join(folder, "page"));
    await kiosks.seated();
    const started = await startWebServer({
      ...{ kiosks: [{ name: "kiosk 1", port: kiosks.ports[0]! }], host: "127.0.0.1", port: 0 },
      ...{ page: join(folder, "page"), version: "", log: SILENT },
    });
    if (!started.ok) throw new Error(started.why);
    server = started.server;
    browser = await openBrowser();
    const { page } = await openPage(browser, server.url, { viewport: { width: 1280, height: 800 } });
    await page.waitForSelector(".chip-button");
    const firstPaint = await page.evaluate<number>(FIRST_PAINT);
    const firstSize = await page.evaluate<number>(FIRST_SIZE);
    await page.evaluate(WATCH);
    const bets = await timeBets(page, kiosks, presses);
    const frames = await timeRolls(page, kiosks, rolls);
    return [
      ...betRows(bets),
      ...weightRows(files, firstSize),
      { metric: "first-paint", value: firstPaint, unit: "ms" },
      ...frames,
    ];
  } finally {
    await browser?.close();
    await server?.close();
    await kiosks.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of one press. */
interface TimedBet {
  readonly pressEngineMs: number;
  readonly decidedShownMs: number;
}

/** Other players' bets are decided all the while, so that what is shown has to share its beat with them. */
async function timeBets(page: Page, kiosks: PageKiosks, presses: number): Promise<TimedBet[]> {
  const others = setInterval(() => kiosks.othersBet(), OTHERS_EVERY_MS);
  const taken: number[] = [];
  const decided: number[] = [];
  kiosks.see = (effect) => {
    if (effect.type === "persist" && effect.record.type === "request") taken.push(Date.now());
    if (effect.type === "answered") decided.push(Date.now());
  };
  const timed: TimedBet[] = [];
  try {
    await page.click(".chip-button >> nth=0");
    for (let at = 0; at < presses; at++) {
      const seen = await page.evaluate<PageSeen>(SEEN);
      const [before, done] = [seen.shown.length, decided.length];
      await page.click(`[data-code="${at % 2 === 0 ? FIELD : numberedCode("place", 6)}"]`);
      const now = await page.evaluate<PageSeen>(shownMore(before));
      timed.push({
        pressEngineMs: taken.at(-1)! - now.presses.at(-1)!,
        decidedShownMs: now.shown.at(-1)! - decided[done]!,
      });
      // At no beat of anybody's.
      await new Promise((wake) => setTimeout(wake, PRESS_EVERY_MS * (0.5 + draw32(kiosks.random) / 2 ** 32)));
    }
  } finally {
    clearInterval(others);
    kiosks.see = () => {};
  }
  return timed;
}

async function timeRolls(page: Page, kiosks: PageKiosks, rolls: number): Promise<Row[]> {
  for (let roll = 0; roll < rolls; roll++) {
    await kiosks.roll();
    await page.waitForSelector(".stage.tumbling");
    await page.waitForSelector(".stage.still");
  }
  const { tumbles } = await page.evaluate<PageSeen>(SEEN);
  const gaps = tumbles.flatMap((frames) => frames.slice(1).map((at, index) => at - frames[index]!));
  const whole = gaps.reduce((sum, gap) => sum + gap, 0);
  return [
    { metric: "dice-frames", value: (1000 * gaps.length) / whole, unit: "/s" },
    { metric: "dice-frame-worst", value: Math.max(...gaps), unit: "ms" },
  ];
}

function betRows(timed: readonly TimedBet[]): Row[] {
  const rows = (metric: string, values: number[], most: number): Row[] => [
    { metric, value: median(values), unit: "ms", baseline: most, ratio: median(values) / most },
    {
      metric: `${metric}-worst`,
      value: Math.max(...values),
      unit: "ms",
      baseline: most,
      ratio: Math.max(...values) / most,
    },
  ];
  return [
    ...rows(
      "press-engine",
      timed.map(({ pressEngineMs }) => pressEngineMs),
      50,
    ),
    ...rows(
      "decided-shown",
      timed.map(({ decidedShownMs }) => decidedShownMs),
      100,
    ),
    { metric: "presses", value: timed.length, unit: "" },
  ];
}

function weightRows(files: readonly BuiltFile[], first: number): Row[] {
  const weight = files.reduce((sum, { compressedSize }) => sum + compressedSize, 0) / 1000;
  return [
    { metric: "weight-kb", value: weight, unit: "KB", baseline: 300, ratio: weight / 300 },
    { metric: "weight-first-kb", value: first / 1000, unit: "KB" },
  ];
}
