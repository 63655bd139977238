import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { identityScope, readRecord, recordPath, searchPath } from "../../../host/cli/commands/identity-record.ts";
import { FINGERPRINT_WORDS, fingerprint } from "../../../host/cli/commands/identity-words.ts";
import { programFile } from "../../../host/cli/repository.ts";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { KEYSTORE_CHANCE_SIZE, openKeystore, ownerOf, sealKeystore } from "../../../host/crypto/keystore.ts";
import { fileDisk } from "../../../host/storage/file-disk.ts";
import { openJournal } from "../../../host/storage/journal/open-journal.ts";
import { folders } from "../storage/folders.ts";
import { inside, recordsIn } from "./inside.ts";
import { hardway } from "./program.ts";

const here = folders();
afterAll(here.removeAll);

const SECRET = new Uint8Array(32).map((_, at) => 7 * at + 3);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

interface Place {
  readonly file: string;
  readonly folder: string;
  readonly at: (name: string) => string;
}

/** A kiosk's configuration, and its key if there is to be one. */
function kiosk(seed?: number, more = ""): Place {
  const where = here.make();
  const file = join(where, "hardway.yaml");
  const folder = join(where, "data");
  writeFileSync(
    file,
    `kiosk: {name: Erna, folder: data${more}}\ntable: {secret: "${hex(SECRET)}"}\nidentity: {work_bits: 4}\n`,
    {
      mode: 0o600,
    },
  );
  mkdirSync(folder, { mode: 0o700 });
  if (seed !== undefined) writeFileSync(join(folder, "key"), `${hex(seedOf(seed))}\n`, { mode: 0o600 });
  return { file, folder, at: (name) => join(where, name) };
}

const seedOf = (seed: number): Uint8Array => new Uint8Array(32).fill(seed);
const keyOf = (seed: number): Uint8Array => keyPairFromSeed(seedOf(seed)).publicKey.bytes;

function passphraseFile({ at }: Place, text: string, name = "passphrase"): string {
  writeFileSync(at(name), `${text}\n`, { mode: 0o600 });
  return at(name);
}

/** Cheap to open: what it costs to guess is tested elsewhere. */
function backupOf(seed: number, passphrase: string, place: Place): string {
  const path = place.at("backup");
  writeFileSync(path, sealKeystore(seedOf(seed), passphrase, new Uint8Array(KEYSTORE_CHANCE_SIZE).fill(5), 10));
  return path;
}

describe("a fingerprint", () => {
  it("is ten words, of which one bit of the key changes most", () => {
    const [one, other] = [keyOf(1), keyOf(1).slice()];
    other[31] ^= 1;
    const [first, second] = [fingerprint(one), fingerprint(other)].map((text) => text.split(" "));
    expect([first.length, second.length]).toEqual([10, 10]);
    expect(first.filter((word, at) => word === second[at]).length).toBeLessThan(3);
  });

  it("is of words that a bad line tells apart: no two begin alike, and each stands for its byte", () => {
    expect(new Set(FINGERPRINT_WORDS.map((word) => word.slice(0, 3))).size).toBe(256);
    expect([...FINGERPRINT_WORDS].sort()).toEqual(FINGERPRINT_WORDS);
    expect(fingerprint(new Uint8Array(32))).toBe(
      "orange sculptor tango napkin dagger avocado blanket sunset peanut emerald",
    );
  });
});

