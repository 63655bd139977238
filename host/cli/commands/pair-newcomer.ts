/** A kiosk without a table is paired over its own radios, and keeps what it was given where the next commands look for it. */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { replaceConfig } from "../../config/config-file.ts";
import { editConfig } from "../../config/edit.ts";
import { nodeClock } from "../../node/clock.ts";
import { cryptoPorts } from "../../node/crypto-ports.ts";
import type { OwnKey } from "../../node/key-file.ts";
import { PAIRED_LINK_KEPT_MS } from "../../node/limits.ts";
import type { PairingControl } from "../../node/pairing-desk.ts";
import { startPairing } from "../../node/start-pairing.ts";
import type { GivenTable } from "../../secure/pairing-record.ts";
import { InputError } from "../command.ts";
import type { Io } from "../io.ts";
import { type Given, readGiven } from "../kiosk/given-table.ts";
import { bytesOf, writeTable } from "../kiosk/table-file.ts";
import { nearest } from "../nearest.ts";
import { exitOfFault } from "../read-text.ts";
import { configText, keyOf } from "./config-source.ts";
import { identityScope, readRecord } from "./identity-record.ts";
import { fingerprint } from "./identity-words.ts";
import { keepSecret } from "./init-secrets.ts";
import { fileWords, hex, type OwnKiosk } from "./own-kiosk.ts";
import { pairAt, type SeenPairing } from "./pair-screen.ts";
import { radiosOf } from "./run.ts";

/** As `hardway table join` takes it. */
export const GIVEN_FILE = "given-table.json";

export async function pairNewcomer(kiosk: OwnKiosk, own: OwnKey, io: Io): Promise<void> {
  if (kiosk.config.radios.length === 0) {
    throw new InputError(
      "missing",
      "this kiosk has no radio.",
      "hardway radio list, then hardway config set radios DEVICE …",
    );
  }
  const key = own.pair.publicKey.bytes;
  const met = startPairing({
    ...{ key, ports: cryptoPorts(own.pair), clock: nodeClock, radios: radiosOf(kiosk.config), driver: {} },
    draw: () => new Uint8Array(randomBytes(32)),
  });
  try {
    met.pairing.begin();
    const delay = (): string | undefined => met.radios.reports().find(({ isUp }) => !isUp)?.words || undefined;
    const { peer } = await pairAt(steered(met.pairing, delay), io);
    const given = await givenBy(met.pairing, io);
    const stored = await store(kiosk, given);
    await tell(kiosk, key, { given, stored, peer: peer ?? "" }, io);
    // What says to the other end that it was taken may be lost.
    await within(() => io.signal.aborted, PAIRED_LINK_KEPT_MS / 2);
  } finally {
    met.close();
  }
}

const steered = (of: PairingControl, delay: () => string | undefined) => ({
  async look(): Promise<SeenPairing> {
    const { stage, code, words, peer, until } = of.page();
    return {
      ...{ stage, words, code: code ?? null, peer: peer === undefined ? null : hex(peer), delay: delay() },
      leftMs: until === undefined ? undefined : Math.max(0, until - nodeClock.now()),
    };
  },
  confirm: async (isSame: boolean) => of.confirm(isSame),
  cancel: async () => of.cancel(),
});

/** It comes in the same second, or again and again. */
async function givenBy({ page }: PairingControl, io: Io): Promise<GivenTable> {
  await within(() => page().given !== undefined || io.signal.aborted, 3 * PAIRED_LINK_KEPT_MS);
  const { given } = page();
  if (given !== undefined) return given;
  const why = "the other kiosk gave nothing: it has no table either, or went out of reach.";
  throw new InputError("failed", why, "hardway table create founds one; or hardway pair, at a kiosk that has one.");
}

/** The secret first: a configuration never names what is not there. Undefined where the table said nothing of itself. */
async function store(kiosk: OwnKiosk, { id, secret, about }: GivenTable): Promise<Given | undefined> {
  const { file, folder } = kiosk;
  const read = readGiven(about);
  const given = read?.table.table === hex(id) ? read : undefined;
  const before = await configText(file);
  let text = before;
  const wanted = {
    "table.secret": hex(secret),
    ...(given === undefined ? {} : { "identity.profile": given.identity.profile }),
    ...(given === undefined ? {} : { "identity.work_bits": given.identity.work_bits }),
  };
  for (const [name, value] of Object.entries(wanted)) {
    const edited = editConfig(text, keyOf(name), value, nearest);
    if (!edited.ok) throw new InputError("unsound", `${name}: ${edited.problems[0].why}.`, "hardway config check");
    text = edited.text;
  }
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    keepSecret(folder, secret);
    if (given !== undefined) writeTable(join(folder, GIVEN_FILE), given.table);
    if (text !== before && !replaceConfig(file, before, text)) {
      throw new InputError("busy", `somebody else has written ${file} just now.`, "hardway pair, once more on both.");
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { message } = error as Error;
    throw new InputError(exitOfFault(message), `${message}.`, "Call it as the user whose kiosk this is.");
  }
  return given;
}

interface Outcome {
  readonly given: GivenTable;
  readonly stored: Given | undefined;
  /** The other kiosk's key. */
  readonly peer: string;
}

async function tell(kiosk: OwnKiosk, key: Uint8Array, { given, stored, peer }: Outcome, io: Io): Promise<void> {
  const { folder } = kiosk;
  const file = stored === undefined ? undefined : join(folder, GIVEN_FILE);
  const record = await readRecord({ folder, key, scope: identityScope(given.secret), wallMs: Date.now() });
  const isKnown = record.type === "good" && record.age === "fresh";
  const more = fileWords(kiosk);
  const next = [
    ...(isKnown ? [] : [`hardway identity mine${more}`]),
    `hardway table join ${file ?? "FILE"}${more}`,
    `hardway run${more}`,
  ];
  if (io.json) io.record({ type: "paired", table: hex(given.id), peer, file: file ?? null, next });
  io.out(`Paired with ${fingerprint(bytesOf(peer))}, of the table ${hex(given.id).slice(0, 8)}.`);
  io.out(
    `Its secret is in ${kiosk.file}${file === undefined ? "; its founder has its file" : `, its file in ${file}`}.`,
  );
  io.out("Next, while that kiosk runs:");
  for (const line of next) io.out(`  ${line}`);
}

/** Until it is so, or as long. */
async function within(isSo: () => boolean, ms: number): Promise<void> {
  for (const by = nodeClock.now() + ms; !isSo() && nodeClock.now() < by; ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
