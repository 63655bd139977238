import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { checkLines, exitOf, failing, well, worstOf } from "../../../host/cli/commands/doctor-check.ts";
import { folderCheck, freeSize, journalLook, spaceCheck } from "../../../host/cli/commands/doctor-folder.ts";
import { clockCheck, nodeCheck, supplyCheck } from "../../../host/cli/commands/doctor-machine.ts";
import { linksCheck } from "../../../host/cli/commands/doctor-radios.ts";
import { fingerprint } from "../../../host/cli/commands/identity-words.ts";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { KEYSTORE_CHANCE_SIZE, sealKeystore } from "../../../host/crypto/keystore.ts";
import { fileDisk } from "../../../host/storage/file-disk.ts";
import { openJournal } from "../../../host/storage/journal/open-journal.ts";
import { folders } from "../storage/folders.ts";
import { inside, recordsIn } from "./inside.ts";
import { type Air, hardwayIn, virtualAir } from "./program.ts";

const here = folders();
afterAll(here.removeAll);

const SECRET = Buffer.from(Uint8Array.from({ length: 32 }, (_, at) => 7 * at + 3)).toString("hex");
const SEED = new Uint8Array(32).fill(9);
const WORDS = fingerprint(keyPairFromSeed(SEED).publicKey.bytes);
const HEALTHY = `table: {secret: "${SECRET}"}\n`;

/** A kiosk that is well but for its radio, which is not there. */
function kiosk(text = HEALTHY): { file: string; folder: string } {
  const where = here.make();
  const folder = join(where, "hardway-data");
  const file = join(where, "hardway.yaml");
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, "key"), `${Buffer.from(SEED).toString("hex")}\n`, { mode: 0o600 });
  writeFileSync(file, `radios: ["unix:${where}/none"]\n${text}`, { mode: 0o600 });
  return { file, folder };
}

interface Found {
  readonly exit: string;
  readonly of: { readonly [check: string]: { readonly state: string; readonly about: string; readonly next: string } };
}

async function doctored({ file }: { file: string }): Promise<Found> {
  const { exit, out } = await inside(["doctor", "--json", "--file", file]);
  const checks = recordsIn(out).filter(({ type }) => type === "check");
  return { exit, of: Object.fromEntries(checks.map((check) => [check.check, check])) as never };
}

describe("doctor on the machine", () => {
  it("knows an old Node from a new one, part by part", () => {
    expect(nodeCheck("20.19.0", "20.19").state).toBe("OK");
    expect(nodeCheck("v22.1.0", "20.19").state).toBe("OK");
    expect(nodeCheck("20.20", "20.19.3").state).toBe("OK");
    for (const old of ["20.18.9", "18.20.1", "9.99.99"]) {
      expect(nodeCheck(old, "20.19")).toMatchObject({
        state: "FAIL",
        exit: "version",
        next: expect.stringMatching(/Node/),
      });
    }
  });

  it("knows a clock that boots in 1970, and one that has gone back behind what is written", () => {
    const now = Date.UTC(2026, 5, 1);
    expect(clockCheck(now, now - 5).state).toBe("OK");
    expect(clockCheck(86_400_000, undefined)).toMatchObject({
      state: "WARN",
      about: expect.stringMatching(/^it shows 1970/),
    });
    expect(clockCheck(now, now + 86_400_000)).toMatchObject({
      state: "WARN",
      next: expect.stringMatching(/timedatectl/),
    });
  });

  it("hears a Pi's under-voltage from the kernel or from its firmware, and nothing from what is no Pi", () => {
    const root = here.make();
    const none = () => undefined;
    expect(supplyCheck(root, none)).toMatchObject({ state: "OK", about: expect.stringMatching(/no Pi/) });
    expect(supplyCheck(root, () => "throttled=0x0\n").about).toMatch(/no under-voltage/);
    expect(supplyCheck(root, () => "throttled=0x50000\n").state).toBe("WARN");
    expect(supplyCheck(root, () => "throttled=0x50005\n")).toMatchObject({
      state: "FAIL",
      next: expect.stringMatching(/supply/),
    });
    const soc = join(root, "sys/devices/platform/soc/soc:firmware");
    mkdirSync(soc, { recursive: true });
    writeFileSync(join(soc, "get_throttled"), "50000\n");
    expect(supplyCheck(root, () => "throttled=0x0\n").state).toBe("WARN");
  });

  it("knows a full disk", () => {
    const mebibyte = 1_048_576;
    expect(spaceCheck(10 * mebibyte)).toMatchObject({ state: "FAIL", about: expect.stringMatching(/^10 MiB/) });
    expect(spaceCheck(100 * mebibyte).state).toBe("WARN");
    expect(spaceCheck(10_000 * mebibyte).state).toBe("OK");
    expect(freeSize(join(here.make(), "not", "there", "yet"))).toBeGreaterThan(0);
  });
});

