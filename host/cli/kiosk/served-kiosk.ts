/**
 * A kiosk with all that belongs to it: journal, radios, engine and dice, its history behind the journal, its log, and its page. The same
 * for `hardway run` and for each process of `hardway start`.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { unreachable } from "../../../protocol/core/assert.ts";
import type { JoinRequest } from "../../../protocol/message/join.ts";
import { diceKeyOf } from "../../crypto/ristretto-keys.ts";
import { sha256 } from "../../crypto/sha256.ts";
import type { Effect } from "../../engine/consensus/events.ts";
import type { Logger } from "../../logs/logger.ts";
import type { NodeClock } from "../../node/clock.ts";
import type { CrapsRules } from "../../node/craps-table.ts";
import { cryptoPorts } from "../../node/crypto-ports.ts";
import { ownDicePorts } from "../../node/dice-ports.ts";
import type { OwnKey } from "../../node/key-file.ts";
import type { SeenRoll } from "../../node/roll-watch.ts";
import { type KioskOptions, type RunningKiosk, type StartedKiosk, startKiosk } from "../../node/start-kiosk.ts";
import { type Disk, DiskError } from "../../storage/disk.ts";
import { fileDisk } from "../../storage/file-disk.ts";
import type { MqttOptions } from "../../web/mqtt/bridge.ts";
import type { KioskPort, NearKioskPort } from "../../web/server/kiosk-port.ts";
import { startWebServer, type WebOptions, type WebServer } from "../../web/server/serve.ts";
import { webClock } from "../../web/server/web-clock.ts";
import type { OperatorDesk } from "../../web/view/seen-kiosk.ts";
import { watchKiosk } from "../../web/view/view.ts";
import { consensusOf } from "./agreed.ts";
import { readBelief } from "./belief-file.ts";
import { type GivenIdentity, givenText } from "./given-table.ts";
import type { OpenLobby } from "./lobby.ts";
import { effectLog } from "./log-effects.ts";
import { clockWatch, tellVerdict } from "./machine-log.ts";
import { keepPast } from "./past.ts";
import { agreedAt, bytesOf, rulesOf, type TableFile } from "./table-file.ts";

export interface ServedOptions {
  readonly name: string;
  readonly version: string;
  /** Of its key, journal and history. */
  readonly folder: string;
  readonly own: OwnKey;
  readonly table: TableFile;
  /** The table's. */
  readonly secret: Uint8Array;
  readonly radios: KioskOptions["radios"];
  readonly planned: KioskOptions["planned"];
  /** What an identity costs there, for whoever is paired with; undefined: it is told of its table by other means. */
  readonly identity?: GivenIdentity | undefined;
  /** Where others may ask for a place; undefined: nobody is let in. */
  readonly lobby?: OpenLobby | undefined;
  readonly clock: NodeClock;
  readonly log: Logger;
  /** As it asks for that, of a kiosk that has no place and only looks on. */
  readonly looksOn?: JoinRequest | undefined;
  /** The engine's seats that people sit at here. */
  readonly seats: readonly number[];
  readonly isVirtual: boolean;
  readonly desk: OperatorDesk;
  /** Undefined: no broker is told anything. */
  readonly mqtt?: HouseBroker | undefined;
  /** Undefined: there is no page. */
  readonly web: Pick<WebOptions, "host" | "hosts" | "port" | "page" | "pin" | "everybodyOperates"> | undefined;
  /** What stands between the mesh and its links, if anything does. */
  readonly between?: KioskOptions["between"];
  readonly on?: (effect: Effect) => void;
  /** Each roll as it is executed, not those that the journal brings back. */
  readonly onRoll?: (roll: SeenRoll) => void;
}

export type HouseBroker = Omit<MqttOptions, "id" | "name" | "version" | "port" | "log">;

