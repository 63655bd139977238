import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readTable } from "../../../host/cli/kiosk/table-file.ts";
import { ownKey } from "../../../host/node/key-file.ts";
import { fileDisk } from "../../../host/storage/file-disk.ts";
import { openJournal } from "../../../host/storage/journal/open-journal.ts";
import { folders } from "../storage/folders.ts";
import { inside, type Said } from "./inside.ts";
import { type Ending, mortalFiles } from "./mortal-files.ts";

const here = folders();
afterAll(here.removeAll);

const SECRET = Buffer.from(Uint8Array.from({ length: 32 }, (_, at) => (13 * at + 1) & 255)).toString("hex");
const OTHER = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

/** A kiosk as its folder has it: configuration, key, backup of the key. */
async function template(): Promise<string> {
  const home = here.make();
  mkdirSync(join(home, "data"), { mode: 0o700 });
  const lines = [
    "kiosk: {name: Ann, folder: data}",
    `table: {kiosks: 2, secret: "${SECRET}"}`,
    "web: {enabled: false}",
  ];
  writeFileSync(join(home, "hardway.yaml"), `${lines.join("\n")}\n`, { mode: 0o600 });
  expect(ownKey(join(home, "data")).ok).toBe(true);
  return home;
}

const config = (home: string): string => join(home, "hardway.yaml");

interface Case {
  readonly words: (home: string) => readonly string[];
  /** Before it is ended for the first time. */
  readonly prepare?: (home: string) => Promise<unknown>;
  /** What may be said when it is called once more; the last time it may have come to its end. */
  readonly again?: RegExp;
}

const created = (home: string): Promise<Said> => inside(["table", "create", OTHER, "--file", config(home)]);

const CASES: { readonly [name: string]: Case } = {
  "config set": { words: (home) => ["config", "set", "kiosk.name", "Berta", "--file", config(home)] },
  "table create": {
    words: (home) => ["table", "create", OTHER, "--file", config(home)],
    again: /of a table already/,
  },
  "table leave": {
    words: (home) => ["table", "leave", "--file", config(home)],
    async prepare(home) {
      await created(home);
      await journalled(home);
    },
    again: /^there is no .*table\.json/,
  },
  "table join": {
    words: (home) => ["table", "join", join(home, "table.json"), "--file", config(home)],
    async prepare(home) {
      await created(home);
      await journalled(home);
      cpSync(join(home, "data/table.json"), join(home, "table.json"));
      await inside(["table", "leave", "--file", config(home)]);
    },
  },
};

async function journalled(home: string): Promise<void> {
  const opened = await openJournal(fileDisk(join(home, "data/journal")));
  if (!opened.ok) throw new Error(opened.why);
  opened.journal.append(new Uint8Array(100).fill(7));
  await opened.journal.flush();
  await opened.journal.close();
}

/** The one that is played with, and those of tables that were left. */
const journalsIn = (home: string): string[] =>
  readdirSync(join(home, "data"))
    .filter((name) => name.startsWith("journal"))
    .map((name) => join(home, "data", name));

/** Every file that is there is one that a kiosk can read, old or new. */
async function expectSound(home: string, key: string, journals: number): Promise<void> {
  const checked = await inside(["config", "check", config(home)]);
  expect(checked.exit, checked.err).toBe("done");
  const own = ownKey(join(home, "data"));
  expect(own.ok && Buffer.from(own.pair.publicKey.bytes).toString("hex")).toBe(key);
  const table = readTable(join(home, "data/table.json"));
  expect(table.ok || !table.isThere).toBe(true);
  let records = 0;
  for (const folder of journalsIn(home)) {
    const opened = await openJournal(fileDisk(folder));
    expect(opened.ok && opened.verdict.type).toMatch(/clean|new/);
    if (!opened.ok) continue;
    records += opened.records.length;
    await opened.journal.close();
  }
  expect(records).toBe(journals);
}

describe.each(["killed", "full"] as const)("a command whose process or disk ends (%s)", (ending: Ending) => {
  it.each(Object.entries(CASES))(
    "in %s, before any change of a file or in the middle of one, leaves files that are whole, and does it when it is called again [Q12]",
    async (_, { words, prepare, again }) => {
      const made = await template();
      await prepare?.(made);
      const own = ownKey(join(made, "data"));
      const key = own.ok ? Buffer.from(own.pair.publicKey.bytes).toString("hex") : "";
      const journals = prepare === undefined ? 0 : 1;
      let endsAt = 0;
      for (let isOver = true; isOver; endsAt++) {
        const home = here.make();
        cpSync(made, home, { recursive: true });
        const files = mortalFiles(endsAt, ending);
        const said = await inside(words(home)).catch((error: Error) => error);
        files.restore();
        // The process that had it is gone, and not this one.
        for (const folder of journalsIn(home)) {
          for (const name of readdirSync(folder)) if (name.startsWith("lock-")) rmSync(join(folder, name));
        }
        isOver = files.isOver();
        if (!isOver) expect(said).toMatchObject({ exit: "done" });
        await expectSound(home, key, journals);
        const second = await inside(words(home));
        if (second.exit !== "done") expect(second.err).toMatch(again ?? /never/);
        await expectSound(home, key, journals);
      }
      expect(endsAt).toBeGreaterThan(3);
    },
    60_000,
  );

  it("in the drawing of a key, leaves none or one that stays", () => {
    let endsAt = 0;
    for (let isOver = true; isOver; endsAt++) {
      const folder = here.make();
      const files = mortalFiles(endsAt, ending);
      const first = drawn(folder);
      files.restore();
      isOver = files.isOver();
      const second = drawn(folder);
      expect(second).toMatch(/^[0-9a-f]{64}$/);
      if (first !== undefined) expect(second).toBe(first);
      expect(drawn(folder)).toBe(second);
    }
    expect(endsAt).toBeGreaterThan(3);
  });
});

/** Undefined where it was not told of one. */
function drawn(folder: string): string | undefined {
  try {
    const own = ownKey(folder);
    return own.ok ? Buffer.from(own.pair.publicKey.bytes).toString("hex") : undefined;
  } catch {
    return undefined;
  }
}
