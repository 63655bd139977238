/** `hardway identity mine`: the work that a kiosk's identity costs, with as many processes as one gives it. What was tried is kept, so
 * that Ctrl-C and a power cut cost some seconds. */
import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { mine } from "../../crypto/work/miner.ts";
import { workerProcess } from "../../crypto/work/worker-process.ts";
import { expectedSeconds } from "../../engine/identity/difficulty.ts";
import { CHUNKS_MAX, FRESH_MS } from "../../engine/identity/limits.ts";
import type { ProfileName } from "../../engine/identity/profiles.ts";
import { writeIdentity } from "../../engine/identity/record.ts";
import { progressOf, resume, type Search, search, type Wanted } from "../../engine/identity/search.ts";
import { cryptoPorts } from "../../node/crypto-ports.ts";
import { WALL_PLAUSIBLE_MAX_MS, WALL_PLAUSIBLE_MS } from "../../node/limits.ts";
import { readPrivate, writePrivate } from "../../node/private-file.ts";
import { type Command, InputError, numberOption } from "../command.ts";
import type { Io } from "../io.ts";
import { FILE_OPTION } from "./config-source.ts";
import { identityScope, readRecord, recordPath, searchPath } from "./identity-record.ts";
import { fingerprint } from "./identity-words.ts";
import { fileWords, hex, kioskAt, openedKey, PASSPHRASE_OPTION, tableSecret } from "./own-kiosk.ts";

/** Between two times that the search is kept. */
const KEEP_EVERY_MS = 5_000;
/** Chance remembers nothing: a search that is begun anew with a new date is no longer than the old one's rest. */
const SEARCH_AGE_MAX_MS = FRESH_MS / 2;

export const identityMine: Command = {
  words: ["identity", "mine"],
  about: "Does the work that an identity costs, which strangers' tables ask for. Ctrl-C keeps what was tried.",
  more: `How much is identity.profile and identity.work_bits of the configuration, as the table has it; the record is good at tables of
table.secret. It gives way to whatever else runs. A fresh record is kept; --again looks for another.`,
  options: {
    ...FILE_OPTION,
    threads: { value: "N", about: `processes that search, 1 to ${CHUNKS_MAX}; else as many as there are cores` },
    again: { about: "also where a fresh identity is there" },
    ...PASSPHRASE_OPTION,
  },
  async run(input, io) {
    const threads =
      input.text("threads") === undefined
        ? Math.min(CHUNKS_MAX, availableParallelism())
        : numberOption(input, "threads", 1, CHUNKS_MAX);
    const kiosk = await kioskAt(input, io);
    if (typeof kiosk === "string") return kiosk;
    const secret = tableSecret(kiosk);
    if (secret === undefined) {
      throw new InputError("missing", `${kiosk.file} has no secret of a table.`, "hardway init sets one.");
    }
    const wallMs = plausibleNow();
    const { folder } = kiosk;
    const { pair, diceSecret } = await openedKey(kiosk, input, io);
    diceSecret.fill(0);
    const key = pair.publicKey.bytes;
    const scope = identityScope(secret);
    const { profile, work_bits: bits } = kiosk.config.identity;
    const before = await readRecord({ folder, key, scope, wallMs });
    const suffices = before.type === "good" && before.profile === profile && before.difficultyBits >= bits;
    if (suffices && before.age === "fresh" && !input.flag("again")) {
      if (io.json) io.record({ type: "there", file: recordPath(folder), key: hex(key), work: before.work });
      io.out("A fresh identity is there; --again looks for another.");
      return "done";
    }

    const of = searchFor({ profile, key, scope, timestamp: wallMs, work: 2 ** bits }, folder);
    await tellBefore(of, threads, io);
    const begun = performance.now();
    let kept = begun;
    const miner = mine(of, {
      workerCount: threads,
      onProgress({ share, checkpoint }) {
        io.progress("searching", share, 1);
        if (performance.now() - kept < KEEP_EVERY_MS) return;
        kept = performance.now();
        writePrivate(searchPath(folder), checkpoint);
      },
    });
    const stop = (): void => void miner.stop();
    io.signal.addEventListener("abort", stop, { once: true });
    if (io.signal.aborted) stop();
    const claim = await miner.found;
    const seconds = Math.round((performance.now() - begun) / 1000);
    if (claim === undefined) {
      writePrivate(searchPath(folder), miner.checkpoint());
      if (io.json) io.record({ type: "kept", tried: of.tried, share: progressOf(of) });
      if (!io.signal.aborted) {
        throw new InputError(
          "failed",
          "no process lives that searches.",
          "Look after memory and cores, and try again.",
        );
      }
      io.err(`${of.tried} attempts are kept.\nNext: hardway identity mine${fileWords(kiosk)} goes on from there.`);
      return "interrupted";
    }
    io.progress("searching", 1, 1);
    writePrivate(recordPath(folder), writeIdentity(claim, scope, cryptoPorts(pair)));
    rmSync(searchPath(folder), { force: true });
    const [file, words] = [recordPath(folder), fingerprint(key)];
    if (io.json) io.record({ type: "mined", file, key: hex(key), words, profile, bits, tried: of.tried, seconds });
    io.out(`Found after ${of.tried} attempts, ${durationWords(seconds)}: the identity of ${words}.`);
    io.out(`Next: hardway run${fileWords(kiosk)}`);
    return "done";
  },
};

