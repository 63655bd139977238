/** The browser's driver, as far as these tests use it. Its own types speak of a document, which tests have none of. */
import { createRequire } from "node:module";

export interface Page {
  readonly keyboard: { press(key: string): Promise<void> };
  setDefaultTimeout(ms: number): void;
  on(event: "request", hear: (request: { url(): string }) => void): void;
  on(event: "pageerror", hear: (error: Error) => void): void;
  on(event: "console", hear: (message: { type(): string; text(): string }) => void): void;
  goto(address: string): Promise<unknown>;
  reload(): Promise<unknown>;
  click(selector: string): Promise<void>;
  focus(selector: string): Promise<void>;
  fill(selector: string, text: string): Promise<void>;
  textContent(selector: string): Promise<string | null>;
  getAttribute(selector: string, name: string): Promise<string | null>;
  /** Runs the text in the page. */
  evaluate<T>(text: string): Promise<T>;
  waitForFunction(text: string): Promise<unknown>;
  waitForSelector(
    selector: string,
    options?: { readonly state: "attached" | "detached" | "visible" },
  ): Promise<unknown>;
  waitForEvent(event: "download"): Promise<{ suggestedFilename(): string; path(): Promise<string> }>;
  $$(selector: string): Promise<readonly Handle[]>;
  setInputFiles(selector: string, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void>;
  locator(selector: string): { scrollIntoViewIfNeeded(): Promise<void> };
  screenshot(options: { readonly path: string; readonly type: "jpeg"; readonly quality: number }): Promise<Buffer>;
}

export interface Handle {
  isVisible(): Promise<boolean>;
  click(): Promise<void>;
  textContent(): Promise<string | null>;
}

export interface ContextOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly isMobile?: boolean;
  readonly hasTouch?: boolean;
  readonly locale?: string;
  readonly offline?: boolean;
  readonly reducedMotion?: "reduce";
}

export interface BrowserContext {
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

export interface Browser {
  newContext(options: ContextOptions): Promise<BrowserContext>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: {
    launch(options: { readonly executablePath: string; readonly args: readonly string[] }): Promise<Browser>;
  };
}

export const playwright = createRequire(import.meta.url)("playwright-core") as Playwright;
