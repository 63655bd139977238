/** Who can be played to, and who plays: a recorded side, literally or in its part, and a virtual board. */
import { assert } from "../../../protocol/core/assert.ts";
import { CLASS_COUNT, SERIAL_PACKET_SIZE_MAX } from "../../../protocol/core/limits.ts";
import type { PacketClass } from "../../../protocol/core/packet-class.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from "../../../protocol/core/version.ts";
import type { Opening } from "../../../protocol/frame/frame.ts";
import type { LinkEffect, LinkEvent } from "../../../protocol/link/events.ts";
import { nextDeadline as linkDeadline, step as stepLink } from "../../../protocol/link/link.ts";
import { link } from "../../../protocol/link/state.ts";
import type { Board } from "../../boards/board.ts";
import type { WorldEffect, WorldEvent } from "../events.ts";
import { step as stepWorld, world, nextDeadline as worldDeadline } from "../world.ts";
import { overhearing } from "./overhear.ts";
import { hear, type Party } from "./replay.ts";
import type { Direction, Trace } from "./trace.ts";

/** For a recording that began in the middle. */
const OPENING: Opening = Object.freeze({
  session: 1,
  major: PROTOCOL_MAJOR,
  minor: PROTOCOL_MINOR,
  features: 0,
  space: 4096,
  packetSizeMax: SERIAL_PACKET_SIZE_MAX,
});
const ROOM = 1 << 20;
/** Packets of a class given to the link; the rest waits here. */
const AHEAD_MAX = 8;
const WAITING_SIZE_MAX = CLASS_COUNT * AHEAD_MAX * SERIAL_PACKET_SIZE_MAX;

/** Byte for byte, whatever is answered. */
export function literally(trace: Trace, direction: Direction): Party {
  const lines = trace.lines.flatMap((line) => (line.type === "bytes" && line.direction === direction ? [line] : []));
  let next = 0;
  return {
    deadline: () => lines[next]?.atMs ?? Number.POSITIVE_INFINITY,
    turn(at, _, say) {
      for (; next < lines.length && lines[next].atMs <= at; next++) say(lines[next].bytes);
    },
  };
}

type Act =
  | { readonly type: "open"; readonly atMs: number; readonly opening: Opening }
  | { readonly type: "packet"; readonly atMs: number; readonly class: PacketClass; readonly bytes: Uint8Array };

/** Its packets at their times, over a link of its own; what was said before the link is open waits. */
export function inItsPart(trace: Trace, direction: Direction): Party {
  const acts = actsOf(trace, direction);
  const first = acts.find((act) => act.type === "open")?.opening ?? OPENING;
  const { major, minor, features, space, packetSizeMax } = first;
  const end = link({ major, minor, features, space, packetSizeMax, waitingSizeMax: WAITING_SIZE_MAX });
  let next = 0;

  const feed = (event: LinkEvent, say: (bytes: Uint8Array) => void): void => {
    const effects: LinkEffect[] = [];
    stepLink(end, event, effects);
    for (const effect of effects) if (effect.type === "transmit") say(effect.bytes);
  };
  const mayGoOn = (act: Act | undefined): act is Act =>
    act !== undefined && (act.type === "open" || (end.mode === "open" && end.waiting[act.class].length < AHEAD_MAX));

  return {
    deadline() {
      const act = acts[next];
      return Math.min(
        linkDeadline(end) ?? Number.POSITIVE_INFINITY,
        mayGoOn(act) ? act.atMs : Number.POSITIVE_INFINITY,
      );
    },
    turn(at, heard, say) {
      feed({ type: "writable", at, room: ROOM, whole: true }, say);
      feed(heard === undefined ? { type: "tick", at } : { type: "received", at, bytes: heard }, say);
      for (let act = acts[next]; mayGoOn(act) && act.atMs <= at; act = acts[++next]) {
        if (act.type === "open") feed({ type: "open", at, session: act.opening.session }, say);
        else feed({ type: "submit", at, class: act.class, bytes: act.bytes, token: 0 }, say);
      }
    },
  };
}

/** A board of that kind alone on its air, on a good wire. */
export function virtualBoardParty(board: Board, seed: number): Party {
  const alone = world({ seed, errorRate: 0, boards: [{ board, position: { x: 0, y: 0 } }] });
  const feed = (event: WorldEvent, say: (bytes: Uint8Array) => void): void => {
    const effects: WorldEffect[] = [];
    stepWorld(alone, event, effects);
    for (const effect of effects) if (effect.type === "read") say(effect.bytes);
  };
  return {
    deadline: () => worldDeadline(alone),
    turn(at, heard, say) {
      feed(heard === undefined ? { type: "tick", at } : { type: "write", at, board: 0, bytes: heard }, say);
    },
  };
}

/** What one side did, as far as its bytes tell. */
function actsOf(trace: Trace, direction: Direction): Act[] {
  const acts: Act[] = [];
  const ear = overhearing(direction);
  let session: number | undefined;
  for (const line of trace.lines) {
    for (const heard of hear(ear, line)) {
      if (heard.type === "packet") {
        const { atMs, bytes } = heard;
        if (session === undefined) acts.push({ type: "open", atMs, opening: OPENING });
        session ??= OPENING.session;
        acts.push({ type: "packet", atMs, class: heard.class, bytes });
      } else if (heard.type === "frame" && (heard.frame.type === "reset" || heard.frame.type === "resetAck")) {
        const { opening } = heard.frame;
        if (opening.session !== session) acts.push({ type: "open", atMs: heard.atMs, opening });
        session = opening.session;
      }
    }
  }
  return acts;
}

/** Sessions in the order in which one side opened them: for a subject that must begin as then. */
export const sessionsOf = (trace: Trace, direction: Direction): { readonly at: Millis; readonly session: number }[] =>
  actsOf(trace, direction).flatMap((act) =>
    act.type === "open" ? [{ at: millis(act.atMs), session: act.opening.session }] : [],
  );

assert(ROOM > 2 * SERIAL_PACKET_SIZE_MAX, "a part is never kept waiting by its own wire");
