/** One kiosk of the rehearsal as a process of its own: its radios' drivers, and a report a second to the process that
 * started it. It ends with that process. */
import { assert } from "../../protocol/core/assert.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import { COUNTER_NAMES } from "../../protocol/radio/counter-names.ts";
import { sign, verify } from "../crypto/ed25519.ts";
import { importPublicKey, keyPairFromSeed, type PublicKey } from "../crypto/ed25519-keys.ts";
import { parseDevice } from "../radio/device-url.ts";
import { type RunningDriver, runDriver, type Told } from "../radio/run-driver.ts";
import type { Begin, RadioReport, Report, Rest } from "./kiosk-report.ts";
import { nextDeadline, type RehearsalEffect, type RehearsalEvent, rehearsal, step } from "./rehearsal.ts";

const REPORT_EVERY_MS = 1000;
/** For the last votes to be repeated and heard on a bad wire. */
const SETTLE_MS = 2500;

// Ctrl-C reaches the whole group; the starter says when to rest, and its end is ours.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
process.once("message", (begin: Begin) => talk(begin));

function talk(begin: Begin): void {
  const { publicKey, privateKey } = keyPairFromSeed(bytes(begin.seed));
  const members = begin.members.map(bytes);
  assert(hex(publicKey.bytes) === begin.members[begin.me], "the seed is this member's");
  const keys = new Map(members.map((key) => [hex(key), imported(key)]));
  const ports = {
    sign: (signed: Uint8Array) => sign(privateKey, signed),
    verify(key: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
      const known = keys.get(hex(key));
      return known !== undefined && verify(known, signed, signature);
    },
  };
  const state = rehearsal(begin.me, bytes(begin.table), members);
  const radios = begin.devices.map((): RadioReport => ({ board: "", words: "", counters: {} }));
  const drivers: RunningDriver[] = [];
  let timer: NodeJS.Timeout | undefined;

  const turn = (event: RehearsalEvent): void => {
    const effects: RehearsalEffect[] = [];
    step(state, event, effects, ports);
    for (const effect of effects) {
      if (effect.type === "order") drivers[effect.radio].order(effect.order);
      else drivers[effect.radio].send(effect.id, effect.link, effect.class, effect.packet);
    }
    clearTimeout(timer);
    const due = nextDeadline(state);
    if (due !== undefined) timer = setTimeout(() => turn({ type: "tick", at: now() }), Math.max(1, due - now()));
  };

  const onTold = (radio: number, told: Told): void => {
    const report = radios[radio];
    if (told.type === "state") radios[radio] = { ...report, words: told.state.words };
    else if (told.type === "up") radios[radio] = { ...report, board: told.hello.board };
    else if (told.type === "news" && told.report.type === "counters") {
      radios[radio] = { ...report, counters: named(told.report.values) };
    }
    // Later, because a driver may speak before its name is known here.
    if (told.type !== "state" && told.type !== "tested") {
      setImmediate(() => turn({ type: "radio", at: now(), radio, said: told }));
    }
  };

  for (const [radio, url] of begin.devices.entries()) {
    const parsed = parseDevice(url);
    assert(parsed.ok, "the starter names devices that there are");
    drivers.push(runDriver({ device: parsed.device, on: (told) => onTold(radio, told) }));
  }
  const report = (final: boolean): void => {
    const { me } = begin;
    const report: Report = { type: "report", me, final, linkCount: state.links.length, tally: state.tally, radios };
    process.send?.(report);
  };
  setInterval(() => {
    for (const driver of drivers) driver.order({ type: "counters" });
    report(false);
  }, REPORT_EVERY_MS);
  process.on("message", (said: Rest) => {
    if (said.type !== "rest") return;
    turn({ type: "rest", at: now() });
    setTimeout(() => report(true), SETTLE_MS);
  });
}

const now = (): Millis => millis(performance.now());

const named = (values: readonly number[]): { [name: string]: number } =>
  Object.fromEntries(COUNTER_NAMES.map((name, i) => [name, values[i] ?? 0]));

function imported(key: Uint8Array): PublicKey {
  const result = importPublicKey(key);
  assert(result.ok, "a member's key has its size");
  return result.key;
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));
const hex = (of: Uint8Array): string => Buffer.from(of).toString("hex");
