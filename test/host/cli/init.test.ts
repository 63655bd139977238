import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fingerprint } from "../../../host/cli/commands/identity-words.ts";
import { pathFrom } from "../../../host/cli/commands/init-answers.ts";
import type { Config } from "../../../host/config/defaults.ts";
import { exampleConfig } from "../../../host/config/example.ts";
import { parseConfig } from "../../../host/config/parse-config.ts";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { KEYSTORE_CHANCE_SIZE, ownerOf, sealKeystore } from "../../../host/crypto/keystore.ts";
import { readSecret } from "../../../host/secure/secret-text.ts";
import { folders } from "../storage/folders.ts";
import { inside, recordsIn } from "./inside.ts";

const here = folders();
afterAll(here.removeAll);

const SECRET = Buffer.from(Uint8Array.from({ length: 32 }, (_, at) => 7 * at + 3)).toString("hex");

interface Place {
  readonly file: string;
  readonly folder: string;
  readonly radio: string;
  readonly at: (name: string) => string;
}

function place(): Place {
  const where = here.make();
  const at = (name: string): string => join(where, name);
  return { file: at("hardway.yaml"), folder: at("hardway-data"), radio: `unix:${at("none")}`, at };
}

/** With a radio of its own, so that none of this machine is looked at. */
const init = ({ file, radio }: Place, ...words: string[]) =>
  inside(["init", "--file", file, "--radio", radio, "--yes", ...words]);

