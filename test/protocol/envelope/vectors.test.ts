import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { Envelope } from "../../../protocol/envelope/envelope.ts";
import { open } from "../../../protocol/envelope/open.ts";
import { openSaid } from "../../../protocol/envelope/open-said.ts";
import { seal } from "../../../protocol/envelope/seal.ts";
import { sealSaid } from "../../../protocol/envelope/seal-said.ts";
import { Signing } from "../../../protocol/envelope/signing.ts";
import { fromHex, fromJson, type Json, toHex } from "../message/json-value.ts";
import { examples, openExamples } from "./examples.ts";
import { context, MEMBERS, STRANGER, table, verifying } from "./people.ts";

interface Vector {
  readonly name: string;
  readonly layout: "Envelope" | "Signing";
  readonly hex: string;
  readonly value: Json;
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL("../../vectors/envelope-forms.json", import.meta.url), "utf8"),
);

test("every form of an envelope has its golden vector, with what was signed beside it", () => {
  const names = examples.flatMap(({ name }) => [`envelope of ${name}`, `signing bytes of ${name}`]);
  const open = openExamples.map(({ name }) => `envelope of ${name}`);
  expect(vectors.map((vector) => vector.name)).toEqual([...names, ...open]);
  const forms = new Set(vectors.map((vector) => (vector.value as { type?: string }).type));
  const all = ["member", "memberPacked", "stranger", "strangerPacked", "said", "saidPacked"];
  expect(forms).toEqual(new Set([...all, undefined]));
});

for (const { name, layout, hex, value } of vectors) {
  test(`${name} has the bytes it always had`, () => {
    if (layout === "Envelope") {
      expect(toHex(encode(Envelope, fromJson(value) as Envelope))).toBe(hex);
      expect(decode(Envelope, fromHex(hex))).toEqual({ ok: true, value: fromJson(value) });
    } else {
      expect(toHex(encode(Signing, fromJson(value) as Signing))).toBe(hex);
      expect(decode(Signing, fromHex(hex))).toEqual({ ok: true, value: fromJson(value) });
    }
  });
}

for (const { name, message, sender, options } of examples) {
  test(`sealing and opening give the vector: ${name}`, () => {
    const find = (prefix: string): Uint8Array =>
      fromHex(vectors.find((vector) => vector.name === `${prefix} of ${name}`)!.hex);
    const signer = sender.type === "member" ? MEMBERS[sender.sender]! : STRANGER;
    const sealed = seal(message, sender, signer.ports, options);
    expect(sealed.signed).toEqual(find("signing bytes"));
    // How well a body is packed is the packer's affair; what it says is not.
    if (options.packAbove !== undefined || !name.endsWith("Packed")) expect(sealed.bytes).toEqual(find("envelope"));
    expect(open(find("envelope"), context(), verifying())).toMatchObject({ ok: true, message, from: sender });
  });
}

for (const { name, said, options } of openExamples) {
  test(`sealing and opening give the vector: ${name}`, () => {
    const bytes = fromHex(vectors.find((vector) => vector.name === `envelope of ${name}`)!.hex);
    if (!name.endsWith("Packed")) expect(sealSaid(said, table(), options).bytes).toEqual(bytes);
    expect(openSaid(bytes, context())).toMatchObject({ ok: true, said, repeat: options.repeat ?? 0 });
  });
}
