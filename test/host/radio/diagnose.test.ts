import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import type { BoardConfig, WorldConfig } from "../../../hardware/virtual/world.ts";
import { type DiagnoseOptions, diagnose } from "../../../host/radio/diagnose.ts";
import type { Finding } from "../../../host/radio/findings.ts";
import type { OpenPort } from "../../../host/radio/port.ts";
import { sniff } from "../../../host/radio/sniff.ts";
import { chance, draw } from "../../../protocol/core/chance.ts";
import { FakeRoot } from "./fake-root.ts";
import { Rig, through } from "./rig.ts";

let root: FakeRoot;
beforeEach(() => {
  root = new FakeRoot();
});
afterEach(() => root.remove());

/** What is found at the first board of a world, after something was done to it. */
async function found(
  board: Partial<BoardConfig>,
  before: (rig: Rig) => Partial<DiagnoseOptions> | undefined,
  over: Partial<WorldConfig> = {},
): Promise<Finding> {
  const rig = new Rig([{ board: boards.esp32, ...board }], over);
  const options = before(rig) ?? {};
  let finding: Finding | undefined;
  const { clock, virtual } = rig;
  diagnose({ type: "virtual", name: "b0" }, { ports: virtual.open, clock, root: root.path, seed: 3, ...options }).then(
    (done) => {
      finding = done;
    },
  );
  await rig.run(60_000, () => finding !== undefined);
  rig.stop();
  if (finding === undefined) throw new Error("it found nothing within a minute");
  expect(finding.device).toBe("virtual:b0");
  return finding;
}

const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

/** A port that says the same for ever. */
const saying =
  (clock: Rig["clock"], text: (baud: number) => Uint8Array): OpenPort =>
  async (_, { baud }, listener) => {
    let rate = baud;
    let cancel = (): void => {};
    const say = (): void => {
      listener.onBytes(text(rate));
      cancel = clock.after(500, say);
    };
    cancel = clock.after(1, say);
    const setBaud = (next: number): void => {
      rate = next;
    };
    return { ok: true, port: { baudMax: 1_000_000, write() {}, setBaud, close: () => cancel() } };
  };

describe("a diagnosis", () => {
  it("of a healthy radio says the board, its build, why it started, and how good its wire is", async () => {
    const finding = await found({}, () => undefined);
    expect(finding).toMatchObject({ kind: "healthy", next: "", hello: { board: "esp32-nodemcu" } });
    expect(finding.message).toMatch(
      /^ESP32 NodeMCU-32S; build 0{16}; chip [0-9a-f]{16}; up for \d s since power came; /,
    );
    expect(finding.message).toContain("921600 baud, 18 echoes came back, 0 of");
  });

  it("of a bad wire says what was measured", async () => {
    const from = chance(1);
    const spoil = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => (draw(from) < 1 / 300 ? byte ^ 1 : byte));
    const finding = await found({}, (rig) => ({ ports: through(rig.virtual.open, spoil) }));
    expect(finding.kind).toBe("wire");
    expect(finding.message).toMatch(/its wire is bad: .* of \d+ frames damaged/);
    expect(finding.next).not.toBe("");
  });

  it("of a port that is missing or busy says so, with the next thing to try", async () => {
    const missing = await found({}, (rig) => {
      rig.virtual.happen({ type: "cable", board: 0, plugged: false });
      return undefined;
    });
    expect(missing).toMatchObject({ kind: "missing", step: "opening the port", next: "Put the cable in." });
    const busy = await found({}, (rig) => {
      rig.drive(0);
      return undefined;
    });
    expect(busy).toMatchObject({ kind: "busy", message: "opening virtual:b0: this process has it open" });
  });

  it("of a silent board names wiring, power and the button", async () => {
    const finding = await found({}, (rig) => {
      rig.virtual.happen({ type: "power", board: 0, on: false });
      return undefined;
    });
    expect(finding).toMatchObject({ kind: "silent", step: "waiting for the hello" });
    expect(finding.next).toContain("TX goes to RX");
    expect(finding.next).toContain("reset button");
  });

  it("of noise counts it", async () => {
    const finding = await found({}, (rig) => {
      rig.virtual.happen({ type: "voice", board: 0, voice: "babble" });
      return undefined;
    });
    expect(finding).toMatchObject({ kind: "babbling" });
    expect(finding.message).toMatch(/^\d+ bytes came, and none of them made a frame/);
  });

  it("of another version prints both and what to flash", async () => {
    const finding = await found({ firmware: { major: 9, minor: 1 } }, () => undefined);
    expect(finding).toMatchObject({ kind: "version", step: "agreeing on the protocol" });
    expect(finding.message).toContain("the radio speaks protocol 9.1, this program 1.0.");
    expect(finding.next).toContain("Update this program");
  });

  it("hears a chip that waits in its loader, or boots again and again, at the speed of its ROM", async () => {
    const rom = (text: string) => (rig: Rig) => ({
      ports: saying(rig.clock, (baud) => (baud === 115_200 ? ascii(text) : Uint8Array.of(0x80, 0xff, 0x81))),
    });
    const loader = await found(
      {},
      rom("rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT(UART0))\r\nwaiting for download\r\n"),
    );
    expect(loader.kind).toBe("bootloader");
    expect(loader.message).toContain("The chip waits in its loader");
    const loop = await found({}, rom("\r\nets Jun  8 2016\r\nrst:0xc (SW_CPU_RESET),boot:0x13\r\n"));
    expect(loop.message).toMatch(/boots again and again, \d times/);
  });

  it("shows the text of another program, and no control characters of it", async () => {
    const finding = await found({}, (rig) => ({
      ports: saying(rig.clock, () => ascii("\u001b[2JMarlin 2.1 ready\r\n")),
    }));
    expect(finding.kind).toBe("babbling");
    expect(finding.message).toContain("Marlin 2.1 ready");
    expect(finding.message).not.toContain("\u001b");
  });

  it("warns of ModemManager and of a weak supply", async () => {
    root.file("proc/7/comm", "ModemManager\n");
    root.file("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n");
    const { warnings } = await found({}, () => undefined);
    expect(warnings.join(" ")).toContain("ModemManager runs here");
    expect(warnings.join(" ")).toContain("under-voltage");
  });
});