const textOf = ({ file }: Place): string => readFileSync(file, "utf8");
function configOf(of: Place): Config {
  const parsed = parseConfig(textOf(of), () => undefined);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

describe("init with --yes", () => {
  it("makes configuration, folder, key and secret, for nobody else to read, and ends in doctor and the next command", async () => {
    const kiosk = place();
    const { exit, out, questions } = await init(kiosk, "--name", "Erna", "--kiosks", "5");
    expect([exit, questions]).toEqual(["done", []]);
    const { kiosk: own, table, radios } = configOf(kiosk);
    expect([own.name, table.kiosks, radios]).toEqual(["Erna", 5, [kiosk.radio]]);
    expect(readSecret(table.secret ?? "")).toMatchObject({ ok: true });
    expect(readSecret(readFileSync(join(kiosk.folder, "secret"), "utf8"))).toEqual(readSecret(table.secret ?? ""));
    for (const path of [kiosk.file, kiosk.folder, join(kiosk.folder, "key"), join(kiosk.folder, "secret")]) {
      expect([path, statSync(path).mode & 0o077]).toEqual([path, 0]);
    }
    expect(out).not.toContain(table.secret);
    const seed = Buffer.from(readFileSync(join(kiosk.folder, "key"), "utf8").trim(), "hex");
    expect(out).toContain(`This kiosk is ${fingerprint(keyPairFromSeed(new Uint8Array(seed)).publicKey.bytes)}.`);
    expect(out).toMatch(/OK +config: [\s\S]*FAIL +radio: [\s\S]*Next: mend what FAILs, then hardway doctor --file /);
    // Every other key stands there still, as a comment with its standard value.
    expect(textOf(kiosk).split("\n").length).toBeGreaterThan(exampleConfig().split("\n").length - 5);
    expect(textOf(kiosk)).toContain("# port: 8080");
  });

  it("run again loses and changes nothing, to the byte", async () => {
    const kiosk = place();
    await init(kiosk, "--name", "Erna");
    const files = [kiosk.file, join(kiosk.folder, "key"), join(kiosk.folder, "secret")];
    const before = files.map((path) => readFileSync(path));
    const { exit, out } = await init(kiosk);
    expect([exit, out]).toEqual(["done", expect.stringContaining(`${kiosk.file}: as it was.`)]);
    expect(files.map((path) => readFileSync(path))).toEqual(before);
    expect(readdirSync(kiosk.folder).sort()).toEqual(["key", "secret"]);
  });

  it("changes what is said and leaves a person's words, comments and other keys", async () => {
    const kiosk = place();
    writeFileSync(
      kiosk.file,
      `# mine\nkiosk:\n  name: Erna # my aunt\nweb: {port: 9000}\ntable: {secret: "${SECRET}"}\n`,
      {
        mode: 0o640,
      },
    );
    const { exit, out } = await init(kiosk, "--name", "Berta");
    expect([exit, out]).toEqual(["done", expect.stringMatching(/changed: kiosk\.name, radios\./)]);
    expect(textOf(kiosk)).toContain("# mine\nkiosk:\n  name: Berta # my aunt\nweb: {port: 9000}\n");
    expect(configOf(kiosk).table.secret).toBe(SECRET);
    expect(statSync(kiosk.file).mode & 0o777).toBe(0o640);
  });

  it("takes a table's secret from another kiosk's file, and refuses one that is none", async () => {
    const [founder, other] = [place(), place()];
    await init(founder);
    const carried = join(founder.folder, "secret");
    const { exit, out } = await init(other, "--secret-file", carried);
    expect([exit, configOf(other).table.secret]).toEqual(["done", configOf(founder).table.secret]);
    expect(out).not.toMatch(/carry that file/);
    const third = place();
    writeFileSync(third.at("weak"), "ab".repeat(32));
    expect(await init(third, "--secret-file", third.at("weak"))).toMatchObject({
      ...{ exit: "unsound", err: expect.stringMatching(/chance has not drawn/) },
    });
    expect(readdirSync(third.at("."))).toEqual(["weak"]);
    expect((await init(third, "--secret-file", carried, "--new-secret")).exit).toBe("usage");
  });

  it("draws another secret when it is told to, and keeps the old one beside it", async () => {
    const kiosk = place();
    await init(kiosk);
    const { secret } = configOf(kiosk).table;
    const before = readFileSync(join(kiosk.folder, "secret"), "utf8");
    await init(kiosk, "--new-secret");
    expect(configOf(kiosk).table.secret).not.toBe(secret);
    expect(readFileSync(join(kiosk.folder, "secret.before"), "utf8")).toBe(before);
  });

  it("puts the key under a passphrase, and never makes another for one that it cannot open", async () => {
    const kiosk = place();
    writeFileSync(kiosk.at("word"), "right\n", { mode: 0o600 });
    await init(kiosk, "--passphrase-file", kiosk.at("word"));
    const file = new Uint8Array(readFileSync(join(kiosk.folder, "key")));
    expect(ownerOf(file)).toHaveLength(32);
    expect(configOf(kiosk).kiosk.passphrase_file).toBe(kiosk.at("word"));
    writeFileSync(kiosk.at("word"), "wrong\n");
    const text = textOf(kiosk);
    const refused = await init(kiosk, "--name", "Berta");
    expect([refused.exit, refused.err]).toEqual([
      "unsound",
      expect.stringMatching(/is wrong[\s\S]*nothing was written/),
    ]);
    expect(new Uint8Array(readFileSync(join(kiosk.folder, "key")))).toEqual(file);
    expect(textOf(kiosk)).toBe(text);
    expect(await init(place(), "--passphrase-file", kiosk.at("absent"))).toMatchObject({ exit: "missing" });
  });

  it("takes over a key that only a person can open, and one without a configuration", async () => {
    const kiosk = place();
    const seed = new Uint8Array(32).fill(4);
    mkdirSync(kiosk.folder, { mode: 0o700 });
    const sealed = sealKeystore(seed, "typed", new Uint8Array(KEYSTORE_CHANCE_SIZE), 10);
    writeFileSync(join(kiosk.folder, "key"), sealed, { mode: 0o600 });
    const { exit, out } = await init(kiosk);
    expect([exit, out]).toEqual(["done", expect.stringContaining(fingerprint(keyPairFromSeed(seed).publicKey.bytes))]);
    expect(new Uint8Array(readFileSync(join(kiosk.folder, "key")))).toEqual(sealed);
  });

  it("makes no new key beside a journal whose key is gone", async () => {
    const kiosk = place();
    mkdirSync(join(kiosk.folder, "journal"), { recursive: true, mode: 0o700 });
    const { exit, err } = await init(kiosk);
    expect([exit, err]).toEqual(["mismatch", expect.stringMatching(/is gone[\s\S]*identity restore FILE --replace/)]);
    expect([readdirSync(kiosk.folder), existsSync(kiosk.file)]).toEqual([["journal"], false]);
  });

  it("says line and column of a file that is wrong, and touches nothing", async () => {
    const kiosk = place();
    writeFileSync(kiosk.file, "kiosk:\n  nam: Erna\n");
    const { exit, err } = await init(kiosk);
    expect([exit, err]).toEqual(["unsound", expect.stringContaining(`${kiosk.file}:2:3: kiosk.nam: `)]);
    expect([textOf(kiosk), existsSync(kiosk.folder)]).toEqual(["kiosk:\n  nam: Erna\n", false]);
    expect(await init(place(), "--kiosks", "11")).toMatchObject({
      exit: "usage",
      err: expect.stringMatching(/more than 10/),
    });
    expect(await init(place(), "--radio", "COM3")).toMatchObject({ exit: "usage" });
  });

  it("with --json says what was done as one record, and then what doctor finds", async () => {
    const kiosk = place();
    const records = recordsIn((await init(kiosk, "--json")).out);
    expect(records[0]).toMatchObject({ type: "init", isNew: true, folder: kiosk.folder, radios: [kiosk.radio] });
    expect(records[0].changed).toContain("table.secret");
    expect(JSON.stringify(records)).not.toContain(configOf(kiosk).table.secret);
    expect(records.at(-1)).toMatchObject({ type: "doctor", state: "FAIL" });
  });
});

describe("init that asks", () => {
  const asking = (kiosk: Place, answers: readonly string[], ...words: string[]) =>
    inside(["init", "--file", kiosk.file, "--radio", kiosk.radio, ...words], answers);

  it("suggests what is there, and asks again what does not fit", async () => {
    const kiosk = place();
    const carried = kiosk.at("carried");
    writeFileSync(carried, `${SECRET}\n`);
    const answers = ["", "", "12", "5", kiosk.at("nothing"), carried, ""];
    const { exit, err, questions } = await asking(kiosk, answers);
    expect([exit, questions.length]).toEqual(["done", 7]);
    expect(err).toMatch(/it is more than 10[\s\S]*nothing/);
    expect(configOf(kiosk)).toMatchObject({ table: { kiosks: 5, secret: SECRET } });
    const again = await asking(kiosk, ["", "", "", ""]);
    expect(again.questions.slice(0, 3)).toEqual([
      `Name of this kiosk, as people read it [${configOf(kiosk).kiosk.name}]:`,
      "Folder for its key and journal [hardway-data]:",
      "Kiosks at its table [5]:",
    ]);
  });

  it("writes over nothing without a yes", async () => {
    const kiosk = place();
    await init(kiosk, "--name", "Erna");
    const text = textOf(kiosk);
    for (const no of ["", "n", "yesterday"]) {
      const { exit, err, questions } = await asking(kiosk, ["Berta", "", "", "", no]);
      expect([exit, questions.at(-1)]).toEqual(["done", `Write that into ${kiosk.file}? [y/N]`]);
      expect(err).toMatch(/kiosk\.name: Erna → Berta\n[\s\S]*Nothing was written/);
      expect(textOf(kiosk)).toBe(text);
    }
    expect((await asking(kiosk, ["Berta", "", "", "", "y"])).exit).toBe("done");
    expect(configOf(kiosk).kiosk.name).toBe("Berta");
  });

  it("has nothing written where nobody answers", async () => {
    const kiosk = place();
    const { exit, err } = await asking(kiosk, ["Erna"]);
    expect([exit, err]).toEqual(["usage", expect.stringMatching(/--yes takes what is suggested/)]);
    expect(readdirSync(kiosk.at("."))).toEqual([]);
  });
});

it("a path that was typed begins where the file is", () => {
  expect(pathFrom("hardway.yaml", "word")).toBe("word");
  expect(pathFrom("hardway.yaml", "/etc/word")).toBe("/etc/word");
  expect(pathFrom("sub/hardway.yaml", "sub/word")).toBe("word");
  expect(pathFrom("sub/hardway.yaml", "word")).toBe(join(process.cwd(), "word"));
});
