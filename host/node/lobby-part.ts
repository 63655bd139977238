/** The loop's own end of the reception: who asks for a place at this kiosk's table, and what the members make of it. Requests come
 * in as letters of strangers; approvals go out as orders of the kiosk itself, and answers as what anybody may hear. */

import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { unreachable } from "../../protocol/core/assert.ts";
import type { Millis } from "../../protocol/core/units.ts";
import type { ProtocolVersion } from "../../protocol/core/version.ts";
import { KIOSK_SEAT } from "../../protocol/message/fields.ts";
import type { JoinRequest, Participant } from "../../protocol/message/join.ts";
import type { Effect, Event } from "../engine/consensus/events.ts";
import type { Replica } from "../engine/consensus/state.ts";
import { agreedTable, orderFault, type Seating } from "../engine/reception/agreed-table.ts";
import { APPLICANTS_MAX } from "../engine/reception/limits.ts";
import { nextDeadline, step } from "../engine/reception/reception.ts";
import type { ReceptionEffect, ReceptionEvent, Subject } from "../engine/reception/reception-events.ts";
import { type Reception, reception } from "../engine/reception/reception-state.ts";
import type { Letter } from "../mesh/judge.ts";
import type { NodeClock } from "./clock.ts";

/** Why a proof of identity is not taken; undefined where it is. */
export type Identified = (ReceptionEvent & { readonly type: "identified" })["why"];

export interface LobbyOptions<S> {
  /** The table's. */
  readonly name: string;
  /** What it needs of who joins: features that all its members use. */
  readonly needed: ProtocolVersion;
  readonly seating: (state: S) => Seating;
  /** Checks what an identity has cost; the answer may take long, and comes once. */
  readonly identify: (applicant: Uint8Array, proof: Uint8Array, answer: (why: Identified) => void) => void;
  /** Names that are known. */
  readonly participants?: readonly Participant[];
  /** Sees all that the reception says. */
  readonly on?: (effect: ReceptionEffect) => void;
}

export type LobbyWish =
  | { readonly type: "leave" }
  | { readonly type: "door"; readonly isOpen: boolean }
  | { readonly type: "identified"; readonly applicant: Uint8Array; readonly why: Identified };

export interface LobbyPart {
  readonly reception: Reception;
  /** True where it was for the reception. */
  readonly letter: (letter: Letter, effects: Effect[]) => boolean;
  readonly wish: (wish: LobbyWish, effects: Effect[]) => void;
  /** After all that a turn has brought, `effects` being what came of it. */
  readonly turn: (effects: Effect[]) => void;
  readonly dueAt: () => number;
}

export interface LobbyPorts<S> {
  readonly replica: Replica<S>;
  readonly founders: readonly Uint8Array[];
  readonly clock: NodeClock;
  /** For the consensus, by this kiosk. */
  readonly submit: (event: Event, effects: Effect[]) => void;
  /** In a later turn. */
  readonly wishLater: (wish: LobbyWish) => void;
}

export function lobbyPart<S>(options: LobbyOptions<S>, ports: LobbyPorts<S>): LobbyPart {
  const { replica, clock } = ports;
  const agreed = () => agreedTable(replica.stable.header, options.seating(replica.state.machine));
  const of = reception({
    ...{ at: clock.now(), wallMs: clock.wallMs(), key: replica.key, name: options.name, needed: options.needed },
    ...{ founders: ports.founders, agreed: agreed(), participants: options.participants ?? [] },
  });
  /** Orders under way, by the number of their request. */
  const orders: { readonly number: number; readonly subject: Subject }[] = [];
  let { stable, executed } = replica;

  /** Places that were taken since the checkpoint are promised to nobody. */
  const isSeatedOtherwise = (): boolean => {
    const { seatsFree, excluded } = options.seating(replica.state.machine);
    return seatsFree !== of.agreed.seatsFree || excluded.length !== of.agreed.excluded.length;
  };

  const feed = (event: Untimed<ReceptionEvent>, effects: Effect[]): void => {
    const said: ReceptionEffect[] = [];
    step(of, { ...event, at: clock.now() } as ReceptionEvent, said);
    for (const each of said) {
      perform(each, effects);
      options.on?.(each);
    }
  };

  const perform = (effect: ReceptionEffect, effects: Effect[]): void => {
    switch (effect.type) {
      case "announce":
        effects.push({ type: "send", to: "all", message: { type: "tableAnnouncement", ...effect.announcement } });
        break;
      case "accept":
        effects.push({ type: "send", to: "all", message: { type: "joinAccept", ...effect.accept } });
        break;
      case "reject":
        effects.push({ type: "send", to: "all", message: { type: "joinReject", ...effect.reject } });
        break;
      case "identify": {
        const { applicant, proof } = effect;
        options.identify(applicant, proof, (why) => ports.wishLater({ type: "identified", applicant, why }));
        break;
      }
      case "order":
        order(effect.subject, effect.operation, effects);
        break;
      case "left":
      case "cannotLeave":
      case "ignored":
        break;
      default:
        unreachable(effect);
    }
  };

  /** What comes of it is told in this turn where it is refused at once, and with its answer otherwise. */
  const order = (subject: Subject, operation: Uint8Array, effects: Effect[]): void => {
    const told: Effect[] = [];
    const before = replica.lastNumber;
    ports.submit({ type: "submit", at: clock.now(), seat: KIOSK_SEAT, operation }, told);
    effects.push(...told);
    if (replica.lastNumber === before) {
      const refused = told.find((each) => each.type === "refused");
      feed({ type: "ordered", subject, why: refused?.why === "full" ? "full" : "silent" }, effects);
      return;
    }
    if (orders.length === APPLICANTS_MAX) orders.shift();
    orders.push({ number: replica.lastNumber, subject });
  };

  return {
    reception: of,
    letter(letter, effects) {
      if ("said" in letter || letter.from.type !== "stranger") return false;
      const { from, message } = letter;
      if (message.type !== "joinRequest")
        return message.type.startsWith("join") || message.type === "tableAnnouncement";
      if (from.table === undefined || !bytesEqual(from.table, replica.table)) return true;
      feed({ type: "asked", from: new Uint8Array(from.key), request: copyOf(message) }, effects);
      return true;
    },
    wish: (wish, effects) => feed(wish, effects),
    turn(effects) {
      for (const effect of [...effects]) {
        if (effect.type !== "answered" || effect.seat !== KIOSK_SEAT) continue;
        const place = orders.findIndex(({ number }) => number === effect.number);
        const [done] = place < 0 ? [] : orders.splice(place, 1);
        if (done !== undefined)
          feed({ type: "ordered", subject: done.subject, why: orderFault(effect.result) }, effects);
      }
      if (replica.stable !== stable || (replica.executed !== executed && isSeatedOtherwise())) {
        feed({ type: "table", agreed: agreed() }, effects);
      }
      ({ stable, executed } = replica);
      if (clock.now() >= dueAt(of)) feed({ type: "tick" }, effects);
    },
    dueAt: () => dueAt(of),
  };
}

const dueAt = (of: Reception): Millis | number => nextDeadline(of) ?? Number.POSITIVE_INFINITY;

/** An envelope's bytes are nobody's for long. */
const copyOf = ({ type: _, ...request }: JoinRequest & { readonly type: "joinRequest" }): JoinRequest => ({
  ...request,
  proof: new Uint8Array(request.proof),
});

type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;