describe("identity show", () => {
  it("says whose kiosk it is without its passphrase, and changes nothing", async () => {
    const place = kiosk();
    writeFileSync(join(place.folder, "key"), readFileSync(backupOf(3, "word", place)), { mode: 0o600 });
    const { exit, out } = await inside(["identity", "show", "--file", place.file]);
    expect(exit).toBe("done");
    expect(out).toContain(`Erna: ${fingerprint(keyOf(3))}\n`);
    expect(out).toContain(`key ${hex(keyOf(3))}`);
    expect(out).toMatch(/under a passphrase[\s\S]*no identity yet[\s\S]*Next: hardway identity mine --file /);
    const { out: json } = await inside(["identity", "show", "--json", "--file", place.file]);
    expect(recordsIn(json)).toMatchObject([{ key: hex(keyOf(3)), isUnderPassphrase: true, record: { type: "none" } }]);
    expect(readdirSync(place.folder)).toEqual(["key"]);
  });

  it("makes no key where there is none, and says the words of any key", async () => {
    const place = kiosk();
    const none = await inside(["identity", "show", "--file", place.file]);
    expect([none.exit, none.err]).toEqual(["missing", expect.stringMatching(/no key is in[\s\S]*Next: hardway init/)]);
    expect(readdirSync(place.folder)).toEqual([]);
    expect(await inside(["identity", "show", hex(keyOf(9))])).toMatchObject({ out: `${fingerprint(keyOf(9))}\n` });
    expect((await inside(["identity", "show", "abc"])).exit).toBe("usage");
    mkdirSync(join(place.folder, "key"));
    const closed = await inside(["identity", "show", "--file", place.file]);
    expect([closed.exit, closed.err]).toEqual(["failed", expect.stringMatching(/EISDIR[\s\S]*Next: Call it as/)]);
    const absent = await inside(["identity", "show", "--file", place.at("none.yaml")]);
    expect([absent.exit, absent.err]).toEqual(["missing", expect.stringContaining("Next: hardway init makes one.")]);
  });

  it("takes a record of another key, of another secret or with a bit changed for none", async () => {
    const place = kiosk(4);
    expect((await hardway("identity", "mine", "--threads", "1", "--file", place.file)).status).toBe(0);
    const [folder, key, wallMs] = [place.folder, keyOf(4), Date.now()];
    const scope = identityScope(SECRET);
    const read = (over: object) => readRecord({ folder, key, scope, wallMs, ...over });
    const good = await read({});
    expect(good).toMatchObject({ type: "good", age: "fresh", profile: "bleLight", difficultyBits: 4 });
    expect(good.type === "good" && good.work).toBeGreaterThanOrEqual(16);
    expect(await read({ key: keyOf(5) })).toMatchObject({ type: "unfit", why: expect.stringMatching(/another key/) });
    expect(await read({ scope: identityScope(SECRET.map((byte) => byte ^ 1)) })).toMatchObject({ type: "unfit" });
    const day = 86_400_000;
    expect(await read({ wallMs: wallMs + 40 * day })).toMatchObject({ age: "known only" });
    expect(await read({ wallMs: wallMs + 400 * day })).toMatchObject({ age: "too old" });
    expect(await read({ wallMs: wallMs - 2 * day })).toMatchObject({ age: "from the future" });
    const bytes = readFileSync(recordPath(folder));
    bytes[40] ^= 1;
    writeFileSync(recordPath(folder), bytes);
    expect(await read({})).toMatchObject({ type: "unfit" });
  });
});

describe("identity mine", { timeout: 60_000 }, () => {
  it("finds a proof, keeps what is fresh, and looks again when it is told to", async () => {
    const place = kiosk(6);
    const mine = (...words: string[]) => hardway("identity", "mine", "--json", "--file", place.file, ...words);
    const first = await mine("--threads", "2");
    expect([first.status, first.stderr]).toEqual([
      0,
      expect.stringMatching(/attempts are expected[\s\S]*searching 100 %/),
    ]);
    expect(recordsIn(first.stdout)).toMatchObject([
      { type: "searching", work: 16, threads: 2, tried: 0 },
      { type: "mined", key: hex(keyOf(6)), words: fingerprint(keyOf(6)), bits: 4 },
    ]);
    expect(statSync(recordPath(place.folder)).mode & 0o077).toBe(0);
    expect(existsSync(searchPath(place.folder))).toBe(false);
    const before = readFileSync(recordPath(place.folder));
    expect(recordsIn((await mine()).stdout)).toMatchObject([{ type: "there" }]);
    expect(readFileSync(recordPath(place.folder))).toEqual(before);
    expect((await mine("--again", "--threads", "1")).status).toBe(0);
    expect(readFileSync(recordPath(place.folder))).not.toEqual(before);
  });

  it("ends at Ctrl-C with what it has tried, leaves no worker, and goes on from there", async () => {
    const place = kiosk(7);
    const text = readFileSync(place.file, "utf8").replace("work_bits: 4", "work_bits: 40");
    writeFileSync(place.file, text, { mode: 0o600 });
    const first = await broken(place);
    expect(first.status).toBe(130);
    const [kept] = recordsIn(first.stdout).slice(-1);
    expect(kept).toMatchObject({ type: "kept" });
    expect(kept.tried).toBeGreaterThanOrEqual(128);
    expect(first.stderr).toContain("Next: hardway identity mine --file");
    const second = await broken(place);
    const [searching] = recordsIn(second.stdout);
    expect(searching.tried).toBeGreaterThan(0);
    expect(searching.tried).toBeLessThanOrEqual(kept.tried as number);
    // Another work is another search.
    writeFileSync(place.file, text.replace("work_bits: 40", "work_bits: 39"), { mode: 0o600 });
    expect(recordsIn((await broken(place)).stdout)).toMatchObject([{ tried: 0 }, { type: "kept" }]);
  });

  it("wants a table's secret", async () => {
    const place = kiosk(8);
    writeFileSync(place.file, "kiosk: {folder: data}\n", { mode: 0o600 });
    const { exit, err } = await inside(["identity", "mine", "--file", place.file]);
    expect([exit, err]).toEqual(["missing", expect.stringMatching(/no secret of a table[\s\S]*Next: hardway init/)]);
  });
});