describe("doctor on a folder", () => {
  it("that others may read, that is none, or that is not there says what to type", () => {
    const folder = here.make();
    chmodSync(folder, 0o700);
    expect(folderCheck(folder).state).toBe("OK");
    chmodSync(folder, 0o755);
    expect(folderCheck(folder)).toMatchObject({ state: "WARN", next: `chmod 700 ${folder}` });
    writeFileSync(join(folder, "file"), "");
    expect(folderCheck(join(folder, "file"))).toMatchObject({ state: "FAIL" });
    expect(folderCheck(join(folder, "file", "below"))).toMatchObject({ state: "FAIL", exit: "missing" });
    expect(folderCheck(join(folder, "none"))).toMatchObject({
      state: "WARN",
      next: expect.stringMatching(/hardway init/),
    });
  });

  it("reads its journal, and leaves it as it was", async () => {
    const { folder } = kiosk();
    expect(journalLook(folder).check).toMatchObject({ state: "OK", about: "none yet" });
    expect(readdirSync(folder)).toEqual(["key"]);
    const disk = fileDisk(join(folder, "journal"));
    const opened = await openJournal(disk);
    if (!opened.ok) throw new Error(opened.why);
    opened.journal.append(new Uint8Array(100).fill(1));
    opened.journal.append(new Uint8Array(100).fill(2));
    await opened.journal.flush();
    expect(journalLook(folder)).toMatchObject({ holder: process.pid, check: { state: "WARN" } });
    expect(journalLook(folder).check.about).toMatch(new RegExp(`^process ${process.pid} \\(.+\\) has it`));
    expect(journalLook(folder).check.next).toContain(`kill ${process.pid}`);
    await opened.journal.close();

    const [name] = readdirSync(join(folder, "journal")).filter((each) => each.startsWith("journal-"));
    const path = join(folder, "journal", name);
    const bytes = readFileSync(path);
    expect(journalLook(folder).check).toMatchObject({ state: "OK", about: "2 records, whole" });
    expect(readFileSync(path)).toEqual(bytes);
    // What a power cut leaves: the end of the last record is gone.
    writeFileSync(path, bytes.subarray(0, bytes.length - 30));
    expect(journalLook(folder).check).toMatchObject({
      state: "OK",
      about: expect.stringMatching(/^1 records, whole; its end/),
    });
    bytes[8] ^= 1;
    writeFileSync(path, bytes);
    expect(journalLook(folder).check).toMatchObject({
      state: "WARN",
      about: expect.stringMatching(/damaged: its kiosk listens/),
    });
    expect(readFileSync(path)).toEqual(bytes);
  });
});

