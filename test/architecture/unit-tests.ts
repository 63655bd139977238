/** Which sources the tests of their own module reach: a test of another module that happens to run a file proves nothing of it. */
import { LAYERS, type Layer, layerOf } from "./layers.ts";
import { filesIn, importsOf, isScript, targetOf } from "./tree.ts";

export interface Module {
  readonly folder: string;
  readonly files: readonly string[];
  readonly tests: readonly string[];
  /** Files that none of its tests imports, and none of its files that they import. */
  readonly unreached: readonly string[];
}

const targets = new Map<string, readonly string[]>();

/** Local imports, from the root. */
function importedBy(path: string): readonly string[] {
  let found = targets.get(path);
  if (found === undefined) {
    found = importsOf(path)
      .filter(({ specifier }) => specifier.startsWith("."))
      .map(targetOf);
    targets.set(path, found);
  }
  return found;
}

export const modules = (): readonly Module[] => LAYERS.map(moduleOf).filter(({ files }) => files.length > 0);

function moduleOf(layer: Layer): Module {
  const { folder } = layer;
  const isOwn = (path: string): boolean => layerOf(path) === layer;
  const files = filesIn(folder).filter(isScript).filter(isOwn);
  const beside = filesIn(`test/${folder}`).filter(isScript);
  // Of a folder within it that is a module of its own the tests are not counted.
  const inner = LAYERS.filter((other) => other !== layer && other.folder.startsWith(`${folder}/`));
  const own = beside.filter((path) => !inner.some((other) => path.startsWith(`test/${other.folder}/`)));
  const tests = own.filter((path) => path.endsWith(".test.ts"));
  // What tests share, wherever it lies, is a test's hand.
  const seen = new Set<string>();
  const next = [...tests];
  for (let path = next.pop(); path !== undefined; path = next.pop()) {
    for (const target of importedBy(path)) {
      const isHand = target.startsWith("test/") && !path.startsWith(folder);
      if (seen.has(target) || !(isHand || isOwn(target))) continue;
      seen.add(target);
      next.push(target);
    }
  }
  return { folder, files, tests, unreached: files.filter((path) => !seen.has(path)) };
}

/** Files, or folders with all in them, that no import reaches from a test of their module, and what tests them all the same: through the
 * module that uses them, on XS, as a process, as a thread, or in a browser. */
export const TESTED_ELSEWHERE: { readonly [path: string]: string } = Object.freeze({
  "firmware-js/air/bluetooth-client.ts": "test/firmware-js/on-xs.test.ts",
  "firmware-js/air/bluetooth-server.ts": "test/firmware-js/on-xs.test.ts",
  "firmware-js/main.ts": "test/firmware-js/on-xs.test.ts",
  "firmware-js/native": "test/firmware-js/on-xs.test.ts",
  "firmware-js/system/board-system.ts": "test/firmware-js/on-xs.test.ts",
  "hardware/machine/tool-on-path.ts": "test/hardware/system/units.test.ts",
  "hardware/boards/radio-facts.ts": "test/firmware-js/modem/modem.test.ts",
  "hardware/system/machine.ts": "test/host/cli/install.test.ts",
  "host/crypto/work/worker.ts": "test/host/crypto/work/worker.test.ts",
  "host/engine/consensus/onlookers.ts": "test/host/node/looking-on.test.ts",
  "host/engine/consensus/verify-said.ts": "test/host/mesh/judge.test.ts",
  "host/engine/game/long-trial.ts": "test/host/engine/games/roulette.test.ts",
  "host/backup/journal-facts.ts": "test/host/cli/support-journal.test.ts",
  "host/storage/history/keeper-thread.ts": "test/host/storage/history/thread.test.ts",
  "host/web/contract/frames.ts": "test/host/web/server/live.test.ts",
  "host/web/page/dom": "test/host/web/page/browser.test.ts",
  "host/web/page/kiosk.ts": "test/host/web/page/browser.test.ts",
  "host/web/page/operator.ts": "test/host/web/page/operator-browser.test.ts",
  "host/web/page/operator/operate.ts": "test/host/web/page/operator-browser.test.ts",
  "host/web/page/overview.ts": "test/host/web/page/operator-browser.test.ts",
  "host/web/page/verify.ts": "test/host/web/page/browser.test.ts",
  "host/web/page/view/verifier-page.ts": "test/host/web/page/browser.test.ts",
  "host/web/page/bundle": "test/host/web/page/browser.test.ts",
  "host/cli/bundle": "test/host/cli/package.test.ts",
  "host/cli/hardway.ts": "test/host/cli/endings.test.ts",
  "host/cli/kiosk/process.ts": "test/host/cli/start.test.ts",
  "host/cli/kiosk/demo-desk.ts": "test/host/cli/start.test.ts",
  "host/cli/kiosk/own-liar.ts": "test/host/cli/start.test.ts",
  "host/cli/kiosk/reports.ts": "test/host/cli/start.test.ts",
});
