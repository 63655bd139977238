import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toolOnPath } from "../../../hardware/machine/tool-on-path.ts";
import { backupTimer, backupUnit } from "../../../hardware/system/backup-units.ts";
import { kioskUnit } from "../../../hardware/system/kiosk-unit.ts";
import { quoted } from "../../../hardware/system/marker.ts";
import { notRun } from "../../../hardware/system/not-run.ts";
import { screenUnit } from "../../../hardware/system/screen-unit.ts";
import { namesRule, radioRule, userFile } from "../../../hardware/system/small-files.ts";
import { WATCHDOG_MS } from "../../../host/service/limits.ts";
import { PLACES } from "./installed.ts";

/** The values of a key, in the order of the file. */
const valuesOf = (unit: string, key: string): string[] =>
  [...unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map((match) => match[1] ?? "");

/** What systemd says of them; empty where nothing is wrong, or where it is not there, which the whole gate tells. */
function verified(units: { readonly [name: string]: string }, ...options: string[]): string {
  const tool = toolOnPath("systemd-analyze", process.env["PATH"]);
  if (tool === undefined) return "";
  const folder = mkdtempSync(join(tmpdir(), "hardway-units-"));
  try {
    const paths = Object.entries(units).map(([name, text]) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    });
    const env = { ...process.env, XDG_RUNTIME_DIR: folder };
    const { status, stdout, stderr } = spawnSync(tool, [...options, "verify", ...paths], { env, encoding: "utf8" });
    return `${stdout}${stderr}${status === 0 ? "" : `exit ${status}`}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("systemd finds nothing wrong with the kiosk's, the backup's and the screen's units, and finds what is", () => {
  const units = {
    "hardway.service": kioskUnit(PLACES),
    "hardway-backup.service": backupUnit(PLACES),
    "hardway-backup.timer": backupTimer(),
  };
  expect(verified(units)).toBe("");
  const odd = { ...PLACES, config: "/srv/a b/50% $HOME's.yaml", folder: "/srv/a b" };
  expect(verified({ "hardway.service": kioskUnit(odd), "hardway-backup.service": backupUnit(odd) })).toBe("");
  const isThere = notRun(process.env).every((line) => !line.includes("systemd-analyze"));
  const wrong = kioskUnit(PLACES).replace("WatchdogSec=", "WatchdogSec=soon");
  expect(verified({ "hardway.service": wrong }) !== "").toBe(isThere);
});

test("systemd finds nothing wrong with the browser's unit, which a person's session runs", () => {
  // Its browser need not be on the machine of a test.
  const unit = screenUnit({ ...PLACES, browser: process.execPath }, "http://127.0.0.1:8080/");
  expect(verified({ "hardway-screen.service": unit }, "--user")).toBe("");
});

test("the kiosk's unit shows its page to the house only where somebody asked for it", () => {
  expect(kioskUnit(PLACES)).not.toContain("--listen");
  const [start] = valuesOf(kioskUnit({ ...PLACES, listen: "0.0.0.0" }), "ExecStart");
  expect(start).toMatch(/run"? "?--file"? .*--listen"? "?0\.0\.0\.0"?$/);
});

test("the kiosk's unit waits until it says that it is ready, ends one that falls silent, and starts it again for ever", () => {
  const unit = kioskUnit(PLACES);
  expect(valuesOf(unit, "Type")).toEqual(["notify"]);
  expect(valuesOf(unit, "NotifyAccess")).toEqual(["all"]);
  expect(valuesOf(unit, "WatchdogSec")).toEqual([`${WATCHDOG_MS / 1000}s`]);
  expect(valuesOf(unit, "Restart")).toEqual(["always"]);
  expect(valuesOf(unit, "StartLimitIntervalSec")).toEqual(["0"]);
  expect(valuesOf(unit, "User")).toEqual(["hardway"]);
  expect(valuesOf(unit, "ExecStart")).toEqual([
    `${PLACES.node} --max-semi-space-size=8 ${PLACES.program} run --file /etc/hardway/hardway.yaml`,
  ]);
});

test("a unit writes where the kiosk's things are and nowhere else, and sees a person's folder only where it must", () => {
  const usual = kioskUnit(PLACES);
  expect(valuesOf(usual, "ProtectSystem")).toEqual(["strict"]);
  expect(valuesOf(usual, "ProtectHome")).toEqual(["yes"]);
  expect(valuesOf(usual, "ReadWritePaths")).toEqual(["-/etc/hardway"]);
  const person = ["", "home", "ada"].join("/");
  const own = kioskUnit({
    ...PLACES,
    program: `${person}/hardway.js`,
    folder: "/srv/table",
    logFolders: ["/var/log/a"],
  });
  expect(valuesOf(own, "ProtectHome")).toEqual(["read-only"]);
  expect(valuesOf(own, "ReadWritePaths")).toEqual(["-/srv/table", "-/var/log/a", "-/etc/hardway"]);
  const open = kioskUnit({ ...PLACES, config: `${person}/hardway.yaml`, folder: `${person}/kiosk` });
  expect(valuesOf(open, "ReadWritePaths")).toEqual([`-${person}/kiosk`]);
  expect(valuesOf(backupUnit(PLACES), "PrivateNetwork")).toEqual(["yes"]);
});

test("a word with spaces, dollars and percents stays that word", () => {
  expect(quoted("/usr/bin/node")).toBe("/usr/bin/node");
  expect(quoted('a "b" $c 50%')).toBe('"a \\"b\\" $$c 50%%"');
});

test("each rule of udev is a list of comparisons and assignments, and names no device that is not of a USB bridge", () => {
  const pair = '(?:\\w+(?:\\{\\w+\\})?)(?:==|=|\\+=)"[^"]*"';
  const rule = new RegExp(`^${pair}(?:, ${pair})*$`);
  const lines = `${radioRule()}${namesRule()}`.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) {
    expect(line).toMatch(rule);
    expect(line).toMatch(/SUBSYSTEM=="tty".*ATTRS\{idVendor\}=="[0-9a-f]{4}"/);
  }
  expect(radioRule()).toContain('ENV{ID_MM_DEVICE_IGNORE}="1"');
  expect(namesRule()).toContain('SYMLINK+="hardway/radio-%b"');
});

test("the user is made by sysusers, and is in the group of serial ports", () => {
  expect(userFile("hardway").split("\n").slice(1, 3)).toEqual([
    'u hardway - "Hardway kiosk" /var/lib/hardway',
    "m hardway dialout",
  ]);
});
