import { describe, expect, it } from "vitest";
import { portProblem, type Surroundings } from "../../../host/radio/port-problem.ts";
import { UDEV_COMMANDS, udevRule } from "../../../host/radio/udev.ts";

const around = (over: Partial<Surroundings> = {}): Surroundings => ({
  others: [],
  holders: [],
  group: "dialout",
  user: "kim",
  ...over,
});
const problem = (text: string, over: Partial<Surroundings> = {}) => portProblem("/dev/ttyUSB0", text, around(over));

describe("a port that does not open", () => {
  it("says the step, the device and who has it", () => {
    const busy = problem("Error Resource temporarily unavailable Cannot lock port", {
      holders: [{ pid: 812, name: "zigbee2mqtt" }],
    });
    expect(busy).toEqual({
      kind: "busy",
      message: "opening /dev/ttyUSB0: process 812 (zigbee2mqtt) has it",
      next: "End that first.",
    });
    expect(problem("EBUSY", { holders: [] }).next).toBe("Find who has it: sudo fuser -v /dev/ttyUSB0");
    expect(problem("EBUSY", { holders: [{ pid: 2, name: "ModemManager" }] }).next).toContain("udev rule");
  });

  it("may be a folder, which is no serial device", () => {
    const { message } = problem("Error: Is a directory, cannot open /dev/ttyUSB0");
    expect(message).toBe("opening /dev/ttyUSB0: it is no serial device");
  });

  it("says what is there instead", () => {
    const missing = "Error: No such file or directory, cannot open /dev/ttyUSB0";
    expect(problem(missing, { others: ["/dev/ttyACM0", "/dev/ttyUSB1"] })).toMatchObject({
      kind: "missing",
      message: "opening /dev/ttyUSB0: it is not there",
      next: "Did you mean /dev/ttyUSB1? Also here: /dev/ttyACM0.",
    });
    expect(problem(missing).next).toContain("No serial device is here at all");
  });

  it("gives the command that gives the right", () => {
    const text = "Error: Permission denied, cannot open /dev/ttyUSB0";
    expect(problem(text)).toMatchObject({
      kind: "forbidden",
      next: "sudo usermod -aG dialout kim, then log out and in again.",
    });
    expect(problem(text, { group: undefined }).next).toContain("udev rule");
  });

  it("tells a hang-up, a file that is no port, a closed socket and the rest apart", () => {
    expect(problem("Error: Input/output error, cannot open").kind).toBe("hangUp");
    expect(problem("Inappropriate ioctl for device").next).toContain("unix:");
    expect(problem("connect ECONNREFUSED 127.0.0.1:1").message).toContain("nobody listens there");
    expect(problem("getaddrinfo ENOTFOUND kiosk").kind).toBe("missing");
    expect(problem("something else")).toMatchObject({ kind: "other", message: "opening /dev/ttyUSB0: something else" });
  });
});

describe("the udev rule", () => {
  it("keeps ModemManager from every bridge that we know", () => {
    const lines = udevRule().trim().split("\n").slice(1);
    expect(lines.length).toBeGreaterThan(5);
    expect(new Set(lines).size).toBe(lines.length);
    for (const line of lines) expect(line).toMatch(/^SUBSYSTEM=="tty", .*ID_MM_DEVICE_IGNORE.*GROUP="dialout"/);
    expect(UDEV_COMMANDS.join()).toContain("udevadm control --reload");
  });
});
