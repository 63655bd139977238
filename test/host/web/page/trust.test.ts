import { createHash, hash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { verifierPorts } from "../../../../host/node/dice-ports.ts";
import { parseRollFile } from "../../../../host/node/roll-file.ts";
import { browserPorts } from "../../../../host/web/page/trust/browser-ports.ts";
import { type CheckedRoll, checkRoll } from "../../../../host/web/page/trust/check-roll.ts";
import { Buffer as PageBuffer } from "../../../../host/web/page/trust/node-buffer.ts";
import { createHash as pageCreateHash, hash as pageHash } from "../../../../host/web/page/trust/node-crypto.ts";
import { codeModules, joinCodes, proofCodes } from "../../../../host/web/page/trust/proof-codes.ts";
import type { Thrown } from "./dice-source.ts";
import { ProvedDice } from "./proved-dice.ts";
import { Screen } from "./screen.ts";

let thrown: Thrown;
let text = "";
let dice: ProvedDice;

beforeAll(() => {
  dice = new ProvedDice();
  dice.lockFor((first, second) => first + second === 7);
  thrown = dice.throw();
  text = JSON.stringify(thrown.file);
});

const sound = (checked: CheckedRoll): Extract<CheckedRoll, { ok: true }> => {
  if (!checked.ok) throw new Error(checked.why);
  return checked;
};

describe("what stands for Node in a browser", () => {
  test("hashes as Node does, in one part and in several", () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, at) => (7 * at) & 255);
    for (const name of ["sha256", "sha512"] as const) {
      expect([...pageHash(name, bytes)]).toEqual([...createHash(name).update(bytes).digest()]);
      const parts = pageCreateHash(name).update(bytes.subarray(0, 9)).update("é~", "latin1").update(bytes).digest();
      const wanted = createHash(name).update(bytes.subarray(0, 9)).update("é~", "latin1").update(bytes).digest();
      expect([...parts]).toEqual([...wanted]);
    }
    expect([...pageHash("sha256", bytes)]).toEqual([...hash("sha256", bytes, "buffer")]);
  });

  test("reads and writes hexadecimal text as Node does", () => {
    expect([...PageBuffer.from("00ff7a")]).toEqual([0, 255, 122]);
    expect(PageBuffer.from(Uint8Array.of(0, 255, 122)).toString()).toBe("00ff7a");
  });
});

describe("a roll's proof on the page", () => {
  test("gives the dice that fell, by the verifier of the command line [K07]", () => {
    const { verdict, facts, digest } = sound(checkRoll(browserPorts, text, undefined));
    expect(verdict).toEqual({ ok: true, first: thrown.first, second: thrown.second });
    expect(digest).toBe(thrown.digest);
    expect(facts).toMatchObject({ way: "distributed", roll: 1, members: thrown.file.members });
    expect(facts!.parts.map(({ state }) => state)).toEqual(["sound", "sound", "sound"]);
    expect(sound(checkRoll(verifierPorts, text, undefined))).toEqual(sound(checkRoll(browserPorts, text, undefined)));
  });

  test("with any one byte changed fails, and says where and of whom [K07]", () => {
    const { size } = sound(checkRoll(browserPorts, text, undefined));
    const places = new Set<string>();
    for (let at = 3; at < size; at += 23) {
      const { verdict, tampered, facts } = sound(checkRoll(browserPorts, text, at));
      if (verdict.ok) throw new Error(`byte ${at} makes no difference`);
      places.add(verdict.where);
      expect(tampered).toMatchObject({ at, is: tampered!.was ^ 1 });
      if (verdict.where !== "partial" || facts === undefined) continue;
      const states = facts.parts.map(({ state }) => state);
      const bad = facts.parts.findIndex(({ member }) => member === verdict.member);
      expect(states).toEqual(states.map((_, part) => (part < bad ? "sound" : part === bad ? "unsound" : "unknown")));
    }
    expect([...places]).toEqual(expect.arrayContaining(["table", "input", "partial"]));
  });

  test("is put together again from its codes, in whatever order they were read", () => {
    const { texts, type } = proofCodes(text, thrown.digest);
    expect(type).toBe("parts");
    expect(texts.length).toBeGreaterThan(1);
    expect(joinCodes([...texts].reverse())).toBe(text);
    expect(parseRollFile(joinCodes(texts)!)).toMatchObject({ ok: true });
    expect(joinCodes(texts.slice(1))).toBe(undefined);
    expect(joinCodes(["nothing"])).toBe(undefined);
    for (const each of texts) expect(codeModules(each).length).toBeLessThanOrEqual(85);
    expect(proofCodes("x".repeat(60_000), thrown.digest)).toEqual({
      type: "digest",
      texts: [`hardway roll ${thrown.digest}`],
    });
  });
});

