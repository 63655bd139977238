import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { saidKinds } from "../../protocol/agreement/said.ts";
import { CLASS_NAMES } from "../../protocol/core/packet-class.ts";
import { kinds } from "../../protocol/message/kinds.ts";
import { repositoryRoot } from "../xs/engine/root.ts";
import { pages } from "./pages.ts";
import { protocolPage } from "./protocol-page.ts";

test.each(pages)("$path is what the program says; `npm run docs` writes it anew", ({ path, text }) => {
  const file = join(repositoryRoot, path);
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, "utf8")).toBe(text());
});

describe("the protocol's page", () => {
  const page = protocolPage();

  test("names the checksum by its check value", () => {
    expect(page).toContain('CRC of "123456789", is 0x906e');
  });

  test("has every message with its tag, its class and its worst size", () => {
    for (const { type, tag, bodySizeMax } of kinds) {
      expect(page).toContain(`### 0x${tag.toString(16)} ${type}\n`);
      expect(page).toMatch(
        new RegExp(`\\| \`${type}\` \\| (?:critical|high|normal|low) \\| (?:members|anyone) \\| ${bodySizeMax} \\|`),
      );
    }
  });

  test("has all that members say to agree, with its tag, its class and its worst size", () => {
    for (const { type, tag, packetClass, sizeMax } of saidKinds) {
      const [hex, name] = [`0x0${tag}`, CLASS_NAMES[packetClass]];
      expect(page).toContain(`### ${type}, said\n\n${name}, tag ${hex}\n`);
      expect(page).toContain(`| ${hex} | \`${type}\` | ${name} | ${sizeMax.toLocaleString("en")} |`);
    }
  });

  test("has each part of these with its lines once, and names it wherever it stands", () => {
    for (const part of ["SignedBallot", "Certificate", "CheckpointProof", "ViewChangeBody"]) {
      expect(page.match(new RegExp(`^${part}: \\d+ to`, "gm"))).toHaveLength(1);
      expect(page).toMatch(new RegExp(`^ +\\w+: (?:.* )?${part}\\b`, "m"));
    }
    expect(page.match(/^ +hint: /gm)).toHaveLength(1);
    expect(page.match(/^ +base: Place/gm)).toHaveLength(1);
  });

  test("shows no field without a layout", () => {
    expect(page).not.toMatch(/undefined|\[object|NaN/);
  });

  test("has a section for every wire a byte crosses", () => {
    const headings = page.match(/^## .*$/gm);
    expect(headings).toEqual([
      "## Serial frames",
      "## Commands of a host to its radio",
      "## Reports of a radio to its host",
      "## Fragments between two radios",
      "## Envelopes",
      "## What is signed",
      "## Messages",
      "## What members say to agree",
      "## Statements",
      "## Evidence",
      "## Parts of what is said, signed and shown",
    ]);
  });
});
