import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runOnNode } from "./engine/node.ts";
import { repositoryRoot } from "./engine/root.ts";
import { runOnXs } from "./engine/run.ts";

const PROGRAM = "test/xs/program/vectors.ts";
const FOLDER = "test/vectors";

/** Signatures, hashes, agreement, identities and handshakes are the hosts': no board computes them, none takes part in it. */
const ofHostsOnly = /^(?:agreement|ed25519|identity|noise|sha256)/;
const files = readdirSync(join(repositoryRoot, FOLDER)).filter((name) => !ofHostsOnly.test(name));
const paths = files.map((name) => `${FOLDER}/${name}`);

const read = (path: string) => JSON.parse(readFileSync(join(repositoryRoot, path), "utf8"));
const named = files.flatMap((file) => read(`${FOLDER}/${file}`).map(({ name }: { name: string }) => [file, name]));

interface Line {
  readonly file: string;
  readonly name: string;
  readonly verdict: string;
  readonly hex: string;
}

const xs = runOnXs({ entry: PROGRAM, args: paths });
const node = runOnNode(PROGRAM, paths);

const parsed = (lines: readonly string[]): Line[] =>
  lines.map((line) => {
    const [file = "", name = "", verdict = "", hex = ""] = line.split("\t");
    return { file, name, verdict, hex };
  });

test("XS reads every golden vector that Node reads, and each has the bytes and the value it always had", () => {
  expect(xs).toMatchObject({ exit: "done", stderr: "" });
  const lines = parsed(xs.lines);
  expect(named.length).toBeGreaterThan(60);
  expect(lines.map(({ file, name }) => [file, name])).toEqual(named);
  expect(lines.filter(({ verdict }) => verdict !== "ok")).toEqual([]);
});

test("on Node the same program prints the same lines", () => {
  expect(node).toMatchObject({ exit: 0, stderr: "" });
  expect(xs.lines).toEqual(node.lines);
});

test("a reply encoded on both engines has one digest [B05]", () => {
  const digest = (lines: readonly string[]) => {
    const reply = parsed(lines).find(({ name }) => name === "message reply");
    return createHash("sha256")
      .update(Buffer.from(reply?.hex ?? "", "hex"))
      .digest("hex");
  };
  expect(digest(xs.lines)).toBe(digest(node.lines));
  const [reply] = read(`${FOLDER}/message-kinds.json`);
  expect(reply.kind).toBe("reply");
  expect(digest(xs.lines)).toBe(createHash("sha256").update(Buffer.from(reply.hex, "hex")).digest("hex"));
});

test("a file of vectors that the program cannot read is told, not passed over", () => {
  const [line] = runOnXs({ entry: PROGRAM, args: ["test/vectors/sha256.json"] }).lines;
  expect(line).toContain("no layout");
});
