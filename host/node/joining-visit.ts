/**
 * A kiosk that has no place yet: it hears which tables there are, asks one for a place, and hears what the members make of it. It
 * knows the table's secret, from its settings or by a pairing, and somebody whom it believes. When it has its place it starts as
 * a member does, over links of its own.
 */
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { type Counter, counter, millis } from "../../protocol/core/units.ts";
import type { ProtocolVersion } from "../../protocol/core/version.ts";
import { seal } from "../../protocol/envelope/seal.ts";
import { bytesComeBefore } from "../../protocol/message/fields.ts";
import type { JoinAccept, JoinReject, JoinRequest } from "../../protocol/message/join.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import { found } from "../engine/consensus/found.ts";
import type { Options } from "../engine/consensus/options.ts";
import type { Machine } from "../engine/machine.ts";
import type { Ports } from "../engine/ports.ts";
import { joining, nextDeadline, step } from "../engine/reception/joining.ts";
import type { JoiningEffect, JoiningEvent } from "../engine/reception/joining-events.ts";
import { type ListedTable, listTables, lobby, onAnnouncement } from "../engine/reception/lobby.ts";
import type { Letter } from "../mesh/judge.ts";
import type { Mesh } from "../mesh/state.ts";
import type { NodeClock } from "./clock.ts";
import { counters } from "./counters.ts";
import type { Joined } from "./joining-founding.ts";
import type { OpenMail } from "./mail.ts";

export interface VisitOptions {
  readonly key: Uint8Array;
  /** With the kiosk's own key. */
  readonly ports: Ports;
  readonly consensus: Options;
  /** Over the links of that table. */
  readonly mail: OpenMail<null>;
  readonly table: Uint8Array;
  /** Members whom this kiosk has its own reasons to believe. */
  readonly anchors: readonly Uint8Array[];
  /** Of this software. */
  readonly version: ProtocolVersion;
  readonly clock: NodeClock;
  readonly on?: (effect: JoiningEffect) => void;
}

export type Visited = Joined | (JoiningEffect & { readonly type: "refused" });

export interface Visit {
  /** To look at. */
  readonly mesh: Mesh;
  /** As a person is shown them, those first that anchors announce. */
  readonly tables: () => readonly ListedTable[];
  /** Once at a time; what came of it before is over. */
  readonly ask: (request: JoinRequest) => Promise<Visited>;
  readonly giveUp: () => void;
  readonly close: () => void;
}

export function visit(options: VisitOptions): Visit {
  const { key, ports, consensus, table, clock } = options;
  const world = { ports, machine: NOTHING };
  const anchors = [...options.anchors].sort((left, right) => (bytesComeBefore(left, right) ? -1 : 1));
  const founding = { options: consensus, table, members: anchors, key, at: clock.now(), wallMs: clock.wallMs() };
  const of = joining(clock.now(), clock.wallMs(), key, consensus.rules);
  const heard = lobby(clock.now());
  const numbers = counters(0, clock.wallMs());
  let onEnd: (visited: Visited) => void = () => {};
  let callOff = (): void => {};
  let isClosed = false;

  const feed = (event: Untimed<JoiningEvent>): void => {
    const effects: JoiningEffect[] = [];
    step(of, { ...event, at: clock.now() } as JoiningEvent, effects);
    for (const effect of effects) {
      options.on?.(effect);
      if (effect.type === "ask") say({ type: "joinRequest", ...effect.request });
      else if (effect.type === "joined" || effect.type === "refused") onEnd(effect);
    }
    rest();
  };

  const rest = (): void => {
    callOff();
    const at = nextDeadline(of);
    if (at !== undefined && !isClosed)
      callOff = clock.after(Math.max(0, at - clock.now()), () => feed({ type: "tick" }));
  };

  const say = (message: Message): void => {
    const time = millis(Math.max(0, Math.floor(clock.wallMs())));
    post.saySealed(seal(message, { type: "stranger", key, time, counter: nextNumber(), table }, ports), message, "all");
  };

  /** Of this process alone: whoever starts again begins at the date. */
  const nextNumber = (): Counter => {
    numbers.next += 1;
    return counter(numbers.next - 1);
  };

  const hear = (letter: Letter): void => {
    if ("said" in letter || letter.from.type !== "stranger") return;
    const { from, message } = letter;
    if (from.table === undefined) return;
    const by = new Uint8Array(from.key);
    if (message.type === "tableAnnouncement") {
      const { type: _, ...announcement } = message;
      const isKnown = anchors.some((each) => bytesEqual(each, by));
      onAnnouncement(heard, { at: clock.now(), table: new Uint8Array(from.table), from: by, isKnown, announcement });
      if (bytesEqual(from.table, table)) feed({ type: "announced", from: by, announcement });
    }
    if (!bytesEqual(from.table, table)) return;
    // An envelope's bytes are nobody's for long.
    if (message.type === "joinAccept") feed({ type: "accept", from: by, accept: structuredClone<JoinAccept>(message) });
    if (message.type === "joinReject") feed({ type: "reject", from: by, reject: structuredClone<JoinReject>(message) });
  };

  const listen = (): void => {
    if (isClosed) return;
    for (const news of post.take(Number.POSITIVE_INFINITY)) if (news.type === "letter") hear(news.letter);
  };
  let isListening = false;
  const post = options.mail({
    // Of nobody's state: what members say to each other is not understood here.
    ...{ key, replica: found(founding, world), world, clock, tables: [] },
    isDeaf: () => isClosed,
    onNews() {
      if (isListening) return;
      isListening = true;
      clock.after(0, () => {
        isListening = false;
        listen();
      });
    },
    onRefused: () => {},
  });

  return {
    mesh: post.mesh,
    tables: () => listTables(heard, options.version, consensus.rules),
    ask: (request) =>
      new Promise((resolve) => {
        onEnd = resolve;
        feed({ type: "join", table, anchors, request });
      }),
    giveUp: () => feed({ type: "giveUp" }),
    close() {
      isClosed = true;
      callOff();
      post.close();
    },
  };
}

/** Who has no place agrees on nothing. */
const NOTHING: Machine<null> = Object.freeze({
  ...{ initial: () => null, restore: () => null, deadline: () => undefined, advance: () => {} },
  ...{ execute: () => new Uint8Array(0), snapshot: () => new Uint8Array(0) },
});

type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;
