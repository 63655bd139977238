/** Radios of this process itself: a world of virtual boards on the host's clock, each behind a port as a real one would be. */
import type { WorldEffect, WorldEvent } from "../../hardware/virtual/events.ts";
import { type Clock, realClock } from "../../hardware/virtual/fronts/clock.ts";
import { nextDeadline, step, type World, type WorldConfig, world } from "../../hardware/virtual/world.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import { UNKNOWN_BAUD_MAX } from "./bridges.ts";
import { deviceText } from "./device-url.ts";
import { type Pacer, pacer } from "./pacer.ts";
import type { OpenPort, PortListener } from "./port.ts";

export interface VirtualPorts {
  readonly open: OpenPort;
  readonly world: World;
  readonly happen: (event: Untimed<WorldEvent>) => void;
  readonly stop: () => void;
}

type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

const TICK: Untimed<WorldEvent> = { type: "tick" };

/** What happens a thousand times a second is not copied name by name. */
const dated = (event: Untimed<WorldEvent>, at: Millis): WorldEvent => {
  if (event.type === "tick") return { type: "tick", at };
  if (event.type === "write") return { type: "write", at, board: event.board, bytes: event.bytes };
  return { ...event, at } as WorldEvent;
};

interface Held {
  readonly listener: PortListener;
  readonly pace: Pacer;
}

/** `names`: of the boards, in their order, as in virtual:NAME. */
export function virtualPorts(config: WorldConfig, names: readonly string[], clock: Clock = realClock): VirtualPorts {
  const made = world(config);
  const beganAt = clock.now();
  const held: (Held | undefined)[] = names.map(() => undefined);
  let cancel: (() => void) | undefined;
  let wakesAt: number | undefined;
  let isStopped = false;
  let isBusy = false;
  const waiting: Untimed<WorldEvent>[] = [];
  const onTick = (): void => {
    wakesAt = undefined;
    happen(TICK);
  };

  /** What a listener does at once about what it hears comes after what else was heard. */
  const happen = (event: Untimed<WorldEvent>): void => {
    waiting.push(event);
    if (isBusy || isStopped) return;
    isBusy = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const effects: WorldEffect[] = [];
      const at = millis(Math.max(made.now, clock.now() - beganAt));
      step(made, dated(next, at), effects);
      for (const effect of effects) onEffect(effect);
    }
    isBusy = false;
    wake();
  };
  const wake = (): void => {
    const at = isStopped ? Number.POSITIVE_INFINITY : nextDeadline(made);
    // What is due at the same moment as before needs no other alarm: most of what happens moves no deadline.
    if (at === wakesAt) return;
    cancel?.();
    cancel = wakesAt = undefined;
    if (at === Number.POSITIVE_INFINITY) return;
    wakesAt = at;
    cancel = clock.after(Math.max(0, at + beganAt - clock.now()), onTick);
  };
  const onEffect = (effect: WorldEffect): void => {
    const port = held[effect.board];
    if (port === undefined) return;
    if (effect.type === "read") port.listener.onBytes(effect.bytes);
    else if (!effect.plugged) {
      held[effect.board] = undefined;
      port.pace.stop();
      port.listener.onClosed("the cable is out");
    }
  };
  const open: OpenPort = async (device, { baud }, listener) => {
    const board = device.type === "virtual" ? names.indexOf(device.name) : -1;
    const refused = (kind: "missing" | "busy", why: string, next: string) =>
      ({ ok: false, problem: { kind, message: `opening ${deviceText(device)}: ${why}`, next } }) as const;
    if (board < 0) {
      const others = names.map((name) => `virtual:${name}`).join(", ");
      return refused("missing", "no virtual radio of this process has that name", `There are ${others}.`);
    }
    if (!made.boards[board].plugged) return refused("missing", "it is not there", "Put the cable in.");
    if (held[board] !== undefined) return refused("busy", "this process has it open", "Close it first.");
    const isRated = config.boards[board].hostBaud !== undefined;
    const pace = pacer(isRated ? baud : made.boards[board].baud, clock, (room) => listener.onRoom(room));
    const own: Held = { listener, pace };
    held[board] = own;
    if (isRated) happen({ type: "rate", board, baud });
    queueMicrotask(() => held[board] === own && pace.tell());
    return {
      ok: true,
      port: {
        baudMax: isRated ? UNKNOWN_BAUD_MAX : undefined,
        write(bytes) {
          if (held[board] !== own) return;
          happen({ type: "write", board, bytes });
          pace.wrote(bytes.length);
        },
        setBaud(next) {
          if (!isRated || held[board] !== own) return;
          happen({ type: "rate", board, baud: next });
          pace.setBaud(next);
        },
        close() {
          if (held[board] !== own) return;
          held[board] = undefined;
          pace.stop();
        },
      },
    };
  };
  wake();
  return {
    open,
    world: made,
    happen,
    stop() {
      isStopped = true;
      cancel?.();
      for (const port of held) port?.pace.stop();
    },
  };
}