/** Ctrl-C after its second chunk, at the whole group, as a terminal sends it. */
function broken({ file }: Place): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const program = programFile("hardway");
  const words = ["identity", "mine", "--json", "--threads", "1", "--file", file];
  const child = spawn(process.execPath, [program, ...words], { detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  let isSent = false;
  child.stdout.on("data", (text) => {
    said.stdout += text;
  });
  child.stderr.on("data", (text) => {
    said.stderr += text;
    if (isSent || !said.stderr.includes("searching")) return;
    isSent = true;
    process.kill(-(child.pid as number), "SIGINT");
  });
  // The streams close when nobody holds them any more: a worker that lived on would.
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, ...said })));
}

describe("identity backup", () => {
  it("is under a passphrase, opens by it, and is never written over a file", async () => {
    const place = kiosk(10);
    const words = passphraseFile(place, "zwei Wörter");
    const backup = place.at("copy");
    const made = await inside(["identity", "backup", backup, "--backup-passphrase-file", words, "--file", place.file]);
    expect([made.exit, made.out]).toEqual(["done", expect.stringContaining(fingerprint(keyOf(10)))]);
    const file = new Uint8Array(readFileSync(backup));
    expect(statSync(backup).mode & 0o077).toBe(0);
    expect(ownerOf(file)).toEqual(keyOf(10));
    expect(openKeystore(file, "zwei Wörter")).toMatchObject({ ok: true });
    expect(Buffer.from(file).includes(Buffer.from(seedOf(10)))).toBe(false);
    const again = await inside(["identity", "backup", backup, "--backup-passphrase-file", words, "--file", place.file]);
    expect([again.exit, again.err]).toEqual(["failed", expect.stringMatching(/is there already/)]);
    expect(new Uint8Array(readFileSync(backup))).toEqual(file);
  });

  it("of a key under a passphrase is under that, and a wrong one gives none", async () => {
    const place = kiosk();
    writeFileSync(join(place.folder, "key"), readFileSync(backupOf(11, "right", place)), { mode: 0o600 });
    const copy = place.at("copy");
    const backup = (text: string) =>
      inside(["identity", "backup", copy, "--passphrase-file", passphraseFile(place, text), "--file", place.file]);
    const wrong = await backup("wrong");
    expect([wrong.exit, wrong.err, existsSync(copy)]).toEqual(["unsound", expect.stringMatching(/is wrong/), false]);
    expect((await backup("right")).exit).toBe("done");
    expect(openKeystore(new Uint8Array(readFileSync(copy)), "right").ok).toBe(true);
  });

  it("without a passphrase is refused where nobody can type one", async () => {
    const place = kiosk(12);
    const { exit, err } = await inside(["identity", "backup", place.at("copy"), "--file", place.file]);
    expect([exit, err]).toEqual(["missing", expect.stringContaining("--backup-passphrase-file FILE")]);
    expect(existsSync(place.at("copy"))).toBe(false);
  });
});