export interface ServedKiosk {
  readonly running: RunningKiosk;
  readonly rules: CrapsRules;
  readonly port: NearKioskPort;
  /** Undefined where there is none, or it could not be opened: play goes on without. */
  readonly web: WebServer | undefined;
  /** What an operator sees has changed. */
  readonly look: () => void;
  /** In order: pages are told, the journal is closed, the last rows are written. */
  readonly close: () => Promise<void>;
}

export type StartedServed =
  | { readonly ok: true; readonly kiosk: ServedKiosk }
  /** For people: what is wrong, and the next thing to try. */
  | { readonly ok: false; readonly kind: "locked" | "foreign" | "failed"; readonly why: string; readonly next: string };

/** Few kiosks speak to a broker: what does takes a quarter of the time in which any command begins. */
const mqtt = () => import("../../web/mqtt/bridge.ts");

/** A kiosk's short name in topics: the first digits of its key. */
const BROKER_ID_LENGTH = 12;
/** How often radios are asked for their counters, and looked at for the log. */
const RADIOS_EVERY_MS = 1_000;

export async function serveKiosk(options: ServedOptions): Promise<StartedServed> {
  const { name, version, folder, own, table, clock, log, seats } = options;
  const key = own.pair.publicKey.bytes;
  const ports = cryptoPorts(own.pair);
  const dicePorts = ownDicePorts(ports);
  const rules = rulesOf(table, dicePorts);
  const diceKey = diceKeyOf(key);
  if (rules === undefined || diceKey === undefined) {
    return {
      ok: false,
      kind: "foreign",
      why: "a member's key is none",
      next: "a table of kiosks whose keys hardway identity show says",
    };
  }
  const belief = readBelief(folder);
  const { looksOn } = options;
  if (belief === undefined && looksOn === undefined && !table.members.includes(Buffer.from(key).toString("hex"))) {
    const next = "hardway table join with the file of a table that it is a member of, or hardway identity restore";
    return {
      ok: false,
      kind: "foreign",
      why: `the key in ${folder} is none of the table's ${table.members.length} members'`,
      next,
    };
  }
  const disk = diskAt(folder);
  if (disk instanceof DiskError) {
    await options.lobby?.close();
    return { ok: false, kind: "failed", ...wordsOf({ ok: false, why: "disk", error: disk }, folder) };
  }
  const consensus = consensusOf(agreedAt(table));
  const past = keepPast(folder, rules, log.of("storage"));
  const logged = effectLog(log);
  /** Of members that came later: as they said themselves. */
  let guests: (() => ReadonlyMap<string, string>) | undefined;
  const watched = watchKiosk({
    ...{ name, version, key, rules, seats, clock, isVirtual: options.isVirtual, operator: options.desk },
    nameOf: (member) =>
      member === Buffer.from(key).toString("hex") ? name : (table.names?.[member] ?? guests?.().get(member)),
    batchLengthMax: consensus.batchLengthMax,
  });
  let isRunning = false;
  const started = await startKiosk({
    ...{ key, ports, rules, consensus, clock, hash: sha256, table: bytesOf(table.table) },
    ...{ members: table.members.map(bytesOf), secret: options.secret, planned: options.planned },
    dice: { secret: own.diceSecret, key: diceKey, ports: dicePorts },
    ...{ disk, driver: { clock, onLogged: logged.onRadio }, radios: options.radios },
    draw: () => new Uint8Array(randomBytes(32)),
    past: past.past,
    ...(belief === undefined ? {} : { belief }),
    ...(looksOn === undefined ? {} : { looksOn }),
    ...(options.lobby === undefined ? {} : { lobby: options.lobby.lobby }),
    ...(options.identity === undefined ? {} : { about: givenText({ table, identity: options.identity }) }),
    onPairing: () => watched.look(),
    ...(options.between === undefined ? {} : { between: options.between }),
    on(effect) {
      past.on(effect);
      logged.on(effect);
      watched.on(effect);
      options.on?.(effect);
    },
    onRoll(roll) {
      past.onRoll(roll);
      watched.onRoll(roll);
      if (!isRunning) return;
      logged.onRoll(roll);
      options.onRoll?.(roll);
    },
  });
  if (!started.ok) {
    await past.close();
    await options.lobby?.close();
    const kind = started.why === "locked" ? "locked" : started.why === "another table" ? "foreign" : "failed";
    return { ok: false, kind, ...wordsOf(started, folder) };
  }
  isRunning = true;
  past.open();
  const running = started.kiosk;
  tellVerdict(log.of("storage"), running.node.verdict, folder);
  guests = () =>
    new Map((running.node.lobby?.participants ?? []).map((each) => [Buffer.from(each.key).toString("hex"), each.name]));
  const port = watched.show(running);
  const web = await pageOf(options, port);
  const id = Buffer.from(key).toString("hex").slice(0, BROKER_ID_LENGTH);
  const broker =
    options.mqtt && (await mqtt()).startMqtt({ ...options.mqtt, id, name, version, port, log: log.of("web") });

  const lookAtClock = clockWatch(log.of("kiosk"), clock);
  const timer = setInterval(() => {
    lookAtClock();
    running.radios.askCounters();
    logged.look(running.radios.reports());
  }, RADIOS_EVERY_MS);
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    clearInterval(timer);
    watched.end();
    await broker?.close();
    await web?.close();
    watched.close();
    try {
      await running.close();
    } finally {
      // On a disk that failed the journal's lock cannot be given back; nothing else is to keep the process alive.
      await past.close();
      await options.lobby?.close();
    }
  };
  return { ok: true, kiosk: { running, rules, port, web, look: watched.look, close: () => (closed ??= close()) } };
}

