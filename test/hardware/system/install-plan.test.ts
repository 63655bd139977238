import { expect, test } from "vitest";
import { installPlan } from "../../../hardware/system/install-plan.ts";
import { isOurs } from "../../../hardware/system/marker.ts";
import type { Places } from "../../../hardware/system/places.ts";
import { removalPlan } from "../../../hardware/system/removal-plan.ts";
import { isIdle, type Step, stepWords } from "../../../hardware/system/steps.ts";
import { udevRule } from "../../../host/radio/udev.ts";
import { FakeMachine, PLACES } from "./installed.ts";

const OWNED = [PLACES.config, PLACES.folder];

function plan(of: FakeMachine, places: Places = PLACES, hasScreen = true): Step[] {
  return installPlan(places, { owned: OWNED, hasScreen }, of.facts);
}

const words = (steps: readonly Step[]): string[] => steps.map(stepWords);

test("on a machine without a kiosk all is written, known to systemd, enabled and started, in that order", () => {
  const of = new FakeMachine();
  of.owners[PLACES.config] = "root";
  expect(words(plan(of))).toEqual([
    "write /etc/sysusers.d/hardway.conf (new)",
    "write /etc/udev/rules.d/70-hardway-radio.rules (new)",
    "write /etc/udev/rules.d/71-hardway-names.rules (new)",
    "write /etc/systemd/system/hardway.service (new)",
    "write /etc/systemd/system/hardway-backup.service (new)",
    "write /etc/systemd/system/hardway-backup.timer (new)",
    "write /etc/systemd/journald@hardway.conf (new)",
    "write /etc/systemd/user/hardway-screen.service (new)",
    "run systemd-sysusers hardway.conf: makes user hardway",
    "give /etc/hardway/hardway.yaml to hardway",
    "run udevadm control --reload: the rules of radios",
    "run udevadm trigger --subsystem-match=tty: for radios that are plugged in",
    "run systemctl daemon-reload: the units",
    "run systemctl enable hardway.service hardway-backup.timer: with the machine, from now on",
    "run systemctl --global enable hardway-screen.service: the page at each login",
    "run systemctl start --no-block hardway.service: starts the kiosk",
    "run systemctl start hardway-backup.timer: a backup a day",
  ]);
});

test("run again an installation changes nothing", () => {
  const of = new FakeMachine();
  of.owners[PLACES.config] = "root";
  of.doAll(plan(of));
  expect(plan(of)).toEqual([]);
});

test("whatever step fails, the next run does what is missing", () => {
  const whole = new FakeMachine();
  whole.owners[PLACES.config] = "root";
  const steps = plan(whole);
  whole.doAll(steps);
  for (let failed = 0; failed < steps.length; failed++) {
    const of = new FakeMachine();
    of.owners[PLACES.config] = "root";
    of.doAll(steps.slice(0, failed));
    // systemd itself knows that its files have changed.
    const isTold = of.commands.includes("systemctl daemon-reload");
    const facts = { ...of.facts, needsReload: () => !isTold };
    const rest = installPlan(PLACES, { owned: OWNED, hasScreen: true }, facts);
    of.doAll(rest);
    const { files, owners, users, enabled, active } = of;
    const { files: f, owners: o, users: u, enabled: e, active: a } = whole;
    expect({ files, owners, users, enabled, active }).toEqual({ files: f, owners: o, users: u, enabled: e, active: a });
    expect(of.commands, `after ${failed} steps`).toContain("systemctl daemon-reload");
  }
});

test("a kiosk that runs by an older unit is started again by the new one", () => {
  const of = new FakeMachine();
  of.doAll(plan(of));
  const moved = plan(of, { ...PLACES, folder: "/srv/hardway" });
  expect(words(moved)).toContain("write /etc/systemd/system/hardway.service (changed)");
  expect(words(moved).at(-1)).toBe("run systemctl restart --no-block hardway.service: by its new unit");
});

test("a file that somebody else wrote stays, and one that `hardway doctor` told a person to write is taken over", () => {
  const of = new FakeMachine();
  const [rule, unit] = ["/etc/udev/rules.d/70-hardway-radio.rules", "/etc/systemd/system/hardway.service"];
  of.files[rule] = udevRule();
  of.files[unit] = "[Service]\nExecStart=/bin/true\n";
  of.doAll(plan(of));
  expect(isOurs(of.files[rule] ?? "")).toBe(true);
  expect(of.files[unit]).toBe("[Service]\nExecStart=/bin/true\n");
  expect(isIdle(plan(of))).toBe(true);
  of.doAll(removalPlan(undefined, of.facts));
  expect(Object.keys(of.files)).toEqual([unit]);
});

test("a removal takes away what was installed, and nothing is left to remove", () => {
  const of = new FakeMachine();
  of.owners[PLACES.folder] = "root";
  of.doAll(plan(of));
  const steps = removalPlan(undefined, of.facts);
  of.doAll(steps);
  expect([of.files, of.enabled, of.active]).toEqual([{}, [], []]);
  expect(words(steps).slice(0, 3)).toEqual([
    "run systemctl --global disable hardway-screen.service: no page at a login",
    "run systemctl disable hardway.service hardway-backup.timer: not with the machine any more",
    "run systemctl stop hardway.service hardway-backup.timer: ends the kiosk, its journal closed",
  ]);
  expect(removalPlan(undefined, of.facts)).toEqual([]);
  // Data, configuration and backups are none of its business.
  expect(words(steps).join()).not.toMatch(/\/var\/lib|\/etc\/hardway\/|userdel/);
});