describe("identity restore", () => {
  const restore = (place: Place, path: string, passphrase: string, ...more: string[]) =>
    inside([
      ...["identity", "restore", path, "--backup-passphrase-file", passphraseFile(place, passphrase)],
      ...["--file", place.file, ...more],
    ]);
  const keyIn = ({ folder }: Place): Uint8Array | undefined =>
    ownerOf(new Uint8Array(readFileSync(join(folder, "key"))));

  it("puts a key back with a journal that says that it is lost, so that nothing is signed twice", async () => {
    const place = kiosk();
    const { exit, out, err } = await restore(place, backupOf(20, "word", place), "word");
    expect([exit, out]).toEqual(["done", expect.stringMatching(/listens first[\s\S]*Next: hardway doctor/)]);
    expect(err).toMatch(/no other kiosk may run with this key/);
    expect(keyIn(place)).toEqual(keyOf(20));
    const opened = await openJournal(fileDisk(join(place.folder, "journal")));
    if (!opened.ok) throw new Error(opened.why);
    expect(opened.verdict.type).toBe("damaged");
    await opened.journal.close();
  });

  it("of a key that has never signed leaves no such journal", async () => {
    const place = kiosk();
    expect((await restore(place, backupOf(21, "word", place), "word", "--never-signed")).exit).toBe("done");
    expect(readdirSync(place.folder)).toEqual(["key"]);
  });

  it("is never over another key, nor over a journal without one; with --replace all of it is set aside", async () => {
    const place = kiosk(22);
    mkdirSync(join(place.folder, "journal"));
    writeFileSync(join(place.folder, "journal", "something"), "kept");
    const before = readFileSync(join(place.folder, "key"));
    const backup = backupOf(23, "word", place);
    const refused = await restore(place, backup, "word");
    expect([refused.exit, refused.err]).toEqual(["mismatch", expect.stringContaining(fingerprint(keyOf(22)))]);
    expect(readFileSync(join(place.folder, "key"))).toEqual(before);
    const replaced = await restore(place, backup, "word", "--replace");
    expect(replaced.exit).toBe("done");
    expect(keyIn(place)).toEqual(keyOf(23));
    const [aside] = readdirSync(place.folder).filter((name) => name.startsWith("replaced-"));
    expect(readFileSync(join(place.folder, aside, "key"))).toEqual(before);
    expect(readFileSync(join(place.folder, aside, "journal", "something"), "utf8")).toBe("kept");

    const orphan = kiosk();
    mkdirSync(join(orphan.folder, "journal"));
    expect(await restore(orphan, backup, "word")).toMatchObject({ exit: "mismatch" });
    expect(existsSync(join(orphan.folder, "key"))).toBe(false);
  });

  it("of the key that is there does nothing, and none is taken from under a kiosk that runs", async () => {
    const place = kiosk(24);
    const same = await restore(place, backupOf(24, "word", place), "word");
    expect([same.exit, same.out]).toEqual(["done", expect.stringMatching(/nothing was changed/)]);
    expect(readdirSync(place.folder)).toEqual(["key"]);
    const disk = fileDisk(join(place.folder, "journal"));
    expect(disk.lock()).toBe(undefined);
    const busy = await restore(place, backupOf(25, "word", place), "word", "--replace");
    expect([busy.exit, busy.err]).toEqual(["busy", expect.stringMatching(/in use by process \d+/)]);
    disk.unlock();
    expect(readdirSync(place.folder).sort()).toEqual(["journal", "key"]);
  });

  it("by a wrong passphrase, of a damaged file or of none says which, and changes nothing", async () => {
    const place = kiosk();
    const backup = backupOf(26, "word", place);
    expect(await restore(place, backup, "world")).toMatchObject({
      exit: "unsound",
      err: expect.stringMatching(/is wrong/),
    });
    expect(await restore(place, place.at("none"), "word")).toMatchObject({ exit: "missing" });
    expect(await restore(place, place.file, "word")).toMatchObject({
      err: expect.stringMatching(/no key of this program/),
    });
    const file = readFileSync(backup);
    file[60] ^= 1;
    writeFileSync(backup, file);
    expect(await restore(place, backup, "word")).toMatchObject({ err: expect.stringMatching(/damaged/) });
    expect(readdirSync(place.folder)).toEqual([]);
  });

  it("lies under the passphrase by which its kiosk starts", async () => {
    const place = kiosk(undefined, ", passphrase_file: own");
    passphraseFile(place, "kiosk's", "own");
    expect((await restore(place, backupOf(27, "word", place), "word")).exit).toBe("done");
    expect(openKeystore(new Uint8Array(readFileSync(join(place.folder, "key"))), "kiosk's").ok).toBe(true);
  });
});