describe("the quorum beside a proof", () => {
  const withQuorum = (certificate: string): string => JSON.stringify({ ...thrown.file, quorum: { certificate } });

  test("is checked by the engine's own rule: who signed, and which number of the record", () => {
    const { certificate } = dice.quorum();
    const checked = sound(checkRoll(browserPorts, withQuorum(certificate), undefined));
    expect(checked.quorum).toEqual({ isSound: true, sequence: 30, view: 0, signers: [0, 1, 3] });
    expect(checked.verdict).toMatchObject({ ok: true });
    const screen = new Screen();
    screen.press({ do: "trust", roll: 1 });
    screen.happen({ type: "proof", roll: 1, text: withQuorum(certificate) });
    screen.happen({ type: "checked", roll: 1, checked });
    const { members, ...rest } = screen.page.view!;
    const keyed = members.map((each) => ({ ...each, key: dice.members[each.member]! }));
    screen.page.view = { ...rest, members: keyed };
    expect(screen.text()).toContain("3 of 4 kiosks signed number 30 of the table's record.");
    expect(screen.text()).toContain("Window · Bar · Garden");
    // The bar has lost its seat since, and all behind it stand a place further to the front.
    const left = keyed.filter(({ name }) => name !== "Bar").map((each, member) => ({ ...each, member }));
    screen.page.view = { ...rest, members: left };
    expect(screen.text()).toContain(`Window · ${dice.members[1]!.slice(0, 8)}… · Garden`);
  });

  test("with a byte changed, or cut short, proves nothing; a file without one says so by saying nothing", () => {
    const { certificate } = dice.quorum();
    const last = certificate.at(-4)! === "0" ? "1" : "0";
    for (const wrong of [`${certificate.slice(0, -4)}${last}${certificate.slice(-3)}`, certificate.slice(0, -2)]) {
      expect(sound(checkRoll(browserPorts, withQuorum(wrong), undefined)).quorum?.isSound).toBe(false);
    }
    expect(sound(checkRoll(browserPorts, text, undefined)).quorum).toBe(undefined);
  });
});

describe("the trust view", () => {
  function opened(): Screen {
    const screen = new Screen();
    screen.press({ do: "touch" });
    screen.kiosk.roll((first, second) => first + second === 7);
    screen.press({ do: "skip" });
    screen.press({ do: "trust", roll: 1 });
    return screen;
  }
  const check = (screen: Screen): void => {
    const effect = screen.effects.findLast(({ type }) => type === "check");
    if (effect?.type !== "check") throw new Error("nothing to check");
    const checked = checkRoll(browserPorts, effect.text, effect.tamperAt);
    screen.happen({ type: "checked", roll: effect.roll, checked });
  };

  test("fetches the proof, checks it here, and shows each part [K07]", () => {
    const screen = opened();
    expect(screen.effects.at(-1)).toEqual({ type: "fetchProof", roll: 1 });
    expect(screen.text()).toContain("Fetching the proof");
    screen.happen({ type: "proof", roll: 1, text });
    check(screen);
    expect(screen.text()).toContain(`It holds: the dice are ${thrown.first} and ${thrown.second}.`);
    expect(screen.all("sound")).toHaveLength(3);
    expect(screen.text()).toContain("It is number 46 of the table's record.");
  });

  test("shows where a cheated proof fails, each time at another byte, and holds again when it is undone [K07]", () => {
    const screen = opened();
    screen.happen({ type: "proof", roll: 1, text });
    check(screen);
    const seen = new Set<string>();
    for (let many = 0; many < 6; many++) {
      screen.press({ do: "tamper" });
      check(screen);
      expect(screen.all("fails")).toHaveLength(1);
      seen.add(/It does not hold: [^.]*\./.exec(screen.text())![0]);
    }
    expect(seen.size).toBeGreaterThan(2);
    screen.press({ do: "untamper" });
    check(screen);
    expect(screen.all("holds")).toHaveLength(1);
  });

  test("keeps the proof as a file and as codes, and says where the kiosk has none any more", () => {
    const screen = opened();
    screen.happen({ type: "proof", roll: 1, text });
    check(screen);
    screen.press({ do: "save" });
    expect(screen.effects.at(-1)).toEqual({ type: "save", name: "roll-1.json", text });
    screen.press({ do: "code", part: 0 });
    expect(screen.text()).toMatch(/Code 1 of \d\. Together they hold the whole proof\./);
    expect(screen.all("qr")).toHaveLength(1);
    const gone = opened();
    gone.happen({ type: "proof", roll: 1, text: undefined });
    expect(gone.text()).toContain("no longer has the proof");
  });

  test("does not take what was checked before for what is shown now", () => {
    const screen = opened();
    screen.happen({ type: "proof", roll: 1, text });
    const early = checkRoll(browserPorts, text, undefined);
    check(screen);
    screen.press({ do: "tamper" });
    screen.happen({ type: "checked", roll: 1, checked: early });
    expect(screen.all("holds")).toHaveLength(0);
    screen.happen({ type: "checked", roll: 2, checked: early });
    expect(screen.all("holds")).toHaveLength(0);
  });
});
