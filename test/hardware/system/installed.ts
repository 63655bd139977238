/** A kiosk's places as on a Pi, and a machine that remembers what was done to it. */
import type { Places } from "../../../hardware/system/places.ts";
import type { Facts, Step } from "../../../hardware/system/steps.ts";

export const PLACES: Places = Object.freeze({
  node: process.execPath,
  program: "/usr/lib/node_modules/hardway/build/program/hardway.js",
  config: "/etc/hardway/hardway.yaml",
  folder: "/var/lib/hardway",
  logFolders: [],
  backups: "/var/lib/hardway/backups",
  user: "hardway",
  browser: "/usr/bin/chromium",
  pageUrl: "http://127.0.0.1:8080/",
});

export class FakeMachine {
  readonly files: { [path: string]: string } = {};
  readonly owners: { [path: string]: string } = {};
  readonly users: string[] = [];
  readonly enabled: string[] = [];
  readonly active: string[] = [];
  readonly commands: string[] = [];

  readonly facts: Facts = {
    textOf: (path) => this.files[path],
    ownerOf: (path) => this.owners[path],
    hasUser: (name) => this.users.includes(name),
    isEnabled: (unit) => this.enabled.includes(unit),
    isActive: (unit) => this.active.includes(unit),
    needsReload: () => false,
  };

  doAll(steps: readonly Step[]): void {
    for (const step of steps) {
      if (step.type === "write") this.files[step.path] = step.text;
      else if (step.type === "remove") delete this.files[step.path];
      else if (step.type === "own") this.owners[step.path] = step.user;
      else if (step.type === "run") this.run(step.command);
    }
  }

  private run(command: readonly string[]): void {
    this.commands.push(command.join(" "));
    const units = command.filter((word) => /\.(?:service|timer)$/.test(word));
    if (command[0] === "systemd-sysusers") this.users.push("hardway");
    if (command.includes("enable")) this.enabled.push(...units);
    if (command.includes("start")) this.active.push(...units);
    if (command.includes("disable")) this.enabled.splice(0);
    if (command.includes("stop")) this.active.splice(0);
  }
}
