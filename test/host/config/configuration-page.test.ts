import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../../xs/engine/root.ts";
import { configurationPage } from "./configuration-page.ts";

test("docs/configuration.md is what the schema says", () => {
  expect(readFileSync(join(repositoryRoot, "docs", "configuration.md"), "utf8")).toBe(configurationPage());
});
