import { describe, expect, it } from "vitest";
import { type Device, deviceText, parseDevice } from "../../../host/radio/device-url.ts";

describe("a device URL", () => {
  it("names a serial device, a socket or a virtual radio, and is written as it was read", () => {
    const cases: readonly (readonly [string, Device])[] = [
      ["/dev/serial/by-id/usb-x-if00", { type: "serial", path: "/dev/serial/by-id/usb-x-if00" }],
      ["/dev/serial0", { type: "serial", path: "/dev/serial0" }],
      ["tcp://localhost:4000", { type: "tcp", host: "localhost", port: 4000 }],
      ["tcp://[::1]:4000", { type: "tcp", host: "::1", port: 4000 }],
      ["unix:/run/radio", { type: "unix", path: "/run/radio" }],
      ["virtual:", { type: "virtual", name: "" }],
      ["virtual:left-1", { type: "virtual", name: "left-1" }],
    ];
    for (const [text, device] of cases) {
      expect(parseDevice(text)).toEqual({ ok: true, device });
      expect(deviceText(device)).toBe(text);
    }
  });

  it("what is none says so, names itself, and shows the forms that are", () => {
    for (const text of [
      "",
      "ttyUSB0",
      "tcp://x",
      "tcp://x:0",
      "tcp://x:70000",
      "unix:run",
      "virtual:A B",
      "http://x:1",
    ]) {
      const parsed = parseDevice(text);
      expect(parsed.ok, text).toBe(false);
      if (!parsed.ok) expect(parsed.why).toContain(`radio "${text}": `);
    }
    const parsed = parseDevice("ttyUSB0");
    if (!parsed.ok) expect(parsed.why).toContain("tcp://host:port");
  });
});
