import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InputError } from "../../../host/cli/command.ts";
import { brokerOf } from "../../../host/cli/kiosk/house-broker.ts";
import { placesOf } from "../../../host/config/config-file.ts";
import { parseConfig } from "../../../host/config/parse-config.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hardway-broker-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function kiosk(lines: readonly string[]) {
  const parsed = parseConfig(`mqtt:\n${lines.map((line) => `  ${line}\n`).join("")}`, () => undefined);
  if (!parsed.ok) return parsed.problems;
  const file = join(folder, "hardway.yaml");
  return { file, config: parsed.config, ...placesOf(parsed.config, file) };
}

const broker = (...lines: string[]) => brokerOf(kiosk(lines) as Parameters<typeof brokerOf>[0]);

test("no broker is told anything unless somebody wants it, and none gives orders", () => {
  expect(broker("enabled: false")).toBeUndefined();
  expect(broker("enabled: true")).toEqual({
    ...{ url: "mqtt://127.0.0.1:1883", username: undefined, password: undefined, base: "hardway" },
    ...{ commands: "nobody", discovery: "homeassistant" },
  });
  expect(broker("enabled: true", "home_assistant: false")?.discovery).toBeUndefined();
});

test("the password is the first line of a file beside the configuration", () => {
  writeFileSync(join(folder, "mqtt-password"), "open sesame\n", { mode: 0o600 });
  expect(broker("enabled: true", "username: kiosk", "password_file: mqtt-password")).toMatchObject({
    ...{ username: "kiosk", password: "open sesame" },
  });
  expect(() => broker("enabled: true", "password_file: none")).toThrow(InputError);
});

test.each([["url: http://house"], ["url: mqtt://me:secret@house"], ["topic: a/b"], ["commands: everybody"]])(
  "what no broker understands is refused: %s",
  (line) => {
    expect(kiosk(["enabled: true", line])).toHaveLength(1);
  },
);
