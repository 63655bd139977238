/** What is durable before it is said, and what a restart gives back. */
import { type Edit, hostTest, inEngine, type Mutant, test } from "../mutant.ts";

const SPEAK = inEngine("consensus/speak");
const ADVANCE = inEngine("consensus/advance");
const CHANGE = inEngine("consensus/view-change");
const VIEWS = inEngine("consensus/views");
const REQUESTS = inEngine("consensus/requests");
const RESTART = inEngine("consensus/restart");
const STANDING = inEngine("consensus/standing");
const CHECKPOINT = inEngine("consensus/checkpoint");
const DIVERGED = inEngine("consensus/diverged");
const LIVE = inEngine("consensus/live-records");

const inHost =
  (file: string) =>
  (name: string, guard: string, from: string, to: string, by: Mutant["by"], and: readonly Edit[] = []): Mutant => ({
    ...{ name, guard, file: `host/${file}.ts`, from, to, by, and },
  });

const JOURNAL = inHost("storage/journal/journal");
const READ = inHost("storage/journal/read-file");
const OPEN = inHost("storage/journal/open-journal");
const PERFORM = inHost("node/perform");
const COUNTERS = inHost("node/counters");

export const memory: readonly Mutant[] = [
  SPEAK(
    "vote-said-before-it-is-written",
    "§3.3 persist it, then say it",
    "  keepOwn(of, signed, ballot, effects);\n",
    "",
    test("consensus/restart"),
    [
      {
        file: "host/engine/consensus/speak.ts",
        from: '  effects.push({ type: "say", to: "all", said: { type: "ballot", ...said } });\n',
        to:
          '  effects.push({ type: "say", to: "all", said: { type: "ballot", ...said } });\n' +
          "  keepOwn(of, signed, ballot, effects);\n",
      },
    ],
  ),
  ADVANCE(
    "commit-without-its-certificate",
    "§4.1 the certificate is durable before the commit is said",
    '  effects.push({ type: "persist", record: { type: "certificate", certificate } });\n',
    "",
    test("consensus/restart"),
  ),
  CHANGE(
    "wish-not-written",
    "§7.1 a wish is durable before it is said",
    '  effects.push({ type: "persist", record: { type: "changing", change, body: bytes } });\n',
    "",
    test("consensus/restart"),
  ),
  REQUESTS(
    "request-not-written",
    "§11.1 a number that was used is used up",
    '  const signed = signRequest(of, world.ports, of.me, request);\n  effects.push({ type: "persist", record: { type: "request", signed } });\n  put(of, signed);\n  effects',
    "  const signed = signRequest(of, world.ports, of.me, request);\n  put(of, signed);\n  effects",
    test("consensus/restart"),
  ),
  VIEWS(
    "view-not-written",
    "§7.6 a view is durable before anything is said in it",
    '  effects.push({\n    type: "persist",\n    record: { type: "entered", epoch: epoch(intoEpoch), view: view(into), start, newView, names },\n  });\n',
    "",
    test("consensus/restart"),
  ),
  RESTART(
    "restart-forgets-its-votes",
    "§11.1 own ballots bind across a restart",
    "      voted(of, record, world);\n",
    "",
    test("consensus/restart"),
  ),
  RESTART(
    "restart-forgets-its-claims",
    "§11.1 what was prepared is claimed across a restart",
    "    slot.claim = { view: ballot.view, name: names[i] };\n",
    "",
    test("consensus/guards-memory"),
  ),
  RESTART(
    "restart-forgets-its-wish",
    "§11.1 a wish binds across a restart",
    '      of.phase = "changing";\n      of.wanted = record.change.view;\n',
    "",
    test("consensus/restart"),
  ),
  RESTART(
    "restart-forgets-its-certificates",
    "§11.1 certificates survive a restart",
    "if (record.certificate.sequence > low(of)) of.certificates = withCertificate(of.certificates, record.certificate);",
    "",
    test("consensus/guards-memory"),
  ),
  RESTART(
    "restart-forgets-its-barrier",
    "§8 a vote for a barrier holds up what is above it, across a restart too",
    "  holdAtBarrier(of);\n",
    "",
    test("consensus/guards-memory"),
  ),
  RESTART(
    "restart-forgets-its-numbers",
    "§11.1 a number that was used is used up",
    "      of.lastNumber = Math.max(of.lastNumber, record.signed.request.number);\n",
    "",
    test("consensus/restart"),
  ),
  RESTART(
    "restart-forgets-that-it-is-mute",
    "§11.3 who is mute stays mute across a restart",
    "      of.mutedUntil = record.until;\n",
    "",
    test("consensus/restart"),
  ),
  RESTART(
    "damage-ignored",
    "§11.3 a damaged journal signs nothing",
    "if (of.probing !== undefined) of.probing.forgot = damage;",
    "",
    test("consensus/restart"),
  ),
  STANDING(
    "signs-before-it-asked",
    "§11.2 nothing is signed before q − 1 others have answered",
    "of.probing === undefined && of.mutedUntil",
    "of.mutedUntil",
    test("consensus/restart"),
  ),
  RESTART(
    "one-answer-is-enough",
    "§11.2 nothing is signed before q − 1 others have answered",
    "if (answers < of.quorum - 1) return;",
    "if (answers < 1) return;",
    test("consensus/restart"),
  ),
  STANDING(
    "signs-although-mute",
    "§11.3 a journal that lies behind signs nothing",
    " && of.mutedUntil === undefined;",
    ";",
    test("consensus/restart"),
  ),
  RESTART(
    "mute-until-the-next-checkpoint",
    "§11.3 mute until two spans of the watermarks above",
    "return honest + 2 * WATERMARK_INTERVALS_COUNT * of.options.checkpointEvery;",
    "return honest + of.options.checkpointEvery;",
    test("consensus/restart"),
  ),
  RESTART(
    "mute-by-one-word",
    "§11.3 above what f + 1 tell, not above what one says",
    "ranked(told, of.faults + 1)",
    "ranked(told, 1)",
    test("consensus/restart"),
  ),
  CHECKPOINT(
    "mute-until-any-checkpoint",
    "§11.3 no checkpoint below unmutes",
    "if (of.mutedUntil !== undefined && header.sequence >= of.mutedUntil) {",
    "if (of.mutedUntil !== undefined) {",
    test("consensus/restart"),
  ),
  RESTART(
    "muted-by-a-forgery",
    "§11.3 only the own signature mutes",
    "  return verifyBallot(of, world.ports, of.me, full, ballot.signature);\n",
    "  return true;\n",
    test("consensus/restart"),
  ),
  RESTART(
    "rollback-unnoticed",
    "§11.3 an own signature beyond the journal mutes",
    "  if (forgot) probing.forgot ??= WHY_BEHIND;\n",
    "",
    test("consensus/restart"),
  ),
  DIVERGED(
    "diverged-and-signing",
    "§6.4 who diverged signs nothing at or below",
    '  mute(of, "the state here is not the one that was agreed", own.header.sequence, effects);\n',
    "",
    test("consensus/guards-transfer"),
  ),
  LIVE(
    "short-journal-without-old-claims",
    "§11.4 a short journal promises the same",
    "    ...oldClaims(of),\n",
    "",
    test("consensus/live-records"),
  ),
  LIVE(
    "short-journal-without-certificates",
    "§11.4 a short journal promises the same",
    "    ...certificateRecords(of),\n",
    "",
    test("consensus/live-records"),
  ),
  JOURNAL(
    "flush-without-sync",
    "journal: what is flushed is durable",
    "    await this.file.append(group.bytes);\n    await this.file.sync();\n",
    "    await this.file.append(group.bytes);\n",
    hostTest("storage/journal/power-cut"),
  ),
  JOURNAL(
    "failed-sync-tried-again",
    "journal: after a failed sync nothing more is written",
    "    this.failure = new JournalFailed(cause);\n",
    "    this.failure = undefined;\n",
    hostTest("storage/journal/journal"),
    [
      {
        file: "host/storage/journal/journal.ts",
        from: "    return this.failure;\n",
        to: "    return new JournalFailed(cause);\n",
      },
    ],
  ),
  READ(
    "rotten-record-read",
    "journal: a record is read by its checksum",
    'return crc32(bytes, seeds.records) === head.check ? { kind: "record", bytes } : undefined;',
    'return { kind: "record", bytes };',
    hostTest("storage/journal/damage"),
  ),
  READ(
    "damage-taken-for-a-torn-tail",
    "journal: what was durable and is gone is damage",
    "else if (later.durable > next) return",
    "else if (later.durable > next + 1_000_000) return",
    hostTest("storage/journal/damage"),
  ),
  OPEN(
    "torn-tail-left",
    "journal: a torn tail is cut",
    "  if (content.cutSize > 0) disk.truncate(name, size);\n",
    "",
    hostTest("storage/journal/power-cut"),
  ),
  PERFORM(
    "said-before-the-flush",
    "node: all records are durable before anything leaves",
    "    await of.memory.journal.flush();\n    of.tally.records",
    "    of.tally.records",
    hostTest("node/node"),
  ),
  COUNTERS(
    "counter-block-not-set-aside",
    "node: counters are reserved in the journal before they are used",
    "  if (of.next + count <= of.reserved) return undefined;\n",
    "  if (of.reserved > 1) return undefined;\n",
    hostTest("node/counters"),
  ),
];
