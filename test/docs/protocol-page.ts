/** The text of docs/protocol.md. What the layouts can say of themselves they say; the rest is the few sentences here. */
import { SignedBallot } from "../../protocol/agreement/ballot.ts";
import {
  Certificate,
  CheckpointHeader,
  CheckpointProof,
  NewView,
  SignedViewChange,
  ViewChangeBody,
} from "../../protocol/agreement/certificate.ts";
import { Evidence } from "../../protocol/agreement/evidence.ts";
import { Barrier, Batch, SignedRequest } from "../../protocol/agreement/request.ts";
import { Said, type SaidKind, saidKinds } from "../../protocol/agreement/said.ts";
import { Statement } from "../../protocol/agreement/statement.ts";
import type { Codec } from "../../protocol/bytes/codec.ts";
import { crc16 } from "../../protocol/bytes/crc16.ts";
import { describe } from "../../protocol/bytes/describe.ts";
import { utf8Encode } from "../../protocol/bytes/utf8.ts";
import { assert } from "../../protocol/core/assert.ts";
import { CRC_SIZE, ENVELOPE_SIZE_MAX, PACKET_SIZE_MAX, SERIAL_FRAME_SIZE_MAX } from "../../protocol/core/limits.ts";
import { CLASS_NAMES } from "../../protocol/core/packet-class.ts";
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from "../../protocol/core/version.ts";
import { Envelope } from "../../protocol/envelope/envelope.ts";
import { SAID_SIZE_MAX } from "../../protocol/envelope/limits.ts";
import { Signing, SigningHead } from "../../protocol/envelope/signing.ts";
import { Frame } from "../../protocol/frame/frame.ts";
import { END, ESC, ESC_END, ESC_ESC } from "../../protocol/frame/slip.ts";
import { type Kind, kinds, Message } from "../../protocol/message/kinds.ts";
import { Fragment } from "../../protocol/packet/fragment.ts";
import { Command } from "../../protocol/radio/command.ts";
import { Report } from "../../protocol/radio/report.ts";

/** A heading, what there is to say, and the layouts under it. A new section is a new row. */
const SECTIONS: readonly (readonly [heading: string, about: () => string, layouts: readonly Codec<unknown>[]])[] = [
  ["Serial frames", serial, [Frame]],
  ["Commands of a host to its radio", commands, [Command]],
  ["Reports of a radio to its host", reports, [Report]],
  ["Fragments between two radios", fragments, [Fragment]],
  ["Envelopes", envelopes, [Envelope]],
  ["What is signed", signing, [SigningHead]],
];

/** In each other and in many places: shown once. */
const PARTS: readonly Codec<unknown>[] = [
  SignedRequest,
  Barrier,
  Batch,
  SignedBallot,
  Certificate,
  CheckpointHeader,
  CheckpointProof,
  SignedViewChange,
  ViewChangeBody,
  NewView,
];

const AGREEMENT: typeof SECTIONS = [
  ["Statements", statements, [Statement]],
  ["Evidence", evidence, [Evidence]],
  ["Parts of what is said, signed and shown", parts, PARTS],
];

export function protocolPage(): string {
  const sections = SECTIONS.map(([heading, about, layouts]) => section(heading, about(), layouts.map(describe)));
  const agreement = AGREEMENT.map(([heading, about, layouts]) => section(heading, about(), layouts.map(folded)));
  return `${[INTRODUCTION, ...sections, messages(), sayings(), ...agreement].join("\n\n")}\n`;
}

const INTRODUCTION = `# Protocol ${PROTOCOL_MAJOR}.${PROTOCOL_MINOR}

What is said on wires and in the air, byte by byte. The layouts under \`protocol/\` print this page, \`npm run docs\` writes it,
and a test fails when the two differ: change a layout, not this file.

How to read it:

- A line is a field, in the order on the wire: its name, a colon, its layout. Lines further in are the parts of the line above.
- \`u8\`, \`u16\`, \`u32\`, \`i8\` are whole numbers of so many bits, big-endian. \`bool\` is a byte, 0 or 1.
- \`varint ≤ n\` takes seven bits a byte, least significant first, the top bit set on all bytes but the last. Only the shortest form
  is taken.
- \`byte of a:2 b:1\` holds several small numbers, the first in the highest bits; bits without a name are zero.
- \`bytes n\` are exactly so many. \`bytes ≤ n\` have their length before them as a varint, or as a \`u8\` where that is said; \`the rest\`
  goes to the end. \`text\` is the same in strict UTF-8, measured in bytes.
- \`optional\` is a byte, 0 for nothing or 1 before something. \`list of ≤ n\` is a count as a varint, then the items; one that is
  \`ascending\` is a set in its only order.
- A line \`0x03 data: Data\` is one case of the layout above it: its tag, one byte, then its fields. A word of a fixed vocabulary is one
  byte, listed with its words.
- Sizes are those of the whole layout, tags included.

One value has one encoding. What is cut short, left over, out of range, too long, not canonical or of an unknown tag is refused
whole.`;

function serial(): string {
  const check = crc16(utf8Encode("123456789"));
  return `Between a host and its radio. A frame is the layout below, then ${CRC_SIZE} bytes of CRC, big-endian; together at most
${SERIAL_FRAME_SIZE_MAX} bytes. The CRC is CRC-16/IBM-SDLC, also called X-25: polynomial 0x1021 reflected, initial value and final
exclusive-or 0xffff; its check value, the CRC of "123456789", is ${hex(check, 4)}.

On the wire a frame is escaped by SLIP (RFC 1055): ${hex(END)} ends it, ${hex(ESC)} ${hex(ESC_END)} stands for ${hex(END)}, and ${hex(ESC)} ${hex(ESC_ESC)} for ${hex(ESC)}.
Anything else after ${hex(ESC)} spoils the frame, up to the next ${hex(END)}.`;
}

