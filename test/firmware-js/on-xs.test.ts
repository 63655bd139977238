import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../xs/engine/root.ts";
import { runOnXs } from "../xs/engine/run.ts";

/** Those that reach for modules of the SDK, which this engine's host has not. */
const OF_THE_SDK = /^(?:bluetooth-|uart|board-system|chip|crc|radio-link|stack-calls-native)/;

const folders = ["", "air", "native", "serial", "system"];
const sources = folders.flatMap((folder) =>
  readdirSync(join(repositoryRoot, "firmware-js", folder))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts") && name !== "main.ts" && !OF_THE_SDK.test(name))
    .map((name) => join("firmware-js", folder, name)),
);

test.each(sources)("%s loads on XS", (entry) => {
  expect(runOnXs({ entry })).toMatchObject({ exit: "done", stderr: "" });
});
