import { chmodSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { discoverAll, listed } from "../../../host/radio/listed.ts";
import { FakeRoot } from "./fake-root.ts";

const path = process.env["PATH"];
let root: FakeRoot;
beforeEach(() => {
  root = new FakeRoot();
});
afterEach(() => {
  process.env["PATH"] = path;
  root.remove();
});

describe("the library's list of ports", () => {
  it("is empty where udevadm is missing", async () => {
    process.env["PATH"] = root.path;
    expect(await listed()).toEqual([]);
  });

  it("adds what discovery did not find, with its bridge", async () => {
    root.file("dev/ttyUSB0");
    const device = (tty: string, vendor: string): string =>
      `P: /devices/x/${tty}\nN: ${tty}\nE: DEVNAME=/dev/${tty}\nE: ID_VENDOR_ID=${vendor}\nE: ID_MODEL_ID=7523\nE: ID_SERIAL_SHORT=9\n`;
    const says = `${device("ttyUSB0", "1a86")}\n${device("ttyUSB7", "1a86")}\nP: /devices/y\nN: ttyS3\nE: DEVNAME=/dev/ttyS3\n`;
    root.file("bin/udevadm", `#!/bin/sh\n/bin/cat <<'END'\n${says}\nEND\n`);
    chmodSync(join(root.path, "bin/udevadm"), 0o755);
    process.env["PATH"] = join(root.path, "bin");
    const ports = await discoverAll(root.path);
    expect(ports.map(({ tty }) => tty)).toEqual(["ttyUSB0", "ttyUSB7"]);
    expect(ports[1]).toMatchObject({ path: "/dev/ttyUSB7", bridge: { name: "CH340" }, usb: { serial: "9" } });
  });
});
