import { writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { InputError } from "../../../host/cli/command.ts";
import type { OwnKiosk } from "../../../host/cli/commands/own-kiosk.ts";
import { HOUSE_ADDRESSES, webOf } from "../../../host/cli/kiosk/web-of-config.ts";
import { nearest } from "../../../host/cli/nearest.ts";
import { parseConfig } from "../../../host/config/parse-config.ts";
import { pinRecord } from "../../../host/web/server/pin.ts";
import { PIN_FILE, pinText } from "../../../host/web/server/pin-record.ts";
import { folders } from "../storage/folders.ts";

const here = folders();
afterAll(here.removeAll);

const errors: string[] = [];
const LOG = { error: (what: string) => void errors.push(what), warn() {}, info() {}, debug() {}, tells: () => false };

function kiosk(web: string): OwnKiosk {
  const parsed = parseConfig(`web: ${web}\n`, nearest);
  if (!parsed.ok) throw new Error("it is a configuration");
  return { file: "hardway.yaml", config: parsed.config, folder: here.make() };
}

test("a page is for this machine alone unless somebody says otherwise, and then it wants a PIN and knows its names", async () => {
  const own = kiosk("{port: 8099, hosts: [kiosk.bar]}");
  expect(webOf(own, undefined, LOG)).toMatchObject({ host: "127.0.0.1", port: 8099, hosts: [], pin: undefined });
  for (const address of HOUSE_ADDRESSES) {
    let told: unknown;
    try {
      webOf(own, address, LOG);
    } catch (error) {
      told = error;
    }
    expect((told as InputError).message).toMatch(/there is no PIN\.$/);
    expect((told as InputError).next).toMatch(/^hardway pin sets one/);
  }
  const pin = await pinRecord("271828");
  writeFileSync(join(own.folder, PIN_FILE), pinText(pin), { mode: 0o600 });
  const web = webOf(own, "0.0.0.0", LOG);
  expect(web).toMatchObject({ host: "0.0.0.0", pin });
  expect(web?.hosts).toEqual(expect.arrayContaining([hostname(), "kiosk.bar"]));
});

test("a PIN whose file is damaged is none: the house sees no page by it", () => {
  const own = kiosk("{}");
  writeFileSync(join(own.folder, PIN_FILE), "{}", { mode: 0o600 });
  expect(() => webOf(own, "::", LOG)).toThrow(/no PIN/);
  expect(errors).toEqual(["the PIN's file is damaged"]);
});

test("a kiosk whose page is off has none, wherever it would be", () => {
  expect(webOf(kiosk("{enabled: false}"), "0.0.0.0", LOG)).toBeUndefined();
});
