/** A host that can be played to, and recordings of it with virtual boards. */
import type { Board } from "../../../../hardware/boards/board.ts";
import { virtualBoardParty } from "../../../../hardware/virtual/trace/parties.ts";
import { type Party, replay } from "../../../../hardware/virtual/trace/replay.ts";
import type { Trace } from "../../../../hardware/virtual/trace/trace.ts";
import type { Order, SessionEffect, SessionEvent } from "../../../../host/radio/events.ts";
import { nextDeadline, session, step } from "../../../../host/radio/session.ts";

export interface Act {
  readonly atMs: number;
  readonly order: Order;
}

/** It opens its port at `openAt` and orders what it is told to. */
export function sessionParty(openAt: number, acts: readonly Act[], heard: SessionEffect[] = [], number = 77): Party {
  const host = session();
  let opened = false;
  let next = 0;
  const dueAt = (): number => (opened ? (acts[next]?.atMs ?? Number.POSITIVE_INFINITY) : openAt);
  return {
    deadline: () => Math.min(dueAt(), nextDeadline(host) ?? Number.POSITIVE_INFINITY),
    turn(at, bytes, say) {
      const feed = (event: SessionEvent): void => {
        const effects: SessionEffect[] = [];
        step(host, event, effects);
        for (const effect of effects) {
          if (effect.type === "transmit") say(effect.bytes);
          else heard.push(effect);
        }
      };
      if (!opened && at >= openAt) {
        opened = true;
        feed({ type: "plugged", at, session: number });
      }
      feed({ type: "writable", at, room: 4096 });
      feed(bytes === undefined ? { type: "tick", at } : { type: "received", at, bytes });
      for (; opened && next < acts.length && acts[next].atMs <= at; next++) {
        feed({ type: "order", at, order: acts[next].order });
      }
    },
  };
}

export const ACTS: readonly Act[] = [
  { atMs: 900, order: { type: "start", role: "server", name: "recorded" } },
  { atMs: 1000, order: { type: "echo", bytes: Uint8Array.from({ length: 300 }, (_, at) => at & 0xff) } },
  { atMs: 1200, order: { type: "logLevel", level: 2 } },
  { atMs: 1300, order: { type: "cancel" } },
  { atMs: 1400, order: { type: "counters" } },
  { atMs: 3000, order: { type: "echo", bytes: new Uint8Array(100).fill(0xc0) } },
];

/** A host that orders `ACTS` of a board, heard by somebody on the wire. */
export function recorded(board: Board, heard: SessionEffect[] = []): Trace {
  const header = { trace: 1, board: board.name, device: "virtual:", beganAt: 0 } as const;
  const length = { type: "note", atMs: 5000, words: "the end" } as const;
  const host = sessionParty(500, ACTS, heard);
  const { lines } = replay({ header, lines: [length] }, "up", host, virtualBoardParty(board, 1));
  return { header, lines };
}
