import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkLedgerFile, parseLedgerFile } from "../../../host/cli/past/ledger-file.ts";
import { folders } from "../storage/folders.ts";
import { inside, recordsIn } from "./inside.ts";
import { asked, endAll, type Pair, pairAt, type RunningProgram, runProgram, tableOf, until } from "./kiosk-pair.ts";
import { hardway } from "./program.ts";

const here = folders();
let pair: Pair;
const running: RunningProgram[] = [];
beforeAll(async () => {
  // A port of this process's own, so that two runs of this file seldom meet; whoever has it is passed over.
  pair = await pairAt(here.make(), 20_000 + (process.pid % 20_000));
}, 30_000);
afterAll(async () => {
  await endAll(pair, running);
  here.removeAll();
}, 30_000);

const on = (kiosk: number, ...words: string[]) => inside([...words, "--file", pair.kiosks[kiosk]!.file]);
const pinFile = (): string => join(pair.kiosks[0]!.folder, "..", "pin");

describe("a table's file", () => {
  it("is made by one kiosk of the keys of the others, and taken by these; of two it says that they bear no fault [B17]", async () => {
    const [ann, ben] = pair.kiosks;
    const none = await on(0, "run");
    expect(none).toMatchObject({
      exit: "missing",
      err: expect.stringMatching(/of no table yet\.\nNext: .*table create/),
    });
    for (const [words, why] of [
      [["table", "create"], /name 1 keys, not 0/],
      [["table", "create", ann!.key], /its own|this kiosk's own/],
      [["table", "create", "12"], /is no key: that is 64 hexadecimal digits/],
      [["table", "create", `${ben!.key}=`], /a name has 1 to/],
    ] as const) {
      expect(await on(0, ...words)).toMatchObject({ exit: "usage", err: expect.stringMatching(why) });
    }
    const made = await on(0, "table", "create", `${ben!.key}=Ben`, "--json");
    expect(made.exit).toBe("done");
    expect(recordsIn(made.out)[0]).toMatchObject({
      ...{ type: "table", seats: 3, bets: "full", names: { [ann!.key]: "Ann", [ben!.key]: "Ben" } },
      members: [ann!.key, ben!.key].sort(),
      agreed: { transport: "BLE", timeoutMs: 1_600, window: 8, batchLengthMax: 50, fastPath: true },
    });
    expect(await on(0, "table", "create", ben!.key)).toMatchObject({
      exit: "failed",
      err: expect.stringMatching(/already/),
    });
    const file = join(ann!.folder, "table.json");
    expect(await on(1, "table", "join", file)).toMatchObject({ exit: "done" });
    expect(tableOf(ben!)).toBe(tableOf(ann!));
    const listed = await on(1, "table", "list");
    expect(listed.out).toMatch(/2 kiosks, bears no Byzantine one; 3 seats, full layout\.\n {2}\w+.*\n/);
    expect(listed.out).toMatch(/Ben \(this one\): (?:\w+ ){9}\w+\n/);
  });

  it("of which this kiosk is no member, or that is none, is not taken, and says why", async () => {
    const [ann, ben] = pair.kiosks;
    const path = join(here.make(), "table.json");
    const join_ = async (text: string) => {
      writeFileSync(path, text);
      return on(1, "table", "join", path);
    };
    const table = JSON.parse(tableOf(ann!));
    const strangers = {
      ...table,
      members: table.members.map((key: string) => (key === ben!.key ? "ff".repeat(32) : key)).sort(),
    };
    expect(await join_(JSON.stringify(strangers))).toMatchObject({ exit: "foreign" });
    expect(await join_("{")).toMatchObject({ exit: "unsound", err: expect.stringMatching(/is no JSON/) });
    expect(await join_("{}")).toMatchObject({
      exit: "unsound",
      err: expect.stringMatching(/describes no table: table:/),
    });
    const twice = { ...table, members: [ben!.key, ben!.key] };
    expect(await join_(JSON.stringify(twice))).toMatchObject({ exit: "unsound", err: expect.stringMatching(/ascend/) });
    const other = { ...table, table: "00".repeat(16) };
    expect(await join_(JSON.stringify(other))).toMatchObject({
      exit: "failed",
      err: expect.stringMatching(/of another table/),
    });
    expect(await on(1, "table", "join", join(path, "none"))).toMatchObject({ exit: "missing" });
    expect(tableOf(ben!)).toBe(tableOf(ann!));
  });
});

describe("hardway run", () => {
  it("shows its page to the house where it is told to and has a PIN, and otherwise does not begin [U08]", async () => {
    const refused = await on(1, "run", "--listen", "0.0.0.0");
    expect(refused).toMatchObject({ exit: "missing", out: "" });
    expect(refused.err).toMatch(
      /^the page would be shown at 0\.0\.0\.0, to the house, and there is no PIN\.\nNext: hardway pin/,
    );
    expect(await on(1, "run", "--listen", "192.168.1.5")).toMatchObject({ exit: "usage" });
  });

  it("two kiosks that run find each other and play: whoever sits down at a page bets, rolls, and is shown the proof [U05]", async () => {
    writeFileSync(pinFile(), "246813\n");
    expect(await on(0, "pin", "--pin-file", pinFile())).toMatchObject({ exit: "done" });
    for (const kiosk of pair.kiosks.slice(0, 2)) running.push(await runProgram(kiosk));
    const [ann, ben] = running.map(({ url }) => url) as [string, string];
    await until(
      () => asked(ann, "ready"),
      ({ isReady }) => isReady,
      60_000,
    );
    for (const url of [ann, ben]) {
      const sat = await until(
        () => asked(url, "api/order", { type: "sit" }),
        ({ ok, why }) => ok || why === "sits already",
        30_000,
      );
      expect(sat.ok || sat.why === "sits already").toBe(true);
    }
    const seen = await until(
      () => asked(ann, "api/view"),
      ({ view }) => view.craps.players.filter(Boolean).length === 2,
      20_000,
    );
    const names = seen.view.craps.players.flatMap((player: { name: string } | null) => player?.name ?? []);
    expect(names.sort()).toEqual(["Ann", "Ben"]);
    const shooter = seen.view.craps.players[seen.view.craps.state.shooter].name === "Ann" ? ann : ben;
    await asked(shooter, "api/order", { type: "bet", code: 0, chips: 10 });
    const rolled = await until(
      () => asked(shooter, "api/order", { type: "roll" }),
      ({ ok, why }) => ok || why === "not now",
      20_000,
    );
    expect(rolled.ok || rolled.why === "not now").toBe(true);
    const both = await Promise.all(
      [ann, ben].map((url) =>
        until(
          () => asked(url, "api/view"),
          ({ view }) => view.rolls.length > 0,
          30_000,
        ),
      ),
    );
    expect(both[0].view.rolls[0].fell).toEqual(both[1].view.rolls[0].fell);
    const proof = join(here.make(), "roll.json");
    writeFileSync(proof, JSON.stringify(await asked(ben, "api/rolls/1")));
    expect(await inside(["roll", "verify", proof])).toMatchObject({ exit: "done" });
  }, 120_000);

  it("says how it is to whoever asks on this machine, in words and in figures [F07]", async () => {
    // What is counted is looked at once a second.
    const text = await until(
      () => on(0, "status"),
      ({ out }) => / [1-9]\d* with players\n/.test(out),
      10_000,
    );
    expect(text).toMatchObject({ exit: "done", err: "" });
    expect(text.out).toMatch(/^Ann: playing\. All kiosks are here\.\n/);
    expect(text.out).toMatch(/\ntable {4}[0-9a-f]{8}, epoch 0, 2 of 2 kiosks here\n/);
    expect(text.out).toMatch(/\nchips {4}every one is somewhere, [1-9]\d* with players\n/);
    expect(text.out.match(/^radio .* is up;/gm)).toHaveLength(2);
    expect(text.out.trimEnd().split("\n").length).toBeLessThanOrEqual(24);
    const [record] = recordsIn((await on(1, "status", "--json")).out);
    // Radios weigh their links every few seconds.
    const { view } = await until(
      () => asked(running[0]!.url, "api/view"),
      ({ view: { mesh } }) =>
        mesh.links.some(({ roundTripMs }: { roundTripMs: number | null }) => roundTripMs !== null),
      20_000,
    );
    const own = view.mesh.links.find(({ from }: { from: number }) => from === view.kiosk.member);
    expect(own.loss).toBeLessThan(0.5);
    expect(own.roundTripMs).toBeGreaterThan(0);
    for (const radio of view.radios) {
      // A virtual board of this kind has no battery.
      expect(radio).toMatchObject({ build: expect.stringMatching(/^[0-9a-f]{16}$/), batteryPercent: null });
      expect(Date.now() - radio.since).toBeGreaterThan(0);
    }
    const metrics = await (await fetch(new URL("metrics", running[0]!.url))).text();
    expect(metrics).toMatch(/^hardway_rounds_total [1-9]\d*$/m);
    expect(metrics).toMatch(/^hardway_latency_seconds_count [1-9]\d*$/m);
    expect(metrics).toMatch(/^hardway_members_reached 1$/m);
    expect(record).toMatchObject({ type: "status", health: { state: "ok" }, view: { kiosk: { name: "Ben" } } });
  });

  it("gives an operator the ledger as a signed file that anybody can check, and nobody else; its backups are listed", async () => {
    const { url } = running[0]!;
    expect((await fetch(new URL("api/ledger", url))).status).toBe(401);
    const begun = await fetch(new URL("api/session", url), {
      ...{ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ pin: "246813" }) },
    });
    const headers = { cookie: `${begun.headers.get("set-cookie")}`.split(";")[0]!, "content-type": "application/json" };
    const answer = await fetch(new URL("api/ledger", url), { headers });
    expect([answer.status, answer.headers.get("content-disposition")]).toEqual([
      200,
      expect.stringMatching(/ledger\.json/),
    ]);
    const parsed = parseLedgerFile(await answer.text());
    if (!parsed.ok) throw new Error(parsed.why);
    expect(parsed.file.signature?.key).toBe(pair.kiosks[0]!.key);
    expect(checkLedgerFile(parsed.file).filter(({ ok }) => !ok)).toEqual([]);
    const backup = await fetch(new URL("api/order", url), {
      ...{ method: "POST", headers, body: JSON.stringify({ type: "backup" }) },
    });
    expect(await backup.json()).toMatchObject({ ok: true });
    const { view } = await until(
      async () => (await fetch(new URL("api/view", url), { headers })).json() as ReturnType<typeof asked>,
      ({ view: { operator } }) => operator.backups.length > 0,
      10_000,
    );
    expect(view.operator.backups).toMatchObject([{ why: "asked for", name: expect.stringMatching(/^hardway-/) }]);
  }, 60_000);

  it("a radio that an operator starts anew comes back by itself, and one that is not there is not", async () => {
    const { url } = running[0]!;
    const begun = await fetch(new URL("api/session", url), {
      ...{ method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ pin: "246813" }) },
    });
    const headers = { cookie: `${begun.headers.get("set-cookie")}`.split(";")[0]!, "content-type": "application/json" };
    const order = async (type: string, device: string) =>
      (
        await fetch(new URL("api/order", url), { method: "POST", headers, body: JSON.stringify({ type, device }) })
      ).json();
    const { view } = await asked(url, "api/view");
    const [{ device }] = view.radios;
    expect(await order("restartRadio", "/dev/none")).toMatchObject({ ok: false, why: "not now" });
    expect(await order("identify", device)).toMatchObject({ ok: true });
    expect(await order("restartRadio", device)).toMatchObject({ ok: true });
    await until(
      () => asked(url, "api/view"),
      ({ view: { radios } }) =>
        radios[0].since > view.radios[0].since &&
        radios[0].isUp &&
        radios.some(({ links }: { links: number }) => links > 0),
      60_000,
    );
    await until(
      () => asked(url, "health"),
      ({ state }) => state === "ok",
      60_000,
    );
  }, 130_000);

  it("a second process on its folder ends at once and names the first, which plays on", async () => {
    const second = await hardway("run", "--file", pair.kiosks[0]!.file);
    expect(second.status).toBe(4);
    expect(second.stderr).toMatch(
      new RegExp(`is in use by process ${running[0]!.child.pid}\\.\\nNext: end that one first`),
    );
    expect(await on(0, "table", "leave")).toMatchObject({
      ...{ exit: "failed", err: expect.stringMatching(/two kiosks are at the table/) },
    });
    expect((await asked(running[0]!.url, "health")).state).toBe("ok");
  }, 30_000);

  it("a radio whose cable is pulled is told of in plain words, and the kiosk plays on when it is back", async () => {
    await pair.air.unplug(1);
    const { url } = running[0]!;
    await until(
      () => asked(url, "health"),
      ({ state }) => state === "degraded",
      30_000,
    );
    const { view } = await until(
      () => asked(url, "api/view"),
      ({ view }) => view.radios.some(({ isUp }: { isUp: boolean }) => !isUp),
      10_000,
    );
    const [{ words }] = view.radios.filter(({ isUp }: { isUp: boolean }) => !isUp);
    expect(words).toMatch(/radio-2\.sock/);
    expect((await on(0, "status")).out).toMatch(/^WARN {2}radios: 1 of 2 answer$/m);
    await pair.air.replug(1);
    await until(
      () => asked(url, "health"),
      ({ state }) => state === "ok",
      60_000,
    );
  }, 100_000);

  it("two people compare six digits, and a kiosk that knew nobody has the table's secret and file; whoever has no PIN begins nothing [I12]", async () => {
    const cid = pair.kiosks[2]!;
    const wrong = join(here.make(), "pin");
    writeFileSync(wrong, "135792\n");
    expect(await on(0, "pair", "--pin-file", wrong)).toMatchObject({
      exit: "forbidden",
      err: expect.stringMatching(/not the PIN/),
    });
    expect(await asked(running[0]!.url, "api/order", { type: "pair", step: "begin" })).toMatchObject({
      why: "PIN wanted",
    });
    const at = (kiosk: number, ...words: string[]) =>
      inside(["pair", "--file", pair.kiosks[kiosk]!.file, "--json", ...words], ["yes"]);
    const [newcomer, member] = await Promise.all([at(2), at(0, "--pin-file", pinFile())]);
    expect([newcomer.exit, member.exit], newcomer.err + member.err).toEqual(["done", "done"]);
    // What one person read on the one screen is what the other read on the other.
    expect(newcomer.questions).toEqual(member.questions);
    expect(newcomer.questions[0]).toMatch(/show \d{3} \d{3} as well/);
    const [told] = recordsIn(newcomer.out).slice(-1) as [{ peer: string; file: string; next: string[] }];
    expect(told).toMatchObject({ type: "paired", peer: pair.kiosks[0]!.key });
    expect(recordsIn(member.out).at(-1)).toEqual({ type: "paired", peer: cid.key });
    expect(readFileSync(told.file, "utf8")).toBe(tableOf(pair.kiosks[0]!));
    const secret = (file: string) => /secret: "?([0-9a-f]{64})/.exec(readFileSync(file, "utf8"))?.[1];
    expect(secret(cid.file)).toBe(secret(pair.kiosks[0]!.file));
    expect(newcomer.out + newcomer.err + member.out + member.err).not.toContain(secret(cid.file));
    expect(told.next.map((line) => line.split(" ").slice(1, 3).join(" "))).toEqual([
      ...["identity mine", "table join", "run --file"],
    ]);
  }, 100_000);

  it("a third kiosk asks for a place over the air, gets it for its identity, and plays; without one it asks nobody [H12]", async () => {
    const cid = pair.kiosks[2];
    const file = join(cid!.folder, "given-table.json");
    expect(await on(2, "table", "join", file)).toMatchObject({
      ...{ exit: "missing", err: expect.stringMatching(/wants an identity\.\nNext: hardway identity mine/) },
    });
    expect(await hardway("identity", "mine", "--file", cid!.file)).toMatchObject({ status: 0 });
    const joined = await hardway("table", "join", file, "--file", cid!.file);
    expect(joined.status, joined.stderr).toBe(0);
    running.push(await runProgram(cid!));
    const { url } = running[2]!;
    await until(
      () => asked(url, "ready"),
      ({ isReady }) => isReady,
      60_000,
    );
    const { view } = await until(
      () => asked(running[0]!.url, "api/view"),
      ({ view }) => view.members.length === 3,
      30_000,
    );
    expect(view.table.epoch).toBe(1);
    expect(view.members.map(({ name }: { name: string }) => name).sort()).toEqual(["Ann", "Ben", "Cid"]);
    const sat = await until(
      () => asked(url, "api/order", { type: "sit" }),
      ({ ok, why }) => ok || why === "sits already",
      30_000,
    );
    expect(sat.ok || sat.why === "sits already").toBe(true);
    const { own } = (
      await until(
        () => asked(url, "api/view"),
        ({ view }) => view.own[0].place !== null,
        10_000,
      )
    ).view;
    expect(own[0]).toMatchObject({ free: 1000 });
  }, 150_000);

  it("a kiosk that runs and is told to leave gives up its place: the others go on without it, and its process ends [H12]", async () => {
    const cid = pair.kiosks[2]!;
    const left = await on(2, "table", "leave", "--json");
    expect(left.exit, left.err).toBe("done");
    expect(recordsIn(left.out).at(-1)).toMatchObject({ type: "left", hasPlace: false });
    expect(await running.splice(2, 1)[0]!.ended).toBe(0);
    expect(existsSync(join(cid.folder, "journal"))).toBe(false);
    const { view } = await until(
      () => asked(running[0]!.url, "api/view"),
      ({ view }) => view.members.length === 2,
      30_000,
    );
    expect(view.table.epoch).toBe(2);
    expect(view.ledger.isBalanced).toBe(true);
  }, 120_000);

  it("SIGTERM ends it in order: its journal is closed, its history is written, and a start goes on there", async () => {
    const [ann] = running;
    const before = (await asked(ann!.url, "api/view")).view.consensus.sequence;
    for (const { child } of running) child.kill("SIGTERM");
    for (const { ended } of running) expect(await ended).toBe(0);
    const { folder } = pair.kiosks[0]!;
    expect(existsSync(join(folder, "address"))).toBe(false);
    expect(readdirSync(folder)).toContain("history.db");
    expect(await on(0, "status")).toMatchObject({ exit: "missing", err: expect.stringMatching(/no kiosk runs/) });
    const again = await runProgram(pair.kiosks[0]!);
    running.push(again);
    const { view } = await asked(again.url, "api/view");
    expect(view.recovery.journal).toMatchObject({ verdict: "clean" });
    expect(view.recovery.journal.sequence).toBeGreaterThanOrEqual(before);
    expect(view.rolls.length).toBeGreaterThan(0);
    again.child.kill("SIGINT");
    expect(await again.ended).toBe(0);
  }, 60_000);

  it("a table that was left is set aside and can be joined again; another table's journal is refused", async () => {
    const { folder } = pair.kiosks[1]!;
    const text = tableOf(pair.kiosks[1]!);
    const left = await on(1, "table", "leave", "--json");
    const [{ file }] = recordsIn(left.out) as [{ file: string }];
    expect(existsSync(join(folder, "journal"))).toBe(false);
    expect(await on(1, "table", "join", file)).toMatchObject({ exit: "done" });
    expect(existsSync(join(folder, "journal"))).toBe(true);
    expect(tableOf(pair.kiosks[1]!)).toBe(text);
    writeFileSync(join(folder, "table.json"), JSON.stringify({ ...JSON.parse(text), table: "00".repeat(16) }));
    expect(await on(1, "run")).toMatchObject({ exit: "foreign", err: expect.stringMatching(/is of another table/) });
    rmSync(join(folder, "key"));
    expect(await on(1, "run")).toMatchObject({ exit: "missing", err: expect.stringMatching(/no key is in/) });
  }, 30_000);

  it("a configuration that is wrong names file, line and column", async () => {
    const file = join(here.make(), "hardway.yaml");
    writeFileSync(file, readFileSync(pair.kiosks[0]!.file, "utf8").replace("seats: 3", "seets: 3"));
    const ran = await inside(["run", "--file", file]);
    expect(ran.exit).toBe("unsound");
    expect(ran.err).toMatch(/hardway\.yaml:4:20: table\.seets: there is no such key; did you mean table\.seats\?/);
  });
});
