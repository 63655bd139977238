import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, expect, test } from "vitest";
import { nearest } from "../../../host/cli/nearest.ts";
import { placesOf } from "../../../host/config/config-file.ts";
import { parseConfig } from "../../../host/config/parse-config.ts";
import { logger } from "../../../host/logs/logger.ts";
import { openSinks } from "../../../host/logs/open-sinks.ts";
import { millis } from "../../../protocol/core/units.ts";
import { folders } from "../storage/folders.ts";

const here = folders();
afterAll(here.removeAll);

test("a kiosk's log is as its configuration says, on its stream and in its file", async () => {
  const path = join(here.make(), "hardway.yaml");
  const parsed = parseConfig("logs: {level: warn, levels: {mesh: debug}, form: text, file: a.log}\n", nearest);
  if (!parsed.ok) throw new Error("the file is well");
  const { logs } = parsed.config;
  const file = {
    path: placesOf(parsed.config, path).logFile ?? "",
    sizeMax: logs.file_size_mib * 2 ** 20,
    filesMax: logs.files_max,
  };
  const stream = new PassThrough();
  const clock = { now: () => millis(0), wall: () => 0 };
  const sinks = openSinks({ form: logs.form, file }, stream, undefined);
  const { of, close } = logger({ level: logs.level, levels: logs.levels, clock, sinks });
  of("mesh").debug("link up", { link: 3 });
  of("radio").info("byte");
  of("radio").error("gone");
  await close();
  expect(String(stream.read())).toBe(
    "00:00:00.000 debug mesh      link up  link=3\n00:00:00.000 error radio     gone\n",
  );
  const lines = readFileSync(join(path, "..", "a.log"), "utf8")
    .trimEnd()
    .split("\n");
  expect(lines.map((line) => JSON.parse(line).what)).toEqual(["link up", "gone"]);
});
