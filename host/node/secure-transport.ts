/**
 * Links that only a table's members can read, round radios that everybody hears.
 *
 * The loop has a link as long as a session has proved who is at its other end and the connection stands; between two sessions it
 * has it too, for whatever it says then begins the next. A connection over which no session comes is dropped, so that
 * whoever sits on a radio in silence does not keep the one away that it waits for.
 */
import { randomBytes } from "node:crypto";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { unreachable } from "../../protocol/core/assert.ts";
import { NORMAL } from "../../protocol/core/packet-class.ts";
import { FEATURES, PROTOCOL_MAJOR, PROTOCOL_MINOR, type ProtocolVersion } from "../../protocol/core/version.ts";
import { nextDeadline, step } from "../secure/link.ts";
import type { LinkEffect, LinkEvent } from "../secure/link-events.ts";
import { secureLink } from "../secure/link-state.ts";
import type { SecurePorts } from "../secure/ports.ts";
import type { BareTransport, LinkEnds, OpenBareTransport } from "./bare-transport.ts";
import type { NodeClock } from "./clock.ts";
import { bring, charge, enter, gatekeeper, leave, prove } from "./gatekeeper.ts";
import { type HeldLink, opensBy } from "./held-link.ts";
import { type Agreeable, agreementsFor } from "./link-agreements.ts";
import type { LinkName, OpenTransport, Transport, TransportListener } from "./transport.ts";

export interface SecureTransportOptions extends Agreeable {
  readonly bare: OpenBareTransport;
  readonly clock: NodeClock;
  /** With the kiosk's own key. */
  readonly ports: SecurePorts;
  /** 32 bytes that nobody can guess. */
  readonly draw?: () => Uint8Array;
}

export interface SecureTally {
  /** Sessions, with those that followed another over the same link. */
  opened: number;
  renewed: number;
  /** What there was no session for in time. */
  unsent: number;
  /** Attempts that got no answer, and connections that were dropped. */
  failed: number;
  dropped: number;
  /** What came over a link and was not taken, and who was not let in, by the reason's name. */
  readonly refused: { [why: string]: number };
}

export interface SecureTransport {
  readonly open: OpenTransport;
  readonly tally: SecureTally;
}

const VERSION: ProtocolVersion = Object.freeze({
  ...{ major: PROTOCOL_MAJOR, minor: PROTOCOL_MINOR },
  features: FEATURES.commitReveal | FEATURES.distributedRandomness,
});

export function secureTransport(options: SecureTransportOptions): SecureTransport {
  const tally: SecureTally = { opened: 0, renewed: 0, unsent: 0, failed: 0, dropped: 0, refused: {} };
  return { tally, open: (listener) => opened(options, listener, tally) };
}