describe("doctor on a kiosk", () => {
  it("says a line of everything, in the order in which it is mended, and exits by the first that fails", async () => {
    const place = kiosk();
    const { exit, out } = await inside(["doctor", "--file", place.file]);
    expect(out.match(/^(?:OK|WARN|FAIL) +\w+/gm)?.map((line) => line.split(/ +/)[1])).toEqual([
      ...["node", "clock", "supply", "config", "folder", "space", "journal", "secret", "key", "identity", "radio"],
    ]);
    expect(out).toMatch(new RegExp(`^OK    key: ${WORDS}, without a passphrase$`, "m"));
    expect(out).toMatch(/^WARN {2}identity: none yet[^\n]*\n {6}Next: hardway identity mine --file /m);
    expect(out).toMatch(/^FAIL {2}radio: unix:[^\n]* not there[^\n]*\n {6}Next: /m);
    expect(exit).toBe("missing");
    const records = recordsIn((await inside(["doctor", "--json", "--file", place.file])).out);
    expect(records.at(-1)).toEqual({ type: "doctor", state: "FAIL", exit: "missing" });
    expect(readdirSync(place.folder)).toEqual(["key"]);
  });

  it("names file, line, column and the likely key of a configuration that is wrong [F05]", async () => {
    const place = kiosk(`${HEALTHY}consensus:\n  timout_ms: 5\n`);
    const { exit, of } = await doctored(place);
    expect(exit).toBe("unsound");
    expect(of.config).toMatchObject({ state: "FAIL" });
    expect(of.config.about).toBe(
      `${place.file}:4:3: consensus.timout_ms: there is no such key; did you mean consensus.timeout_ms?`,
    );
    expect(of.key).toBe(undefined);
  });

  it("without a configuration looks at the radios alone, and fails where one was named", async () => {
    const none = join(here.make(), "none.yaml");
    expect(await doctored({ file: none })).toMatchObject({ exit: "missing", of: { config: { state: "FAIL" } } });
    // What is there and cannot be read is told as everything else is.
    expect(await doctored({ file: here.make() })).toMatchObject({ exit: "failed", of: { config: { state: "FAIL" } } });
    const folder = here.make();
    // As a newcomer calls it, in a folder that has none.
    const { stdout } = await hardwayIn(folder, "doctor", "--json");
    const config = recordsIn(stdout).find(({ check }) => check === "config");
    expect(config).toMatchObject({ state: "WARN", next: "hardway init" });
  });

  it("misses a table's secret, and refuses one that chance has not drawn", async () => {
    expect((await doctored(kiosk("kiosk: {name: Erna}\n"))).of.secret).toMatchObject({
      ...{ state: "FAIL", exit: "missing", next: expect.stringMatching(/^hardway init/) },
    });
    const weak = (await doctored(kiosk(`table: {secret: "${"ab".repeat(32)}"}\n`))).of.secret;
    expect(weak).toMatchObject({ state: "FAIL", exit: "unsound" });
    const place = kiosk();
    writeFileSync(join(place.folder, "secret"), `${SECRET.slice(2)}ff\n`, { mode: 0o600 });
    expect((await doctored(place)).of.secret).toMatchObject({
      state: "WARN",
      about: expect.stringMatching(/another one/),
    });
  });

  it("opens the key, and tells a wrong passphrase from a damaged file and from none", async () => {
    const sealed = sealKeystore(SEED, "right", new Uint8Array(KEYSTORE_CHANCE_SIZE).fill(3), 10);
    const place = kiosk(`${HEALTHY}kiosk: {passphrase_file: word}\n`);
    const word = join(place.folder, "..", "word");
    const key = async (file: Uint8Array, passphrase: string | undefined) => {
      writeFileSync(join(place.folder, "key"), file, { mode: 0o600 });
      rmSync(word, { force: true });
      if (passphrase !== undefined) writeFileSync(word, `${passphrase}\n`, { mode: 0o600 });
      return (await doctored(place)).of.key;
    };
    expect(await key(sealed, "right")).toMatchObject({ state: "OK", about: expect.stringContaining(WORDS) });
    expect(await key(sealed, "wrong")).toMatchObject({ state: "FAIL", about: expect.stringMatching(/is wrong/) });
    expect(await key(sealed, undefined)).toMatchObject({
      state: "FAIL",
      about: expect.stringMatching(/there is no file/),
    });
    const damaged = sealed.slice();
    damaged[70] ^= 1;
    expect(await key(damaged, "right")).toMatchObject({
      state: "FAIL",
      next: expect.stringMatching(/identity restore/),
    });
    writeFileSync(place.file, readFileSync(place.file, "utf8").replace("kiosk: {passphrase_file: word}\n", ""));
    expect(await key(sealed, "right")).toMatchObject({ state: "WARN", about: expect.stringMatching(/a person types/) });
    chmodSync(join(place.folder, "key"), 0o644);
    writeFileSync(join(place.folder, "key"), `${Buffer.from(SEED).toString("hex")}\n`);
    expect((await doctored(place)).of.key).toMatchObject({ state: "FAIL", next: expect.stringMatching(/^chmod 600/) });
    rmSync(join(place.folder, "key"));
    mkdirSync(join(place.folder, "key"));
    mkdirSync(join(place.folder, "secret"));
    const closed = await doctored(place);
    expect(closed.of.key).toMatchObject({ state: "FAIL", about: expect.stringMatching(/EISDIR/) });
    rmSync(join(place.folder, "key"), { recursive: true });
    rmSync(join(place.folder, "secret"), { recursive: true });
    expect((await doctored(place)).of.key).toMatchObject({ state: "WARN", about: expect.stringMatching(/none yet/) });
    expect(readdirSync(place.folder)).toEqual([]);
    mkdirSync(join(place.folder, "journal"));
    expect((await doctored(place)).of.key).toMatchObject({ state: "FAIL", about: expect.stringMatching(/it is gone/) });
  });
});