async function pageOf(
  { name, version, web, log, clock }: ServedOptions,
  port: KioskPort,
): Promise<WebServer | undefined> {
  if (web === undefined) return undefined;
  const started = await startWebServer({
    ...{ kiosks: [{ name, port }], version, log: log.of("web"), ...web },
    // What a page counts down to is told by the kiosk's own clock.
    clock: { nowMs: webClock.nowMs, wallMs: clock.wallMs },
  });
  if (started.ok) return started.server;
  log.of("web").error("there is no page", { why: started.why, next: started.next });
  return undefined;
}

/** The folder may be made by this, and is as durable then as its name. */
function diskAt(folder: string): Disk | DiskError {
  try {
    return fileDisk(join(folder, "journal"));
  } catch (error) {
    if (error instanceof DiskError) return error;
    throw error;
  }
}

function wordsOf(
  failed: Exclude<StartedKiosk, { ok: true }>,
  folder: string,
): { readonly why: string; readonly next: string } {
  switch (failed.why) {
    case "locked": {
      const next = "end that one first: one process a kiosk";
      return { why: `the journal in ${folder} is in use by ${failed.holder}`, next };
    }
    case "too many set aside": {
      const next = "look at them, move them away, and see whether the disk is sound";
      return { why: `too many damaged journals lie in ${folder}: ${failed.setAside.join(", ")}`, next };
    }
    case "other version":
    case "unreadable": {
      const next = "that version, or another folder";
      return { why: `another version of this program wrote the journal in ${folder}`, next };
    }
    case "another table": {
      const next = "the table.json that it was founded with, or another folder for this table";
      return { why: `the journal in ${folder} is of another table`, next };
    }
    case "disk":
      return { why: diskWords(failed.error, folder), next: "make room there, or look after the disk" };
    default:
      return unreachable(failed);
  }
}

/** Of a disk that failed, at the start or on the way. */
export function diskWords(error: Error, folder: string): string {
  // A journal that failed says why in its cause.
  const { code } = (error.cause ?? error) as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") return `the disk under ${folder} is full: nothing that was said is lost`;
  if (code === "EROFS") return `the disk under ${folder} can only be read`;
  return `the disk under ${folder}: ${error.message}`;
}
