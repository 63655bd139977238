/** One kiosk of the rehearsal as a process of its own: a socket for a wire, noise on what it hears, a report a second to
 * the process that started it. It ends with that process. */
import { connect, createServer, type Socket } from "node:net";
import { disturb, noise } from "../../hardware/virtual/noise.ts";
import { assert } from "../../protocol/core/assert.ts";
import { chance } from "../../protocol/core/chance.ts";
import { millis } from "../../protocol/core/units.ts";
import { sign, verify } from "../crypto/ed25519.ts";
import { importPublicKey, keyPairFromSeed, type PublicKey } from "../crypto/ed25519-keys.ts";
import type { Begin, Report, Rest } from "./kiosk-report.ts";
import { nextDeadline, type RehearsalEffect, type RehearsalEvent, rehearsal, step } from "./rehearsal.ts";

/** What the socket is given at a time; it has no baud rate to pace it. */
const ROOM = 1024;
const REPORT_EVERY_MS = 1000;
/** For the last votes to be repeated and heard on a bad wire. */
const SETTLE_MS = 1500;

// Ctrl-C reaches the whole group; the starter says when to rest, and its end is ours.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(0));
process.once("message", (begin: Begin) => {
  if (begin.me === 0) {
    const server = createServer((socket) => {
      server.close();
      talk(begin, socket);
    });
    server.listen(begin.path, () => process.send?.({ type: "listening" }));
  } else {
    talk(begin, connect(begin.path));
  }
});

function talk(begin: Begin, socket: Socket): void {
  const { publicKey, privateKey } = keyPairFromSeed(bytes(begin.seed));
  const members = begin.members.map(bytes);
  assert(
    bytes(begin.seed).length === 32 && hex(publicKey.bytes) === begin.members[begin.me],
    "the seed is this member's",
  );
  const keys = new Map(members.map((key) => [hex(key), imported(key)]));
  const ports = {
    sign: (signed: Uint8Array) => sign(privateKey, signed),
    verify(key: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
      const known = keys.get(hex(key));
      return known !== undefined && verify(known, signed, signature);
    },
  };
  const state = rehearsal(begin.me, bytes(begin.table), members);
  const cable = noise(begin.errorRate, chance(begin.noiseSeed));
  const now = () => millis(performance.now());
  let timer: NodeJS.Timeout | undefined;

  const turn = (event: RehearsalEvent): void => {
    const effects: RehearsalEffect[] = [];
    step(state, event, effects, ports);
    for (const effect of effects) socket.write(effect.bytes);
    if (state.link.room < ROOM / 2 && !socket.writableNeedDrain) {
      turn({ type: "writable", at: now(), room: ROOM });
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => turn({ type: "tick", at: now() }), Math.max(1, nextDeadline(state) - now()));
  };

  socket.on("data", (heard) => turn({ type: "received", at: now(), bytes: disturb(cable, heard) }));
  socket.on("drain", () => turn({ type: "writable", at: now(), room: ROOM }));
  socket.on("error", (error) => {
    console.error(`kiosk ${begin.me}: the wire ${begin.path} failed: ${error.message}`);
    process.exit(1);
  });
  socket.on("close", () => process.exit(0));
  const report = (final: boolean): void => {
    const { flipped, lost, inserted } = cable;
    const report: Report = {
      type: "report",
      me: begin.me,
      final,
      open: state.link.mode === "open",
      tally: state.tally,
      link: state.link.counters,
      outbox: state.outbox.counters,
      noise: { flipped, lost, inserted },
    };
    process.send?.(report);
  };
  setInterval(() => report(false), REPORT_EVERY_MS);
  process.on("message", (said: Rest) => {
    if (said.type !== "rest") return;
    turn({ type: "rest", at: now() });
    setTimeout(() => report(true), SETTLE_MS);
  });
  turn({ type: "begin", at: now(), session: begin.session });
}

function imported(key: Uint8Array): PublicKey {
  const result = importPublicKey(key);
  assert(result.ok, "a member's key has its size");
  return result.key;
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));
const hex = (of: Uint8Array): string => Buffer.from(of).toString("hex");
