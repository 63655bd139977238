import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { toolOnPath } from "../../../hardware/machine/tool-on-path.ts";
import { inside } from "./inside.ts";

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

/** A system that does not run, with a kiosk's configuration. */
function system(config = "kiosk:\n  folder: /var/lib/hardway\n"): string {
  const root = mkdtempSync(join(tmpdir(), "hardway-root-"));
  made.push(root);
  mkdirSync(join(root, "etc/hardway"), { recursive: true });
  writeFileSync(join(root, "etc/hardway/hardway.yaml"), config, { mode: 0o600 });
  return root;
}

const recordsOf = (out: string) =>
  out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("`install --dry-run` shows every step and every file, and does none of it", async () => {
  const root = system();
  const { exit, out, err } = await inside(["install", "--root", root, "--dry-run", "--screen"]);
  expect([exit, err]).toEqual(["done", expect.stringContaining("Nothing was done.")]);
  expect(out).toContain("write /etc/systemd/system/hardway.service (new)\n");
  expect(out).toMatch(/^ {4}ExecStart=\S+ --max-semi-space-size=8 \S+ run --file \/etc\/hardway\/hardway\.yaml$/m);
  expect(out).toMatch(/^ {4}ExecStart=.*chromium .*--kiosk .* http:\/\/127\.0\.0\.1:8080\/$/m);
  expect(out).toContain("give /etc/hardway/hardway.yaml to hardway\n");
  expect(existsSync(join(root, "etc/systemd"))).toBe(false);
  const json = await inside(["install", "--root", root, "--dry-run", "--json"]);
  expect(recordsOf(json.out).map(({ type }) => type)).toContain("write");
});

test("installed into a folder, a second run changes nothing, and `uninstall` leaves the configuration alone", async () => {
  // Without systemd's tools there is nothing to install by, which the whole gate tells; root alone may give files away.
  if (toolOnPath("systemctl", process.env["PATH"]) === undefined || process.getuid?.() !== 0) return;
  const root = system();
  expect(await inside(["install", "--root", root], ["no"])).toMatchObject({ exit: "interrupted" });
  expect(existsSync(join(root, "etc/systemd"))).toBe(false);
  const first = await inside(["install", "--root", root], ["y"]);
  expect(first.questions).toEqual(["Do all that? [y/N]"]);
  expect(first).toMatchObject({ exit: "done", out: expect.stringMatching(/Done\.\n$/) });
  const unit = join(root, "etc/systemd/system/hardway.service");
  const wanted = join(root, "etc/systemd/system/multi-user.target.wants/hardway.service");
  expect(readFileSync(unit, "utf8")).toContain("Type=notify");
  expect(lstatSync(wanted).isSymbolicLink()).toBe(true);
  const passwd = readFileSync(join(root, "etc/passwd"), "utf8");
  const [, , uid] = /^hardway:.*$/m.exec(passwd)?.[0].split(":") ?? [];
  expect(String(lstatSync(join(root, "etc/hardway/hardway.yaml")).uid)).toBe(uid);
  expect(await inside(["install", "--root", root, "--yes"])).toMatchObject({
    ...{ exit: "done", out: "All is as it should be: nothing to do.\n" },
  });
  expect(await inside(["uninstall", "--root", root, "--yes"])).toMatchObject({ exit: "done" });
  expect([existsSync(unit), existsSync(wanted), existsSync(join(root, "etc/hardway/hardway.yaml"))]).toEqual([
    ...[false, false, true],
  ]);
});

test("an installation is refused before it begins, with the next step: no configuration, a wrong one, an odd user", async () => {
  const root = system("kiosk:\n  folder: data\n");
  const within = await inside(["install", "--root", root, "--dry-run"]);
  expect(within).toMatchObject({
    exit: "unsound",
    err: expect.stringContaining("config set kiosk.folder /var/lib/hardway"),
  });
  const none = await inside(["install", "--root", root, "--config", "/etc/none.yaml", "--dry-run"]);
  expect(none).toMatchObject({ exit: "missing", err: expect.stringContaining("hardway init") });
  writeFileSync(join(root, "etc/hardway/hardway.yaml"), "kiosk:\n  folde: /srv\n");
  const wrong = await inside(["install", "--root", root, "--dry-run"]);
  expect(wrong).toMatchObject({ exit: "unsound", err: expect.stringContaining("hardway.yaml:2:3: kiosk.folde") });
  const user = await inside(["install", "--root", system(), "--user", "root", "--dry-run"]);
  expect(user).toMatchObject({ exit: "usage", err: expect.stringContaining("a user that is not root") });
  const nobody = await inside(["install", "--root", system()]);
  expect(nobody).toMatchObject({ exit: "usage", err: expect.stringContaining("--yes does not ask") });
});
