import { expect, test } from "vitest";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { compress } from "../../../protocol/bytes/lz4-compress.ts";
import { CRITICAL, HIGH } from "../../../protocol/core/packet-class.ts";
import { Envelope } from "../../../protocol/envelope/envelope.ts";
import { open } from "../../../protocol/envelope/open.ts";
import { pack, unpack } from "../../../protocol/envelope/pack.ts";
import { kindOf } from "../../../protocol/message/kinds.ts";
import { examples, rising } from "../message/examples.ts";
import { context, member, sealBy, verifying } from "./people.ts";

const form = (bytes: Uint8Array): string => {
  const decoded = decode(Envelope, bytes);
  return decoded.ok ? decoded.value.type : decoded.why;
};

test("a packed vote is still a vote: critical, of its kind, with a signature that holds [H05]", () => {
  const zeros = { ...examples.vote, proposal: new Uint8Array(32) };
  const sealed = sealBy(zeros, member(2, 7), { packAbove: 0 });
  expect(form(sealed)).toBe("memberPacked");
  expect(sealed.length).toBeLessThan(sealBy(zeros, member(2, 7)).length);
  expect(open(sealed, context(), verifying())).toMatchObject({ ok: true, message: zeros, packetClass: CRITICAL });
});

test("a body is packed above the threshold and only where it gets smaller [H05]", () => {
  const offer = (size: number) => ({ ...examples.proposal, content: new Uint8Array(size).fill(7) });
  expect(form(sealBy(offer(1000), member(2, 7)))).toBe("memberPacked");
  expect(form(sealBy(offer(10), member(2, 7)))).toBe("member");
  expect(form(sealBy(offer(1000), member(2, 7), { packAbove: 2000 }))).toBe("member");
  // A digest does not repeat.
  expect(form(sealBy(examples.vote, member(2, 7), { packAbove: 0 }))).toBe("member");
  const opened = open(sealBy(offer(1000), member(2, 7)), context(), verifying());
  expect(opened).toMatchObject({ ok: true, message: offer(1000), packetClass: HIGH });

  const body = new Uint8Array(65).fill(7);
  expect(pack(body, 65)).toBeUndefined();
  expect(pack(body, 64)).toBeInstanceOf(Uint8Array);
});

test("a relay may pack or unpack on the way without breaking the signature [H05]", () => {
  const message = { ...examples.proposal, content: new Uint8Array(1000).fill(7) };
  const stored = decode(Envelope, sealBy(message, member(2, 7), { packAbove: 5000 }));
  if (!stored.ok || stored.value.type !== "member") throw new Error("it is stored");
  const repacked = encode(Envelope, { ...stored.value, type: "memberPacked", body: compress(stored.value.body) });
  expect(open(repacked, context(), verifying())).toMatchObject({ ok: true, message });
});

test("a bomb is refused at its kind's own bound, with nothing unpacked and no signature checked [H05]", () => {
  const honest = decode(Envelope, sealBy(examples.vote, member(2, 7)));
  if (!honest.ok || honest.value.type !== "member") throw new Error("it is stored");
  for (const size of [kindOf("vote").bodySizeMax + 1, 4096, 900_000]) {
    const body = compress(new Uint8Array(size));
    expect(body.length).toBeLessThan(3800);
    const ports = verifying();
    const bomb = encode(Envelope, { ...honest.value, type: "memberPacked", body });
    expect(open(bomb, context(), ports)).toEqual({ ok: false, verdict: "reject", why: "does not unpack" });
    expect(ports.checks).toBe(0);
  }
});

test("a block that is not smaller than what it holds is refused", () => {
  const body = rising(0, 36);
  const block = compress(body);
  expect(block.length).toBeGreaterThan(body.length);
  expect(unpack(block, kindOf("vote").bodySizeMax)).toEqual({ ok: false, why: "packed in vain" });
});
