/**
 * Cryptography as a register. A digest is the number under which its bytes are registered, so that no two things ever have
 * one digest; a signature is the number of an entry that only the key's owner can make. Faster than any hash, exact, and it
 * can be asked what a digest stands for.
 */

import type { Ports } from "../../host/engine/ports.ts";
import { type Certificate, ViewChangeBody } from "../../protocol/agreement/certificate.ts";
import { decode, encode } from "../../protocol/bytes/codec.ts";
import { Writer } from "../../protocol/bytes/cursor.ts";
import { assert } from "../../protocol/core/assert.ts";
import { DIGEST_SIZE, SIGNATURE_SIZE } from "../../protocol/core/limits.ts";

export interface Notary {
  readonly room: Writer;
  readonly numbers: Map<string, number>;
  readonly entries: Entry[];
}

interface Entry {
  /** Of whoever may register it: the domain of a digest, the key of a signature. */
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly value: Uint8Array;
}

export const notary = (): Notary => ({ room: new Writer(ROOM_SIZE), numbers: new Map(), entries: [] });

const ROOM_SIZE = 0x10000;

export const keyOf = (member: number): Uint8Array => new Uint8Array(32).fill(7).fill(member, 0, 1);

/** For the owner of the key: nobody else is given a `sign` for it. */
export function portsOf(of: Notary, key: Uint8Array): Ports {
  const owner = signatures(key);
  return {
    room: of.room,
    digest: (domain, bytes) =>
      register(of, `d ${domain}`, domain === OBJECT_DOMAIN ? plain(of, bytes) : bytes, DIGEST_SIZE),
    sign: (signed) => register(of, owner, signed, SIGNATURE_SIZE),
    verify: (by, signed, signature) => of.numbers.get(contentOf(signatures(by), signed)) === numberOf(signature),
  };
}

/** An object of one chunk is known by its size, the chunk's index and the bytes. */
export const OBJECT_HEAD_SIZE = 6;
const OBJECT_DOMAIN = "hardway object chunk";

/** A wish for a view is known by what it says: whose votes prove it makes no other wish of it. What proves nothing stays in. */
function plain(of: Notary, bytes: Uint8Array): Uint8Array {
  const decoded = decode(ViewChangeBody, bytes.subarray(OBJECT_HEAD_SIZE));
  if (!decoded.ok) return bytes;
  const { decision, certificates, ...rest } = decoded.value;
  const body = encode(ViewChangeBody, {
    ...rest,
    decision: decision === undefined ? undefined : bare(of, decision),
    certificates: certificates.map((each) => bare(of, each)),
  });
  const out = new Uint8Array(OBJECT_HEAD_SIZE + body.length);
  out.set(bytes.subarray(0, OBJECT_HEAD_SIZE));
  out.set(body, OBJECT_HEAD_SIZE);
  return out;
}

function bare(of: Notary, certificate: Certificate): Certificate {
  const { ballots } = certificate;
  const couldProve =
    ballots.length > 1 &&
    ballots.every(({ sender, signature }) => of.entries[numberOf(signature) - 1]?.title === signatures(keyOf(sender)));
  return couldProve ? { ...certificate, ballots: [] } : certificate;
}

/** Of a digest or a signature. Nothing registered has 0, so that a digest of zeros is nobody's. */
export const numberOf = (value: Uint8Array): number => value[4] | (value[5] << 8) | (value[6] << 16) | (value[7] << 24);

/** What a digest is of. */
export function bytesOf(of: Notary, digest: Uint8Array): Uint8Array {
  const entry = of.entries[numberOf(digest) - 1];
  assert(entry !== undefined, "a digest was made by somebody");
  return entry.bytes;
}

export const entryOf = (of: Notary, number: number): Uint8Array => of.entries[number - 1].value;

const signatures = (key: Uint8Array): string => `s ${key[0]}`;

const contentOf = (title: string, bytes: Uint8Array): string =>
  `${title} ${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1")}`;

function register(of: Notary, title: string, bytes: Uint8Array, size: number): Uint8Array {
  const content = contentOf(title, bytes);
  const known = of.numbers.get(content);
  if (known !== undefined) return of.entries[known - 1].value;
  const number = of.entries.length + 1;
  const value = new Uint8Array(size);
  const view = new DataView(value.buffer);
  // Hints are mixed from the first four bytes: neighbours must not cancel each other.
  view.setInt32(0, scatter(number), true);
  view.setInt32(4, number, true);
  of.numbers.set(content, number);
  of.entries.push({ title, bytes: new Uint8Array(bytes), value });
  return value;
}

function scatter(value: number): number {
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}
