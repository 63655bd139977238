/** `hardway roll verify`: throws a stored roll again from its proof and the members' keys alone, and says where it does not fit. */
import { decode } from "../../../protocol/bytes/codec.ts";
import { RollProof } from "../../engine/dice/roll-proof.ts";
import { type ProofPlace, type RollKeys, type RollVerdict, verifyRoll } from "../../engine/dice/verify-roll.ts";
import { verifierPorts } from "../../node/dice-ports.ts";
import { type ParsedRollFile, parseRollFile, proofDigest, ROLL_FILE_SIZE_MAX } from "../../node/roll-file.ts";
import { type Command, InputError, UsageError } from "../command.ts";
import { readText } from "../read-text.ts";

/** What does not fit, to a person. */
const PLACES: { readonly [place in ProofPlace]: string } = Object.freeze({
  layout: "the proof's bytes are none of a proof",
  table: "it is of another table than its keys",
  epoch: "it is of another epoch than its keys: other members",
  input: "table, epoch, roll, bets or nonces are not those that the randomness was made for",
  key: "it was made with another dice key",
  count: "too few took part, or too many, or one twice",
  partial: "a partial is not of its holder's share",
  output: "the partials give another output",
  commitment: "what was opened is not what was committed to",
  signature: "a commitment is not signed by its member",
  dice: "other dice are drawn from it than it says",
});

export const rollVerify: Command = {
  words: ["roll", "verify"],
  takes: "FILE",
  about: "Throws a roll again from its proof and the members' keys alone, and says where the proof does not hold.",
  more: `start keeps such a file for each roll in the folder rolls/. A proof is as good as the keys that it is checked by: compare
the table and the members that are printed, or check by the keys of a file that you trust, with --keys.`,
  options: { keys: { value: "FILE", about: "another roll's file of the same table and members, for its keys" } },
  async run({ operands, text }, io) {
    if (operands.length !== 1) throw new UsageError("roll verify takes one FILE");
    const [path] = operands;
    const file = await fileAt(path);
    const keysAt = text("keys");
    const keys = keysAt === undefined ? file.keys : (await fileAt(keysAt)).keys;
    const verdict = verifyRoll(verifierPorts, keys, file.proof);
    const digest = proofDigest(file.proof);
    if (io.json) io.record({ type: "verified", ...plain(verdict), digest, ...table(keys) });
    if (!verdict.ok) {
      io.err(`${path}: the proof does not hold: ${words(verdict)}.`);
      return "unsound";
    }
    const [first, second] = verdict.dice;
    io.out(`roll ${verdict.roll}: ${first} and ${second}, ${means(file.proof)}`);
    io.out(`proof ${digest} verified`);
    io.out(`table ${hex(keys.table)}, epoch ${keys.epoch}, of the members`);
    for (const key of keys.members) io.out(`  ${hex(key)}`);
    return "done";
  },
};

async function fileAt(path: string): Promise<Extract<ParsedRollFile, { readonly ok: true }>> {
  const parsed = parseRollFile(await readText(path, ROLL_FILE_SIZE_MAX));
  if (parsed.ok) return parsed;
  throw new InputError("failed", `${path}: ${parsed.why}.`, "Name a file out of the folder rolls/ of a table.");
}

function words({ where, member, at }: Extract<RollVerdict, { readonly ok: false }>): string {
  const whose = member === undefined ? "" : ` of member ${member}`;
  return `${where}${whose}${at === undefined ? "" : `, from byte ${at} on`}: ${PLACES[where]}`;
}

/** Who made it, in words. */
function means(proof: Uint8Array): string {
  const decoded = decode(RollProof, proof);
  if (!decoded.ok) return "";
  const { randomness } = decoded.value;
  return randomness.type === "distributed"
    ? `by the partials of the holders ${randomness.partials.map(({ holder }) => holder).join(", ")} of dice key ${randomness.key}`
    : `by the secrets of the members ${randomness.secrets.map(({ member }) => member).join(", ")}`;
}

const plain = (verdict: RollVerdict) =>
  verdict.ok ? { ok: true, roll: verdict.roll, dice: verdict.dice } : { ...verdict };

const table = ({ table, epoch, members }: RollKeys) => ({ table: hex(table), epoch, members: members.map(hex) });

const hex = (of: Uint8Array): string => Buffer.from(of).toString("hex");
