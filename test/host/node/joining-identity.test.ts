import { expect, test } from "vitest";
import type { IdentityVerdict } from "../../../host/crypto/work/identity-desk.ts";
import { type IdentityScope, saltOf, writeIdentity } from "../../../host/engine/identity/record.ts";
import { identifying } from "../../../host/node/joining-identity.ts";
import type { Identified } from "../../../host/node/lobby-part.ts";

const SCOPE: IdentityScope = { network: new Uint8Array(16), beacon: new Uint8Array(32) };
const key = (number: number): Uint8Array => new Uint8Array(32).fill(number);
const recordOf = (number: number): Uint8Array =>
  writeIdentity(
    { profile: "bleLight", key: key(number), salt: saltOf(1), difficultyBits: 8, timestamp: 1_790_000_000_000 },
    SCOPE,
    { sign: () => new Uint8Array(64) },
  );

function desk() {
  const shown: string[] = [];
  const answers: [number, Identified][] = [];
  let tell: (verdict: IdentityVerdict) => void = () => {};
  const identify = identifying((on) => {
    tell = on;
    return { show: (source) => shown.push(source) };
  });
  return {
    ...{ shown, answers, tell: (verdict: IdentityVerdict) => tell(verdict) },
    ask: (number: number, record: Uint8Array) => identify(key(number), record, (why) => answers.push([number, why])),
  };
}

const source = (number: number): string => Buffer.from(key(number)).toString("hex");
const ACCEPTED = { type: "accepted", address: key(0), work: 256, isNew: true, untilMs: 0 } as const;
const REFUSED = { type: "refused", why: "too little work", isFault: false, requiredWork: 512 } as const;

test("each applicant hears what the desk found of its own record, once [A11]", () => {
  const of = desk();
  of.ask(1, recordOf(1));
  of.ask(2, recordOf(2));
  of.tell({ ...REFUSED, source: source(2) });
  of.tell({ ...ACCEPTED, source: source(1), key: key(1) });
  of.tell({ ...ACCEPTED, source: source(1), key: key(1) });
  expect(of.answers).toEqual([
    [2, "not identified"],
    [1, undefined],
  ]);
});

test("a record of another key, and what is none, never comes to the desk [A11]", () => {
  const of = desk();
  of.ask(1, recordOf(2));
  of.ask(3, new Uint8Array(7));
  expect([of.shown, of.answers]).toEqual([
    [],
    [
      [1, "not identified"],
      [3, "not identified"],
    ],
  ]);
});
