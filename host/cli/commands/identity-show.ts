/** `hardway identity show`: whose kiosk this is, in words that two people can compare, and what its key has cost. */
import { PUBLIC_KEY_SIZE } from "../../../protocol/core/limits.ts";
import { type Command, type Input, UsageError } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { FILE_OPTION } from "./config-source.ts";
import { identityScope, RECORD_AGE_WORDS, type ReadRecord, readRecord } from "./identity-record.ts";
import { fingerprint } from "./identity-words.ts";
import { fileWords, hex, keyPath, keyThere, kioskAt, type OwnKiosk, refuseKey, tableSecret } from "./own-kiosk.ts";

export const identityShow: Command = {
  words: ["identity", "show"],
  takes: "[HEX]",
  about: "Says whose kiosk this is, in ten words that two people can compare, and what its identity has cost.",
  more: "It wants no passphrase: whose a key is stands outside it. HEX is another kiosk's public key, of which it says the words.",
  options: FILE_OPTION,
  async run(input, io) {
    if (input.operands.length > 1) throw new UsageError("identity show takes one HEX");
    const [other] = input.operands;
    return other === undefined ? showOwn(input, io) : showOther(other, io);
  },
};

function showOther(text: string, io: Io) {
  const digits = text.toLowerCase();
  if (!/^[0-9a-f]+$/.test(digits) || digits.length !== 2 * PUBLIC_KEY_SIZE) {
    throw new UsageError(`a public key is ${2 * PUBLIC_KEY_SIZE} hexadecimal digits`);
  }
  const words = fingerprint(new Uint8Array(Buffer.from(digits, "hex")));
  if (io.json) io.record({ type: "key", key: digits, words });
  else io.out(words);
  return "done" as const;
}

async function showOwn(input: Input, io: Io): Promise<Exit> {
  const kiosk = await kioskAt(input, io);
  if (typeof kiosk === "string") return kiosk;
  const there = keyThere(kiosk.folder);
  if (there.type !== "bare" && there.type !== "sealed") throw refuseKey(there, kiosk.folder);
  const key = there.type === "sealed" ? there.owner : there.pair.publicKey.bytes;
  const secret = tableSecret(kiosk);
  const wallMs = Date.now();
  const record =
    secret === undefined ? undefined : await readRecord({ ...kiosk, key, scope: identityScope(secret), wallMs });
  const isSealed = there.type === "sealed";
  const words = fingerprint(key);
  if (io.json)
    io.record({ type: "identity", key: hex(key), words, isUnderPassphrase: isSealed, record: plain(record) });
  io.out(`${kiosk.config.kiosk.name}: ${words}`);
  io.out(`key ${hex(key)}, ${keyPath(kiosk.folder)}, ${isSealed ? "under a passphrase" : "without a passphrase"}`);
  for (const line of recordLines(record, kiosk)) io.out(line);
  return "done";
}

function recordLines(record: ReadRecord | undefined, kiosk: OwnKiosk): string[] {
  const next = `Next: hardway identity mine${fileWords(kiosk)}`;
  if (record === undefined) return ["no table's secret is set, so that no identity can be good: hardway init sets one"];
  if (record.type === "none") return ["no identity yet: a stranger's table wants one", next];
  if (record.type === "unfit") return [`its identity is none: ${record.why}`, next];
  const { profile, difficultyBits, work, timestamp, age, address } = record;
  const made = new Date(timestamp).toISOString().slice(0, 16).replace("T", " ");
  return [
    `identity of ${made}, ${profile}, 2^${difficultyBits} attempts asked and ${work} proved: ${RECORD_AGE_WORDS[age]}`,
    `address ${hex(address)}`,
    ...(age === "fresh" ? [] : [next]),
  ];
}

function plain(record: ReadRecord | undefined) {
  if (record === undefined) return { type: "no secret" };
  return record.type === "good" ? { ...record, address: hex(record.address) } : record;
}