describe("doctor on radios", { timeout: 60_000 }, () => {
  let air: Air;
  let devices: string[] = [];
  const sockets = mkdtempSync(join(tmpdir(), "hardway-doctor-"));

  beforeAll(async () => {
    air = virtualAir("esp32-nodemcu", "esp32-nodemcu", "--front", "unix", "--at", sockets);
    const ready = (await air.next()) as unknown as { radios: { device: string }[] };
    devices = ready.radios.map(({ device }) => device);
  });
  afterAll(async () => {
    await air.end();
    rmSync(sockets, { recursive: true });
  });

  it("that are well says so, and whether a table of such radios bears what it should", async () => {
    const place = kiosk();
    const of = async (count: number, kiosks: number) => {
      const text = `radios: [${devices.slice(0, count).map((device) => `"${device}"`)}]\n`;
      writeFileSync(place.file, `${text}table: {secret: "${SECRET}", kiosks: ${kiosks}}\n`, { mode: 0o600 });
      return doctored(place);
    };
    const two = await of(2, 4);
    expect([two.exit, two.of.radio.state, two.of.links.state]).toEqual(["done", "OK", "OK"]);
    expect(two.of.links.about).toMatch(/^with such radios at all 4 kiosks: All kiosks are linked/);
    const one = await of(1, 7);
    expect(one.of.links).toMatchObject({ next: expect.stringMatching(/^Another radio at each kiosk/) });
    expect(one.of.links.state).not.toBe("OK");
  });
});

it("links are reckoned by what the table is to bear", () => {
  const { ble } = boards.esp32;
  const bears = (radios: number, kiosks: number, faults: number) =>
    linksCheck(Array(radios).fill(ble), { kiosks, faults }).state;
  expect(bears(3, 4, 1)).toBe("OK");
  expect(bears(1, 7, 2)).not.toBe("OK");
  expect(linksCheck([{ ...ble, server: false }], { kiosks: 4, faults: 1 })).toMatchObject({
    state: "FAIL",
    exit: "limits",
  });
});

it("a line fits on a line, and the worst is told", () => {
  const checks = [
    well("node", "fine"),
    failing("space", "failed", "full", "Make room."),
    failing("key", "busy", "x", ""),
  ];
  expect(checks.flatMap(checkLines)).toEqual([
    "OK    node: fine",
    "FAIL  space: full",
    "      Next: Make room.",
    "FAIL  key: x",
  ]);
  expect([exitOf(checks), worstOf(checks), worstOf(checks.slice(0, 1))]).toEqual(["failed", "FAIL", "OK"]);
});
