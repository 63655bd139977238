import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { isPin } from "../../../host/web/server/pin.ts";
import { readPin } from "../../../host/web/server/pin-record.ts";
import { folders } from "../storage/folders.ts";
import { inside, recordsIn } from "./inside.ts";

const here = folders();
afterAll(here.removeAll);

function kiosk(pin: string) {
  const folder = here.make();
  const file = join(folder, "hardway.yaml");
  writeFileSync(file, "kiosk: {name: Erna, folder: data}\n");
  writeFileSync(join(folder, "typed"), pin);
  const kept = join(folder, "data", "pin");
  return { kept, set: ["pin", "--file", file, "--pin-file", join(folder, "typed")], file };
}

describe("hardway pin", () => {
  test("keeps what the page checks a PIN by, for this user alone, and not the PIN", async () => {
    const { kept, set } = kiosk("271828\nmore\n");
    expect((await inside(set)).exit).toBe("done");
    const text = readFileSync(kept, "utf8");
    expect(text).not.toContain("271828");
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    expect(await isPin(readPin(text)!, "271828")).toBe(true);
    expect(recordsIn((await inside([...set, "--json"])).out)).toEqual([{ type: "set", had: true, file: kept }]);
    expect(readFileSync(kept, "utf8")).not.toBe(text);
  });

  test("refuses one that is guessed first, and leaves the last as it was", async () => {
    const { kept, set, file } = kiosk("271828");
    await inside(set);
    const before = readFileSync(kept, "utf8");
    writeFileSync(join(kept, "..", "..", "typed"), "777777");
    const { exit, err } = await inside(set);
    expect([exit, err]).toEqual(["usage", expect.stringContaining("one character again and again")]);
    expect(readFileSync(kept, "utf8")).toBe(before);
    expect((await inside(["pin", "--file", file])).exit).toBe("missing");
    expect(readFileSync(kept, "utf8")).toBe(before);
  });

  test("takes it away again", async () => {
    const { kept, set, file } = kiosk("271828");
    await inside(set);
    expect((await inside(["pin", "--file", file, "--remove"])).exit).toBe("done");
    expect(existsSync(kept)).toBe(false);
    expect((await inside(["pin", "--file", file, "--remove"])).exit).toBe("done");
  });
});
