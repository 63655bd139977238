/**
 * The one file that says what a kiosk is and does: every key with its bounds, its standard value and a sentence. No key has a
 * price: chips are play money, and are neither bought nor paid out.
 *
 * Names are those of the file, here and wherever a value is used. `withDefaults` fills in what depends on other keys.
 */
import { z } from "zod";
import { MEMBERS_MAX, NAME_SIZE_MAX, SEATS_MAX, SLOTS_MAX } from "../../protocol/core/limits.ts";
import { LEVELS, PARTS, type Part } from "../logs/levels.ts";
import { broker, choice, device, fixed, fraction, hostName, line, path, secret, topicPart, whole } from "./forms.ts";
import * as limits from "./limits.ts";

/** 32 bytes, as Noise wants them: drawn by chance, never a word of a person. */
const TABLE_SECRET_SIZE = 32;
/** Whatever carries it, a message has at most so many bytes. */
const MESSAGE_SIZE_MAX = 65_536;

const section = <T extends z.ZodRawShape>(description: string, shape: T) =>
  z
    .strictObject(shape)
    .prefault({} as never)
    .meta({ description });

const about = <T extends z.ZodType>(
  type: T,
  description: string,
  more: { writeOnly?: true; examples?: unknown[] } = {},
) => type.meta({ description, ...more });

const kiosk = section("Who this kiosk is.", {
  name: about(line(NAME_SIZE_MAX).default("kiosk"), "What people read on screens."),
  folder: about(
    path.default("hardway-data"),
    "Where its key, journal and history are. A path that does not begin with / begins where this file is.",
  ),
  passphrase_file: about(path.optional(), "Its first line opens the key; without it the passphrase is asked for.", {
    examples: ["passphrase"],
  }),
});

const radios = about(
  z.array(device).max(limits.RADIOS_MAX).default([]),
  "Its boards, each by a name that stays, such as /dev/serial/by-id/…; hardway radio list shows them.",
);

const table = section("The table that this kiosk founds, or the one it joins.", {
  kiosks: about(
    whole(limits.KIOSKS_MIN, MEMBERS_MAX).default(4),
    "How many found it. With fewer than four it bears no Byzantine one.",
  ),
  seats: about(whole(limits.SEATS_MIN, SEATS_MAX).default(SEATS_MAX), "Players at most."),
  game: about(choice(["craps"]).default("craps"), "What is played there."),
  bets: about(choice(["beginner", "full", "everything"]).default("full"), "Which bets are on the layout."),
  secret: about(
    secret(TABLE_SECRET_SIZE).optional(),
    `${2 * TABLE_SECRET_SIZE} hexadecimal digits, in quotation marks, that all its kiosks have: who has them not, gets no link.`,
    { writeOnly: true },
  ),
});

const identity = section("What this kiosk's identity costs, in work. A table has one profile.", {
  profile: about(choice(["bleLight", "ecRust", "legacyS0"]).default("bleLight"), "By which rules the work is done."),
  work_bits: about(
    whole(limits.WORK_BITS_MIN, limits.WORK_BITS_MAX).optional(),
    "Expected attempts, as a power of two; 8 is a demonstration. Without it 16, 17 or 20, as the profile has it.",
    { examples: [16] },
  ),
});

const consensus = section("How a table that this kiosk founds agrees. Who joins one takes what is agreed there.", {
  algorithm: about(fixed("pbft", "kiosks agree by PBFT and nothing else"), "By what they agree."),
  transport: about(choice(["BLE", "LAN"]).default("BLE"), "What lies between the kiosks: it sets the times below."),
  timeout_ms: about(
    whole(1, limits.TIMEOUT_MAX_MS).optional(),
    "From a request to its proposal, before any was measured; the later phases in proportion. Without it 1600 over BLE, 100 over LAN.",
    { examples: [1_600] },
  ),
  view_change_timeout_ms: about(
    whole(limits.VIEW_CHANGE_TIMEOUT_MIN_MS, limits.VIEW_CHANGE_TIMEOUT_MAX_MS).optional(),
    "Until the next kiosk that should lead has shown its proofs. Without it 4000 over BLE, 1000 over LAN.",
    { examples: [4_000] },
  ),
  max_faulty_nodes: about(
    whole(0, Math.floor((MEMBERS_MAX - 1) / 3)).optional(),
    "Kiosks that may be Byzantine, as the plan of links counts on: at most a third of the table's kiosks less one, which it is without it.",
    { examples: [1] },
  ),
  checkpoint_interval: about(
    whole(limits.CHECKPOINT_INTERVAL_MIN, limits.CHECKPOINT_INTERVAL_MAX).optional(),
    "Sequences between two checkpoints. Without it 50 over BLE, 100 over LAN.",
    { examples: [50] },
  ),
});

const faultDetection = section("What is told of kiosks that behave oddly. It costs nobody a chip: only proofs do.", {
  enabled: about(z.boolean().default(true), "Whether anything is."),
  reputation_threshold: about(fraction.default(0.5), "A kiosk is told of when its standing is below this, of 1."),
  anomaly_detection: about(
    z.boolean().optional(),
    "Whether an operator is told what is odd about a kiosk: that it does not vote, say. Without it he is, but not in the phase basic.",
    { examples: [true] },
  ),
  statistical_analysis: about(
    z.boolean().optional(),
    "Whether the dice that fall are held against chance, and an operator is told when they are not fair. Without it they are, but not in the phase basic.",
    { examples: [true] },
  ),
  ebpf_monitoring: about(
    fixed(false, "no part of a kiosk runs in the kernel: bytes come from radios and not from sockets"),
    "Whether the kernel filters.",
  ),
});