/** An identity is of a moment, and stale at once where that is none. */
function plausibleNow(): number {
  const now = Date.now();
  if (now >= WALL_PLAUSIBLE_MS && now <= WALL_PLAUSIBLE_MAX_MS) return now;
  const why = `this machine's clock shows ${new Date(now).toISOString().slice(0, 10)}, and an identity carries its date.`;
  throw new InputError("failed", why, "Set it: sudo date -s 2030-01-31T12:00, or sudo timedatectl set-ntp true");
}

/** The one that was broken off, if it looked for the same. */
function searchFor(wanted: Wanted, folder: string): Search {
  const kept = readPrivate(searchPath(folder));
  const before = kept === undefined ? undefined : resume(kept);
  return before !== undefined && isSame(before.wanted, wanted) ? before : search(wanted);
}

function isSame(before: Wanted, now: Wanted): boolean {
  const age = now.timestamp - before.timestamp;
  return (
    before.profile === now.profile &&
    before.work === now.work &&
    bytesEqual(before.key, now.key) &&
    bytesEqual(before.scope.network, now.scope.network) &&
    bytesEqual(before.scope.beacon, now.scope.beacon) &&
    age >= 0 &&
    age <= SEARCH_AGE_MAX_MS
  );
}

async function tellBefore({ wanted, tried }: Search, threads: number, io: Io): Promise<void> {
  const { profile, work } = wanted;
  const hashMs = await hashTime(profile);
  const seconds = hashMs === undefined ? undefined : expectedSeconds(work, hashMs) / threads;
  const threadWords = threads === 1 ? "one process" : `${threads} processes`;
  const long = seconds === undefined ? "" : `: ${durationWords(seconds)} on average, if each has a core to itself`;
  if (tried > 0) io.err(`Going on after ${tried} attempts.`);
  io.err(
    `${work} attempts are expected, ${profile}, ${threadWords}${long}. Chance may want a third of it, or thrice as much.`,
  );
  if (io.json) io.record({ type: "searching", profile, work, threads, tried, hashMs, expectedSeconds: seconds });
}

async function hashTime(profile: ProfileName): Promise<number | undefined> {
  const worker = workerProcess({});
  const done = await worker.ask({ type: "time", profile });
  await worker.close();
  return done?.type === "timed" ? done.hashMs : undefined;
}

export function durationWords(seconds: number): string {
  if (seconds < 120) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