function opened(options: SecureTransportOptions, listener: TransportListener, tally: SecureTally): Transport {
  const { clock, ports, pairing, draw = chance } = options;
  const own = draw();
  const halves = { secret: own, public: ports.publicOf(own) };
  const keeper = gatekeeper(clock.now());
  const held = new Map<LinkName, HeldLink>();
  let wakesAt = Number.POSITIVE_INFINITY;
  let callOff: () => void = () => {};
  let isClosed = false;

  const feed = (of: HeldLink, event: Untimed<LinkEvent>): void => {
    const effects: LinkEffect[] = [];
    step(of.link, { ...event, at: clock.now() } as LinkEvent, effects, ports);
    for (const effect of effects) {
      // What was dropped meanwhile is nobody's link.
      if (held.get(of.name) === of) perform(of, effect);
    }
  };

  const perform = (of: HeldLink, effect: LinkEffect): void => {
    switch (effect.type) {
      case "draw":
        feed(of, { type: "drawn", bytes: draw() });
        break;
      case "transmit":
        bare.send(of.name, effect.class, effect.packet, effect.token);
        break;
      case "opened":
        if (of.link.options.agreements[effect.agreement]?.secret === undefined) onUnknown(of, effect);
        else onOpened(of, effect.peer, effect.isRenewal);
        break;
      case "heard":
        onHeard(of, effect.kind, effect.body);
        break;
      case "unsent":
        tally.unsent += 1;
        if (effect.token !== undefined) listener.onSettled(effect.token, "dropped");
        break;
      case "failed":
        tally.failed += 1;
        break;
      case "refused":
        refuse(effect.why);
        if (effect.verdict === "reject") pay(of);
        break;
      case "closed":
        break;
      default:
        unreachable(effect);
    }
  };

  const onHeard = (of: HeldLink, kind: "message" | "pairing", body: Uint8Array): void => {
    if (of.isPairing && kind === "pairing") pairing?.heard(of.name, body);
    else if (of.isPairing) {
      // Whoever shares no table has nothing to say to one.
      refuse("a message of a stranger");
      pay(of);
    } else if (kind === "message") listener.onPacket(of.name, body);
    else refuse("a pairing that nobody began");
  };

  /** Of somebody who shares no secret with us, whose person may have begun a pairing as ours has. */
  const onUnknown = (of: HeldLink, { peer, transcript, isRenewal }: LinkEffect & { type: "opened" }): void => {
    tally.opened += 1;
    // The codes are bound to the first session, and a pairing is over long before the second.
    if (isRenewal) return;
    of.isPairing = true;
    const { name, ends } = of;
    const isTaken = pairing?.opened({
      ...{ name, role: ends.role, peer: peer.slice(), transcript: transcript.slice() },
      send(body) {
        if (held.get(name) !== of) return;
        feed(of, { type: "send", kind: "pairing", class: NORMAL, body });
        rest();
      },
      drop() {
        if (held.get(name) === of) drop(of, "paired");
      },
    });
    if (isTaken !== true) drop(of, "a pairing that nobody began");
  };

  const onOpened = (of: HeldLink, peer: Uint8Array, isRenewal: boolean): void => {
    tally.opened += 1;
    if (isRenewal) tally.renewed += 1;
    if (of.peer !== undefined && bytesEqual(of.peer, peer)) return;
    // After a silence it may be somebody else of the table, where nobody certain was expected.
    if (of.peer !== undefined) listener.onDown(of.name);
    of.peer = undefined;
    const why = prove(keeper, of.visit, peer, clock.now());
    if (why !== undefined) {
      drop(of, why);
      return;
    }
    of.peer = peer.slice();
    bare.proved(of.name, of.peer);
    listener.onUp(of.name, of.peer);
  };

  const refuse = (why: string): void => {
    tally.refused[why] = (tally.refused[why] ?? 0) + 1;
  };

  const pay = (of: HeldLink): void => {
    const why = charge(keeper, of.visit, clock.now());
    if (why !== undefined) drop(of, why);
  };

  /** The other end's connection goes with it. */
  const drop = (of: HeldLink, why: string): void => {
    refuse(why);
    tally.dropped += 1;
    forget(of);
    bare.drop(of.name);
  };

  const forget = (of: HeldLink): void => {
    if (held.get(of.name) !== of) return;
    held.delete(of.name);
    leave(keeper, of.visit, clock.now());
    // Its keys are wiped, and what waits is told of to nobody.
    step(of.link, { type: "down", at: clock.now() }, [], ports);
    if (of.isPairing) pairing?.down(of.name);
    if (of.peer !== undefined) listener.onDown(of.name);
  };

  const onUp = (name: LinkName, ends: LinkEnds): void => {
    if (isClosed) return;
    onDown(name);
    const at = clock.now();
    const entry = enter(keeper, ends, at);
    if (!entry.ok) {
      refuse(entry.why);
      tally.dropped += 1;
      bare.drop(name);
      return;
    }
    const agreements = agreementsFor(options, ends);
    if (agreements.length === 0) {
      leave(keeper, entry.visit, at);
      refuse("no table yet");
      tally.dropped += 1;
      bare.drop(name);
      return;
    }
    const link = secureLink(
      {
        ...{ role: ends.role, static: halves, version: VERSION, agreements },
        ...(ends.expected === undefined ? {} : { expected: ends.expected }),
      },
      at,
    );
    const { visit } = entry;
    const of: HeldLink = {
      name,
      ends,
      visit,
      link,
      peer: undefined,
      isPairing: false,
      opensBy: Number.POSITIVE_INFINITY,
    };
    held.set(name, of);
    feed(of, { type: "up" });
    rest();
  };

  const onDown = (name: LinkName): void => {
    const of = held.get(name);
    if (of !== undefined) forget(of);
  };

  const onPacket = (name: LinkName, packet: Uint8Array): void => {
    const of = held.get(name);
    if (of === undefined) {
      refuse("no link");
      return;
    }
    const why = bring(keeper, of.visit, packet.length, clock.now());
    if (why === undefined) feed(of, { type: "received", packet });
    else if (why === "banned") drop(of, why);
    else refuse(why);
    rest();
  };

  const wake = (): void => {
    wakesAt = Number.POSITIVE_INFINITY;
    const at = clock.now();
    for (const of of [...held.values()]) {
      if ((nextDeadline(of.link) ?? Number.POSITIVE_INFINITY) <= at) feed(of, { type: "tick" });
      if (held.get(of.name) !== of) continue;
      if (at >= opensBy(of, at)) {
        // Whom we called has an excuse: it may have gone since it was heard.
        if (of.ends.role === "server") charge(keeper, of.visit, at);
        drop(of, "no session in time");
      }
    }
    rest();
  };

  /** Until the first of all deadlines; an alarm that comes too early harms nothing. */
  const rest = (): void => {
    if (isClosed) return;
    const at = clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const of of held.values()) {
      next = Math.min(next, opensBy(of, at), nextDeadline(of.link) ?? next);
    }
    if (next >= wakesAt) return;
    callOff();
    wakesAt = next;
    callOff = clock.after(Math.max(0, next - at), wake);
  };

  const { onSettled } = listener;
  const bare: BareTransport = options.bare({ onUp, onDown, onPacket, onSettled });
  return {
    send(name, packetClass, body, token) {
      const of = held.get(name);
      if (of === undefined || of.isPairing) return;
      feed(of, { type: "send", kind: "message", class: packetClass, body, token });
      rest();
    },
    drop(name) {
      const of = held.get(name);
      if (of !== undefined) drop(of, "not wanted");
    },
    close() {
      isClosed = true;
      callOff();
      for (const of of [...held.values()]) forget(of);
      bare.close();
    },
  };
}

type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

const chance = (): Uint8Array => new Uint8Array(randomBytes(32));