const performance = section("How a table that this kiosk founds hurries.", {
  phase: about(
    choice(["basic", "advanced", "robust"]).default("robust"),
    "How far it has come: basic agrees on one request after another; advanced on many at once, and odd answers are looked for; robust decides early as well. It says what holds without other keys, and keeps chips as safe in each.",
  ),
  fast_path_enabled: about(
    z.boolean().optional(),
    "Whether the votes of everybody decide a phase early. Without it they do, in the phase robust alone.",
    { examples: [true] },
  ),
  fast_path_trust_threshold: about(
    fixed(
      1,
      "the fast path wants the votes of all kiosks: with the most trusted ones alone two histories could be decided",
    ),
    "Of all kiosks, those whose votes it takes.",
  ),
  batch_size: about(
    whole(1, 50).optional(),
    "Requests agreed on at once; with 1 each is agreed on alone. Without it 50, and 1 in the phase basic.",
    { examples: [50] },
  ),
  pipeline_depth: about(
    whole(1, SLOTS_MAX).optional(),
    "Sequences open at once. Without it 8 over BLE, 3 over LAN, and 1 in the phase basic.",
    { examples: [8] },
  ),
});

const security = section("What is proved. Nothing of it can be turned off.", {
  signatures: about(fixed("ed25519", "kiosks are known by Ed25519 keys and nothing else"), "With what kiosks sign."),
  message_authentication: about(
    fixed(true, "what is not signed could be said by anybody, and nothing that is agreed would be proved"),
    "Whether every message is signed.",
  ),
  certificate_validation: about(
    fixed(false, "kiosks are known by their own keys: there are no certificates of others that could be checked"),
    "Whether certificates of others are.",
  ),
  ct_log_verification: about(
    fixed(false, "without certificates there is no public log of them that could be asked"),
    "Whether public logs of them are.",
  ),
});

const network = section("What crosses the air. Nothing of it can be turned off.", {
  encryption_required: about(
    fixed(true, "whoever stands near hears every radio, so that a link is encrypted or there is none"),
    "Whether links without encryption are refused.",
  ),
  max_message_size: about(
    fixed(
      MESSAGE_SIZE_MAX,
      `every kiosk refuses what is longer than ${MESSAGE_SIZE_MAX} bytes, so that one alone cannot change it`,
    ),
    "Bytes of a message.",
  ),
  message_compression: about(
    fixed(true, "a message that gets no shorter is sent as it is, and every kiosk understands both"),
    "Whether messages are packed that get shorter by it.",
  ),
  quic_transport: about(fixed(false, "kiosks speak over BLE radios, where there is no QUIC"), "Whether QUIC is used."),
});

const storage = section("What is kept.", {
  evidence_retention_days: about(
    whole(limits.EVIDENCE_RETENTION_MIN_DAYS, limits.EVIDENCE_RETENTION_MAX_DAYS).default(30),
    "How long signed evidence is: longer than any dispute about it may last.",
  ),
});

const LOOPBACK =
  "the page is for people at this kiosk: it listens on loopback alone, 127.0.0.1, ::1 or localhost; hardway run --listen is for the house";

const web = section("The page of this kiosk.", {
  enabled: about(z.boolean().default(true), "Whether there is one."),
  host: about(choice(["127.0.0.1", "::1", "localhost"], LOOPBACK).default("127.0.0.1"), "Where it listens."),
  hosts: about(
    z.array(hostName).max(limits.HOST_NAMES_MAX).default([]),
    "With hardway run --listen: names by which browsers in the house know this machine, beside its own and its addresses. Whoever asks by another is refused.",
  ),
  port: about(
    whole(1, limits.PORT_MAX).default(8080),
    "The first that is tried: where it is taken, the next, which is told.",
  ),
});

const mqtt = section("A house's own broker: state goes there, and orders come from there if you let them.", {
  enabled: about(z.boolean().default(false), "Whether anything is told to a broker."),
  url: about(broker.default("mqtt://127.0.0.1:1883"), "Where it is."),
  username: about(line(NAME_SIZE_MAX).optional(), "As whom.", { examples: ["kiosk"] }),
  password_file: about(path.optional(), "Its first line is the password.", { examples: ["mqtt-password"] }),
  topic: about(topicPart.default("hardway"), "The first part of every topic; the second is this kiosk's short name."),
  commands: about(
    choice(["nobody", "players", "operators"]).default("nobody"),
    "Whose orders are taken from there: whoever may write to the broker gives them.",
  ),
  home_assistant: about(z.boolean().default(true), "Whether Home Assistant is told what there is."),
});

const level = choice(LEVELS);
const levelOfPart = level.optional().meta({ examples: ["info"] });

const logs = section("What this kiosk tells of itself. Levels can be changed while it runs.", {
  level: about(level.default("info"), "How much is told, where a part has no level of its own."),
  levels: section(
    "Of single parts, where it is another one.",
    Object.fromEntries(PARTS.map((part) => [part, levelOfPart])) as { [part in Part]: typeof levelOfPart },
  ),
  form: about(
    choice(["auto", "json", "text"]).default("auto"),
    "How the standard error is written: auto is text on a terminal, and JSON elsewhere.",
  ),
  file: about(path.optional(), "A file for it as well, always JSON, a line each.", { examples: ["hardway.log"] }),
  file_size_mib: about(whole(1, limits.LOG_FILE_MAX_MIB).default(8), "When it is so long, a new one is begun."),
  files_max: about(whole(1, limits.LOG_FILES_MAX).default(4), "The present file and older ones that are kept."),
});

export const CONFIG_SCHEMA = z.strictObject({
  ...{ kiosk, radios, table, identity, consensus, fault_detection: faultDetection, performance },
  ...{ security, network, storage, web, mqtt, logs },
});

/** What a file may hold. */
export type WrittenConfig = z.output<typeof CONFIG_SCHEMA>;
