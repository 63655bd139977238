/**
 * Where two people bring two kiosks together: each begins a pairing on its own screen, sees a code there, and says whether the
 * other screen shows the same. Then who has a table gives its secret, and the other knows somebody whom it may believe.
 *
 * While a pairing is begun, and no longer, a link may be opened that knows no secret. It carries the pairing and nothing else.
 */
import type { Millis } from "../../protocol/core/units.ts";
import { PAIRING_TIMEOUT_MS } from "../secure/limits.ts";
import { nextDeadline, type Pairing, type PairingEffect, type PairingEvent, pairing, step } from "../secure/pairing.ts";
import { beginPairing, pairingDoor } from "../secure/pairing-door.ts";
import type { GivenTable } from "../secure/pairing-record.ts";
import type { NoisePorts } from "../secure/ports.ts";
import type { NodeClock } from "./clock.ts";
import { PAIRED_LINK_KEPT_MS } from "./limits.ts";
import type { LinkName } from "./transport.ts";

/** As a screen shows it. */
export interface PairingPage {
  readonly stage: "none" | "looking" | "comparing" | "waiting" | "paired" | "failed";
  /** Six digits, once both ends have drawn theirs. */
  readonly code: string | undefined;
  /** In plain words: what to do, or what went wrong. */
  readonly words: string;
  /** Whose screen showed the same code. */
  readonly peer: Uint8Array | undefined;
  /** What that kiosk gave. */
  readonly given: GivenTable | undefined;
  /** Of the running clock: when it is over if nobody does anything. Undefined where it is over. */
  readonly until: number | undefined;
}

/** A session without a secret, on a link that is there for this alone. */
export interface PairingLink {
  readonly name: LinkName;
  readonly role: "client" | "server";
  readonly peer: Uint8Array;
  readonly transcript: Uint8Array;
  readonly send: (body: Uint8Array) => void;
  readonly drop: () => void;
}

/** For a command and a page. */
export interface PairingControl {
  /** `table`: of a kiosk that has one, to be given. False where there were too many within the hour, or one is under way. */
  readonly begin: (table?: GivenTable) => boolean;
  /** Whether both screens show the same. */
  readonly confirm: (isSame: boolean) => void;
  readonly cancel: () => void;
  readonly page: () => PairingPage;
}

/** For the transport. */
export interface PairingPort {
  /** Whether a link may come up without a secret now. */
  readonly isOpen: () => boolean;
  /** False where it is not wanted: somebody else is at it, or nobody is. */
  readonly opened: (link: PairingLink) => boolean;
  readonly heard: (name: LinkName, body: Uint8Array) => void;
  readonly down: (name: LinkName) => void;
}

export interface PairingDesk extends PairingControl, PairingPort {
  readonly close: () => void;
}

export interface PairingDeskOptions {
  readonly clock: NodeClock;
  /** 32 bytes that nobody can guess. */
  readonly draw: () => Uint8Array;
  readonly ports: NoisePorts;
  /** Something that a screen shows is different now. */
  readonly onChange?: (page: PairingPage) => void;
}

interface Begun {
  readonly table: GivenTable | undefined;
  readonly until: number;
  link: PairingLink | undefined;
  /** Whose screen is the other one. */
  peer: Uint8Array | undefined;
  machine: Pairing | undefined;
  code: string | undefined;
  isAnswered: boolean;
  /** What is left to say is said. */
  isLeaving: boolean;
  outcome: { readonly stage: "paired" | "failed"; readonly words: string } | undefined;
  given: GivenTable | undefined;
}

