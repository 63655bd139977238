import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { linkArchive } from "../../../hardware/images/archive.ts";
import { notRun } from "../../../hardware/images/not-run.ts";
import { repositoryRoot } from "../../xs/engine/root.ts";

const environment = process.env;

// The SDK is no dependency of this project: with it, every board's archive is linked; without it, the summary says so.
if (notRun(environment).length === 0) {
  describe.each(Object.values(boards).map((board) => [board.platform, board] as const))(
    "mcconfig for %s",
    (_name, board) => {
      test.each([
        ["without", false],
        ["with", true],
      ])("resolves the manifest and links the archive, %s native calls", async (_words, natives) => {
        const archive = await linkArchive(board, { root: repositoryRoot, environment, natives });
        if (!archive.ok) throw new Error(`${archive.why}\n${archive.next}`);
        const text = readFileSync(archive.path, "utf8");
        expect(text).toContain('"firmware-js/main"');
        expect(text).toContain("xs_hardway_chip_random");
        expect(text.includes("xs_hardway_cancel_connect")).toBe(natives);
      });
    },
  );
} else {
  test("without the SDK, a test run names the boards whose archives it did not link", () => {
    expect(notRun(environment)[0]).toContain(Object.values(boards)[0].platform);
  });
}