function commands(): string {
  return "Each is one packet of the serial link.";
}

function reports(): string {
  return `Each is one packet of the serial link. Its first after every opening is the hello.`;
}

function fragments(): string {
  return `Each is one value of the GATT service, written or notified; there is no other. A packet has at most
${PACKET_SIZE_MAX.toLocaleString("en")} bytes.`;
}

function envelopes(): string {
  return `How a message crosses the mesh, in at most ${ENVELOPE_SIZE_MAX.toLocaleString("en")} bytes. The hops are in the second byte of
every form, so that a relay changes one byte and reads nothing. In a packed form the body is an LZ4 block. The kind is the tag of
the message, the body all of the message that follows its tag.

What members say to agree is signed in itself and not by what carries it: its envelope (\`said\`, \`saidPacked\`) has no signature, and
its body is what is said, with its tag. Whoever says the same again counts the repeat, for the mesh passes on what it has not seen.`;
}

function signing(): string {
  return `The signature of an envelope is Ed25519, verified by the rules of ZIP 215, over these bytes and then the message: its tag and its
body as it was before packing. At most ${Signing.sizeMax.toLocaleString("en")} bytes.`;
}

function messages(): string {
  const rows = kinds.map(
    ({ type, tag, packetClass, speaker, bodySizeMax }) =>
      `| ${hex(tag)} | \`${type}\` | ${CLASS_NAMES[packetClass]} | ${speaker} | ${bodySizeMax} |`,
  );
  const table = ["| tag | message | class | said by | worst size of the body |", "|---|---|---|---|---|", ...rows].join(
    "\n",
  );
  const about = `Every one, by its tag; sizes are of the body, without it. The class is how urgent its packets are. What members alone say is what a\ntable decides.\n\n${table}`;
  return [section("Messages", about, []), ...kinds.map(message)].join("\n\n");
}

function sayings(): string {
  const rows = saidKinds.map(
    ({ type, tag, packetClass, sizeMax }) =>
      `| ${hex(tag)} | \`${type}\` | ${CLASS_NAMES[packetClass]} | ${sizeMax.toLocaleString("en")} |`,
  );
  const table = ["| tag | said | class | worst size |", "|---|---|---|---|", ...rows].join("\n");
  const about = `Openly, by members alone. At most ${SAID_SIZE_MAX.toLocaleString("en")} bytes at a time, whatever the layout allows. What is part of several of\nthem stands once, at the end of this page.\n\n${table}`;
  return [section("What members say to agree", about, []), ...saidKinds.map(saying)].join("\n\n");
}

function saying(kind: SaidKind): string {
  const row = Said.rows?.find(({ label }) => label === `${hex(kind.tag)} ${kind.type}`);
  assert(row !== undefined, "every kind is a case of what is said");
  assert(1 + row.codec.sizeMax === kind.sizeMax, "the worst size is the layout's");
  return `### ${kind.type}, said\n\n${CLASS_NAMES[kind.packetClass]}, tag ${hex(kind.tag)}\n\n${block(folded(row.codec))}`;
}

/** Without the lines under its parts. */
function folded(codec: Codec<unknown>): string {
  const isPart = ({ text }: Codec<unknown>): boolean =>
    PARTS.some((part) => text === part.text || text.endsWith(` ${part.text}`));
  const fold = (each: Codec<unknown>): Codec<unknown> => {
    const { rows, ...bare } = each;
    if (rows === undefined) return each;
    return {
      ...bare,
      rows: rows.map((row) => ({ label: row.label, codec: isPart(row.codec) ? leaf(row.codec) : fold(row.codec) })),
    };
  };
  const leaf = ({ rows: _, ...bare }: Codec<unknown>): Codec<unknown> => bare;
  return describe(fold(codec));
}

function statements(): string {
  return `What is signed in agreement: Ed25519, verified by the rules of ZIP 215, over these bytes. A signature over a statement is none over an
envelope, since the form is no sender's tag. A ballot is signed with every history whole, and said without those that its receivers
can compute.`;
}

function evidence(): string {
  return "What a member signed and no honest member signs. Anyone can check it who knows the members' keys.";
}

function parts(): string {
  return `An \`ObjectName\` is the root of the digests of a thing's chunks, and its size. A batch and the body of a view change are known by such
names: they travel by the steps of \`stateSync\`, or are put together from what was said. A checkpoint's digest is of its header.`;
}

function message(kind: Kind): string {
  const row = Message.rows?.find(({ label }) => label === `${hex(kind.tag)} ${kind.type}`);
  assert(row !== undefined, "every kind is a case of the message");
  assert(row.codec.sizeMax === kind.bodySizeMax, "the worst size is the layout's");
  return `### ${hex(kind.tag)} ${kind.type}\n\n${CLASS_NAMES[kind.packetClass]}, said by ${kind.speaker}\n\n${block(describe(row.codec))}`;
}

const section = (heading: string, about: string, blocks: readonly string[]): string =>
  [`## ${heading}`, about, ...blocks.map(block)].join("\n\n");

const block = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;

const hex = (value: number, digits = 2): string => `0x${value.toString(16).padStart(digits, "0")}`;