describe("a diagnosis of a port", () => {
  const noise = () => new Uint8Array(1000).fill(0x80);

  async function of(root: FakeRoot, signal?: AbortSignal): Promise<Finding | Error | undefined> {
    const rig = new Rig([{ board: boards.esp32 }]);
    let finding: Finding | Error | undefined;
    const options = { ports: saying(rig.clock, noise), clock: rig.clock, root: root.path, seed: 3 };
    diagnose(
      { type: "serial", path: "/dev/ttyUSB0" },
      { ...options, ...(signal === undefined ? {} : { signal }) },
    ).then(
      (done) => {
        finding = done;
      },
      (error) => {
        finding = error;
      },
    );
    await rig.run(signal === undefined ? 60_000 : 100, () => finding !== undefined);
    rig.stop();
    return finding;
  }

  it("counts all the noise that came, and names who shares the port without a lock", async () => {
    root.usb("ttyUSB0", { vendor: "10c4", product: "ea60" });
    root.file("proc/811/comm", "screen\n");
    root.link("proc/811/fd/5", join(root.path, "dev/ttyUSB0"));
    const finding = await of(root);
    expect(finding).toMatchObject({
      kind: "babbling",
      message: expect.stringMatching(/^\d{5,} bytes came/),
      warnings: expect.arrayContaining([expect.stringMatching(/^Process 811 \(screen\) has it open too/)]),
    });
  });

  it("is broken off when it is told to stop", async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await of(root, stop.signal)).toBeInstanceOf(Error);
  });
});

describe("bytes that made no frame", () => {
  it("are nothing, a loader, a boot, text or noise", () => {
    expect(sniff(new Uint8Array(0))).toEqual({ type: "nothing" });
    expect(sniff(ascii("x\r\nwaiting for download\r\n"))).toEqual({ type: "loader", line: "waiting for download" });
    expect(sniff(ascii("ESP-ROM:esp32c3\r\nrst:0x1 (POWERON)\r\n"))).toMatchObject({ type: "boot", times: 1 });
    expect(sniff(ascii("hello\r\nworld"))).toEqual({ type: "text", line: "hello" });
    expect(sniff(Uint8Array.of(1, 2, 3, 0xc0))).toEqual({ type: "noise", size: 4 });
  });
});
