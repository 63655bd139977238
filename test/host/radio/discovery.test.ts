import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { discover, foundAgain, portNamed } from "../../../host/radio/discovery.ts";
import { groupOf, holdersOf } from "../../../host/radio/holders.ts";
import { supplyHint, supplyOf } from "../../../host/radio/supply.ts";
import { FakeRoot } from "./fake-root.ts";

const CP2102 = { vendor: "10c4", product: "ea60" };
const JLINK = { vendor: "1366", product: "0105" };

let root: FakeRoot;
beforeEach(() => {
  root = new FakeRoot();
});
afterEach(() => root.remove());

describe("discovery", () => {
  it("names a port by its by-id link, knows its bridge, which boards it may be, and what it spoils", () => {
    root.usb("ttyUSB0", { ...CP2102, serial: "0001", byId: "usb-Silicon_Labs_CP2102_0001-if00-port0", name: "CP2102" });
    root.usb("ttyACM0", { ...JLINK, serial: "683", byId: "usb-SEGGER_J-Link_683-if00", port: "1-2" });
    const [jlink, cp2102] = discover(root.path);
    expect(cp2102).toMatchObject({
      path: "/dev/serial/by-id/usb-Silicon_Labs_CP2102_0001-if00-port0",
      tty: "ttyUSB0",
      links: ["/dev/ttyUSB0"],
      usb: { ...CP2102, serial: "0001", name: "CP2102" },
      bridge: { name: "CP2102", line: { dtr: "low", rts: "low" }, boards: ["esp32-nodemcu", "esp32c3"] },
      isCdc: false,
    });
    expect(jlink).toMatchObject({ tty: "ttyACM0", isCdc: true, bridge: { name: "J-Link" } });
    expect(jlink.bridge?.warning).toContain("above 64 B");
  });

  it("needs neither links nor sysfs, and knows a Pi's header", () => {
    root.file("dev/ttyAMA0");
    root.link("dev/serial0", "ttyAMA0");
    root.file("dev/ttyUSB3");
    root.file("dev/tty0");
    root.file("dev/ttyS4");
    expect(discover(root.path)).toMatchObject([
      { path: "/dev/serial0", tty: "ttyAMA0", links: ["/dev/ttyAMA0"], isOwn: true, usb: undefined },
      { path: "/dev/ttyUSB3", tty: "ttyUSB3", isOwn: false },
    ]);
  });

  it("finds nothing where nothing is, and nothing that is only remembered", () => {
    expect(discover(root.path)).toEqual([]);
    root.link("dev/serial/by-id/usb-gone", "../../ttyUSB9");
    root.file("sys/class/tty/ttyUSB9/uevent");
    expect(discover(root.path)).toEqual([]);
  });

  it("knows a port by any of its names", () => {
    root.usb("ttyUSB0", { ...CP2102, byId: "usb-x" });
    const ports = discover(root.path);
    for (const name of ["/dev/ttyUSB0", "/dev/serial/by-id/usb-x"]) {
      expect(portNamed(name, ports, root.path)?.tty).toBe("ttyUSB0");
    }
    expect(portNamed("/dev/ttyUSB1", ports, root.path)).toBeUndefined();
  });

  it("finds a bridge again in another socket by its serial number, and else the ones alike", () => {
    root.usb("ttyUSB0", { ...CP2102, serial: "0001" });
    const [before] = discover(root.path);
    root.remove();
    root = new FakeRoot();
    root.usb("ttyUSB4", { ...CP2102, serial: "0002", port: "1-4" });
    root.usb("ttyUSB5", { ...CP2102, serial: "0001", port: "1-5" });
    root.usb("ttyACM1", { ...JLINK, serial: "0001", port: "1-6" });
    const found = (): string[] => foundAgain(before, discover(root.path)).map(({ tty }) => tty);
    expect(found()).toEqual(["ttyUSB5"]);
    expect(foundAgain({ ...before, usb: { ...CP2102, serial: "0009", name: "" } }, discover(root.path))).toHaveLength(
      2,
    );
    expect(foundAgain({ ...before, usb: undefined }, discover(root.path))).toEqual([]);
  });
});

describe("who has a device", () => {
  it("is told by the kernel, under any of its names, and this process is not counted", () => {
    root.file("dev/ttyUSB0");
    root.link("dev/serial/by-id/usb-x", "../../ttyUSB0");
    root.link("proc/41/fd/3", "/dev/null");
    root.link("proc/42/fd/7", "/dev/ttyUSB0");
    root.file("proc/42/comm", "screen\n");
    root.link("proc/43/fd/7", "/dev/ttyUSB0");
    root.file("proc/self/comm", "x");
    expect(holdersOf("/dev/serial/by-id/usb-x", root.path, 43)).toEqual([{ pid: 42, name: "screen" }]);
    expect(holdersOf("/dev/ttyUSB1", root.path, 43)).toEqual([]);
  });

  it("the group of a device has a name only where it may read and write", () => {
    expect(groupOf("/dev/nothing", root.path)).toBeUndefined();
    root.file("dev/ttyUSB0");
    root.file("etc/group", `root:x:0:\nmine:x:${process.getgid?.() ?? 0}:\n`);
    expect(groupOf("/dev/ttyUSB0", root.path)).toBeUndefined();
  });
});

describe("a Pi's supply", () => {
  it("is weak, was weak, is fine, or says nothing", () => {
    const place = "sys/devices/platform/soc/soc:firmware/get_throttled";
    expect(supplyOf(root.path)).toBe("unknown");
    expect(supplyHint(root.path)).toBe("");
    for (const [word, supply] of [
      ["0", "fine"],
      ["50005", "weak"],
      ["50000", "was weak"],
      ["x", "unknown"],
    ] as const) {
      root.file(place, `${word}\n`);
      expect(supplyOf(root.path)).toBe(supply);
    }
    root.file(place, "1\n");
    expect(supplyHint(root.path)).toContain("under-voltage");
  });
});
