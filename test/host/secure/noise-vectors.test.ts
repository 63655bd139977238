import { createCipheriv } from "node:crypto";
import { expect, test } from "vitest";
import { noise } from "../../../host/crypto/noise.ts";
import { nonceOf, rekeyed } from "../../../host/secure/cipher.ts";
import {
  finish,
  type Handshake,
  handshake,
  isOver,
  type NoiseRole,
  protocolName,
  readMessage,
  writeMessage,
} from "../../../host/secure/noise.ts";
import { unhex as fromHex, hex } from "../crypto/craft.ts";
import { readVectors } from "../crypto/vectors.ts";

interface NoiseVectors {
  readonly cases: readonly {
    readonly name: string;
    readonly protocol: string;
    readonly prologue: string;
    readonly psks: readonly string[];
    readonly initiatorStatic: string;
    readonly initiatorEphemeral: string;
    readonly responderStatic: string;
    readonly responderEphemeral: string;
    readonly handshakeHash?: string;
    readonly messages: readonly { readonly payload: string; readonly ciphertext: string }[];
  }[];
}

const { cases } = readVectors<NoiseVectors>("noise-xx");
const NOTHING = new Uint8Array(0);

const halves = (secret: string) => ({ secret: fromHex(secret), public: noise.publicOf(fromHex(secret)) });

function ends(each: (typeof cases)[number]): { initiator: Handshake; responder: Handshake } {
  const pskAt = [...each.protocol.matchAll(/psk(\d)/g)].map(([, at]) => Number(at));
  expect(protocolName(pskAt)).toBe(each.protocol);
  const end = (role: NoiseRole, own: string, ephemeral: string): Handshake => {
    const known = { prologue: fromHex(each.prologue), pskAt, psks: each.psks.map(fromHex) };
    const begun = handshake({ role, ...known, static: halves(own) }, noise);
    begun.ephemeral = halves(ephemeral);
    return begun;
  };
  return {
    initiator: end("initiator", each.initiatorStatic, each.initiatorEphemeral),
    responder: end("responder", each.responderStatic, each.responderEphemeral),
  };
}

test("the vectors are those of two libraries, with and without secrets in each place", () => {
  expect(cases.map(({ name, protocol }) => `${name} ${protocol.split("_")[1]}`)).toEqual([
    ...["cacophony XX", "cacophony XXpsk3", "snow XX"],
    ...["snow XXpsk0+psk1", "snow XXpsk0+psk2", "snow XXpsk0+psk3", "snow XXpsk0+psk1+psk2+psk3"],
  ]);
});

test.each(cases)("$name: $protocol, byte for byte [I12]", (each) => {
  const { initiator, responder } = ends(each);
  let [from, to] = [initiator, responder];
  for (const { payload, ciphertext } of each.messages.slice(0, 3)) {
    const said = writeMessage(from, () => fromHex(payload), noise);
    expect(hex(said as Uint8Array)).toBe(ciphertext);
    const heard = readMessage(to, fromHex(ciphertext), noise);
    expect(heard.ok && hex(heard.payload)).toBe(payload);
    [from, to] = [to, from];
  }
  expect(isOver(initiator) && isOver(responder)).toBe(true);
  expect(initiator.symmetric.transcript).toEqual(responder.symmetric.transcript);
  if (each.handshakeHash !== undefined) expect(hex(initiator.symmetric.transcript)).toBe(each.handshakeHash);

  const keys = { initiator: finish(initiator, noise), responder: finish(responder, noise) };
  expect(keys.initiator.send).toEqual(keys.responder.receive);
  expect(keys.initiator.receive).toEqual(keys.responder.send);
  for (const [at, { payload, ciphertext }] of each.messages.slice(3).entries()) {
    // They go on in turn, the responder first: each direction counts its own.
    const key = at % 2 === 0 ? keys.responder.send : keys.initiator.send;
    const nonce = nonceOf(Math.floor(at / 2));
    expect(hex(noise.seal(key, nonce, NOTHING, fromHex(payload)))).toBe(ciphertext);
    expect(hex(noise.unseal(key, nonce, NOTHING, fromHex(ciphertext)) as Uint8Array)).toBe(payload);
  }
});

test("a key is replaced as section 4.2 says: zeros under the last nonce, without the tag [I12]", () => {
  const key = Uint8Array.from({ length: 32 }, (_, at) => 7 * at);
  const cipher = createCipheriv("chacha20-poly1305", key, fromHex("00000000ffffffffffffffff"), { authTagLength: 16 });
  expect(rekeyed(key, noise)).toEqual(new Uint8Array(cipher.update(new Uint8Array(32))));
});

test("a nonce is four zeros and a count, least significant byte first: section 12.3", () => {
  expect(hex(nonceOf(0))).toBe("000000000000000000000000");
  expect(hex(nonceOf(0x1203))).toBe("000000000312000000000000");
  expect(hex(nonceOf(0xfedcba98))).toBe("0000000098badcfe00000000");
});
