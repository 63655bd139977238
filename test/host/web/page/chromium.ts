/** The browser that pages are driven in, if this machine has one: silence about a missing one would read as success. */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { toolOnPath } from "../../../../hardware/machine/tool-on-path.ts";
import { repositoryRoot } from "../../../xs/engine/root.ts";
import { AT_REST, VIOLATIONS } from "./in-page.ts";
import { type Browser, type BrowserContext, type ContextOptions, type Page, playwright } from "./playwright.ts";

export const chromiumOn = (environment: NodeJS.ProcessEnv): string | undefined =>
  toolOnPath("chromium", environment["PATH"]);

export function notRun(environment: NodeJS.ProcessEnv): readonly string[] {
  if (chromiumOn(environment) !== undefined) return [];
  return ["not run: chromium is missing, so that no page was driven in a browser: apt-get install chromium"];
}

/** Without its sandbox, which needs more than a container gives; it sees loopback and nothing else. */
export const openBrowser = (): Promise<Browser> =>
  playwright.chromium.launch({ executablePath: chromiumOn(process.env)!, args: ["--no-sandbox", "--disable-gpu"] });

export interface Watched {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What was asked of anything but the page's own host. */
  readonly strangers: string[];
  /** What went wrong in the page. */
  readonly errors: string[];
}

export async function openPage(browser: Browser, address: string, options: ContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ hasTouch: true, locale: "en", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  const [strangers, errors]: string[][] = [[], []];
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== new URL(address).origin && !["data:", "blob:"].includes(protocol)) strangers!.push(request.url());
  });
  page.on("pageerror", (error) => errors!.push(`${error.stack ?? error}`));
  page.on("console", (message) => {
    if (message.type() === "error") errors!.push(message.text());
  });
  await page.goto(address);
  return { context, page, strangers: strangers!, errors: errors! };
}

/** Of pictures that a README can carry. */
const QUALITY = 82;

/** Kept for people to look at. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = join(repositoryRoot, "build", "screenshots");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.jpg`), type: "jpeg", quality: QUALITY });
}

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What the accessibility checker finds wrong, a line each. What moves is given the time to come to rest. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AT_REST);
  await page.evaluate(readFileSync(AXE, "utf8"));
  return page.evaluate(VIOLATIONS);
}