export function pairingDesk({ clock, draw, ports, onChange }: PairingDeskOptions): PairingDesk {
  const door = pairingDoor();
  let begun: Begun | undefined;
  let callOff = (): void => {};

  const isUnderWay = (): boolean => begun !== undefined && begun.outcome === undefined && clock.now() < begun.until;

  const feed = (event: Untimed<PairingEvent>): void => {
    const of = begun;
    if (of?.machine === undefined) return;
    const effects: PairingEffect[] = [];
    step(of.machine, { ...event, at: clock.now() } as PairingEvent, effects, ports);
    perform(of, effects);
  };

  const perform = (of: Begun, effects: readonly PairingEffect[]): void => {
    for (const effect of effects) {
      if (effect.type === "send") of.link?.send(effect.body);
      else if (effect.type === "show") of.code = effect.code;
      else if (effect.type === "paired") of.outcome = { stage: "paired", words: PAIRED };
      else if (effect.type === "given") of.given = effect.table;
      else if (effect.type === "failed") end(of, FAILED[effect.why]);
    }
    leaveSoon(of);
    onChange?.(page());
    rest();
  };

  /** Whoever gives is heard to have given, and whoever is to be given something has it. */
  const isDone = ({ table, machine, given }: Begun): boolean =>
    table === undefined ? given !== undefined : machine?.said === undefined;

  /** The link stays a little, for what the other end may have missed. */
  const leaveSoon = (of: Begun): void => {
    if (of.outcome?.stage !== "paired" || of.isLeaving || !isDone(of)) return;
    of.isLeaving = true;
    clock.after(PAIRED_LINK_KEPT_MS, () => of.link?.drop());
  };

  const end = (of: Begun, words: string): void => {
    of.outcome ??= { stage: "failed", words };
    const { link } = of;
    of.link = undefined;
    // What was said last is under way.
    if (link !== undefined) clock.after(0, link.drop);
  };

  const rest = (): void => {
    callOff();
    const at = begun === undefined ? undefined : (deadlineOf(begun) ?? undefined);
    if (at !== undefined) callOff = clock.after(Math.max(0, at - clock.now()), wake);
  };

  const deadlineOf = ({ machine, outcome, until, isLeaving, link }: Begun): Millis | number | undefined => {
    const due = machine === undefined ? undefined : nextDeadline(machine);
    const isOpen = outcome === undefined || (outcome.stage === "paired" && !isLeaving && link !== undefined);
    return isOpen ? Math.min(until, due ?? until) : due;
  };

  const wake = (): void => {
    feed({ type: "tick" });
    const of = begun;
    if (of === undefined) return;
    if (clock.now() >= of.until && !of.isLeaving) {
      end(of, of.link === undefined ? NOBODY : FAILED["no answer"]);
      onChange?.(page());
    }
    rest();
  };

  const page = (): PairingPage => {
    if (begun === undefined) return NONE;
    const { code, outcome, given, peer, until } = begun;
    if (outcome !== undefined) return { ...outcome, code, peer, given, until: undefined };
    if (code === undefined) return { stage: "looking", code, words: LOOKING, peer: undefined, given, until };
    return begun.isAnswered
      ? { stage: "waiting", code, words: WAITING, peer, given, until }
      : { stage: "comparing", code, words: COMPARING, peer, given, until };
  };

  return {
    begin(table) {
      const at = clock.now();
      if (isUnderWay() || !beginPairing(door, at)) return false;
      if (begun !== undefined) end(begun, CANCELLED);
      begun = {
        ...{
          table,
          until: at + PAIRING_TIMEOUT_MS,
          link: undefined,
          peer: undefined,
          machine: undefined,
          code: undefined,
        },
        ...{ isAnswered: false, isLeaving: false, outcome: undefined, given: undefined },
      };
      rest();
      onChange?.(page());
      return true;
    },
    confirm(isSame) {
      if (begun === undefined || begun.code === undefined || begun.isAnswered) return;
      begun.isAnswered = true;
      feed({ type: "answer", isSame });
    },
    cancel() {
      if (begun === undefined || begun.outcome !== undefined) return;
      // Whoever has seen a code is told that it was not the same.
      if (begun.code !== undefined && !begun.isAnswered) feed({ type: "answer", isSame: false });
      end(begun, CANCELLED);
      rest();
      onChange?.(page());
    },
    page,
    isOpen: () => isUnderWay() && begun?.link === undefined,
    opened(link) {
      if (!isUnderWay() || begun === undefined || begun.link !== undefined) return false;
      begun.link = link;
      begun.peer = link.peer;
      const effects: PairingEffect[] = [];
      const { role, transcript } = link;
      begun.machine = pairing({ role, transcript, number: draw(), table: begun.table }, clock.now(), effects, ports);
      perform(begun, effects);
      return true;
    },
    heard(name, body) {
      if (begun?.link?.name === name) feed({ type: "received", body });
    },
    down(name) {
      if (begun?.link?.name !== name) return;
      begun.link = undefined;
      // Before anybody has seen a code there is nothing to be called off.
      if (begun.outcome === undefined && begun.code === undefined) begun.machine = undefined;
      else if (begun.outcome === undefined) end(begun, GONE);
      onChange?.(page());
    },
    close() {
      callOff();
      begun = undefined;
    },
  };
}

const NONE: PairingPage = Object.freeze({
  ...{ stage: "none", code: undefined, words: "", peer: undefined, given: undefined, until: undefined },
});
const LOOKING = "Begin a pairing on the other kiosk as well, and keep the two near each other.";
const COMPARING = "Look at the other screen: does it show the same six digits?";
const WAITING = "Waiting until somebody at the other kiosk has compared the digits.";
const PAIRED = "Both screens showed the same digits: the kiosks know each other.";
const NOBODY = "No other kiosk was found that is being paired. Bring the two nearer and begin again on both.";
const GONE = "The other kiosk went out of reach. Begin again on both.";
const CANCELLED = "The pairing was called off.";
const FAILED = Object.freeze({
  "commitment broken": "Somebody stands between the two kiosks. Nothing was given away; try again at another place.",
  "codes differ": "The digits were not the same, so somebody may stand between the two kiosks. Nothing was given away.",
  "no answer": "Nobody compared the digits in time. Begin again on both.",
});

type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;
