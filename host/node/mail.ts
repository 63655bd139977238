/** What a kiosk says goes into the mesh here, and what others said comes out of it: envelopes on one side, packets and links on
 * the other. */
import type { Said } from "../../protocol/agreement/said.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import { SAID_REPEAT_MAX } from "../../protocol/envelope/limits.ts";
import type { Table } from "../../protocol/envelope/open.ts";
import type { Sealed } from "../../protocol/envelope/seal.ts";
import { type SealedSaid, sealSaid } from "../../protocol/envelope/seal-said.ts";
import { strangerReplay } from "../../protocol/envelope/stranger-replay.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import type { PeerSeen } from "../../protocol/message/presence.ts";
import type { Replica, World } from "../engine/consensus/state.ts";
import { verifySaid } from "../engine/consensus/verify-said.ts";
import type { MeshEffect, MeshEvent, MeshPorts, Outcome } from "../mesh/events.ts";
import { ROUTED_SIZE_MAX } from "../mesh/hop-packet.ts";
import { judge, type Letter, nameOfKey, saidDigest } from "../mesh/judge.ts";
import { AGAIN_AFTER_MS } from "../mesh/limits.ts";
import { nextDeadline, step } from "../mesh/mesh.ts";
import type { PeerName } from "../mesh/peer-name.ts";
import { type MessageId, messageId } from "../mesh/seen.ts";
import { answerOfMessage, answerOfSaid, seriesOfMessage, seriesOfSaid } from "../mesh/series.ts";
import { type Mesh, mesh } from "../mesh/state.ts";
import { classOf } from "../mesh/urgency.ts";
import { waysTo } from "../mesh/ways.ts";
import type { NodeClock } from "./clock.ts";
import { DEAF_LOOK_MS, NEWS_LENGTH_MAX, REPEATS_REMEMBERED_MAX } from "./limits.ts";
import type { LinkName, OpenTransport } from "./transport.ts";

/** Whose mail it is, as the loop says that opens it. */
export interface MailFor<S> {
  readonly key: Uint8Array;
  readonly replica: Replica<S>;
  readonly world: World<S>;
  readonly clock: NodeClock;
  readonly tables: readonly Table[];
  /** Nothing is heard or done meanwhile, as by a machine that has stopped. */
  readonly isDeaf: () => boolean;
  /** Something is there to be taken. */
  readonly onNews: () => void;
  readonly onRefused: (why: string) => void;
}

export type OpenMail<S> = (whose: MailFor<S>) => Mail;

export interface MailOptions {
  readonly transport: OpenTransport;
  /** Neighbours that start together are to jitter apart. */
  readonly seed: number;
  /** 32 bytes. */
  readonly hash: (bytes: Uint8Array) => Uint8Array;
}

export type MailNews =
  | { readonly type: "letter"; readonly letter: Letter }
  /** It is time for a heartbeat that names these. */
  | { readonly type: "beat"; readonly peers: readonly PeerSeen[] }
  | { readonly type: "suspected" | "returned"; readonly peer: PeerName };

export interface Mail {
  /** To look at. */
  readonly mesh: Mesh;
  /** The oldest, at most so many, once. */
  readonly take: (count: number) => readonly MailNews[];
  readonly hasNews: () => boolean;
  readonly sayOpenly: (said: Said, table: Pick<Table, "id" | "epoch">, to: Uint8Array | "all") => void;
  readonly saySealed: (sealed: Sealed, message: Message, to: Uint8Array | "all") => void;
  /** Whose envelopes are understood, and who is watched. */
  readonly know: (tables: readonly Table[]) => void;
  readonly packetCount: () => number;
  readonly close: () => void;
}

export const meshMail =
  (options: MailOptions) =>
  <S>(whose: MailFor<S>): Mail =>
    opened(options, whose);

function opened<S>({ seed, hash, transport: openTransport }: MailOptions, whose: MailFor<S>): Mail {
  const { key, replica, world, clock, onRefused } = whose;
  const of = mesh(nameOfKey(key), clock.now(), seed);
  const strangers = strangerReplay();
  const news: MailNews[] = [];
  /** What was said openly, by its name: said again it is another message. */
  const saidBefore = new Map<MessageId, SaidBefore>();
  let { tables } = whose;
  let packetCount = 0;
  let wakesAt = Number.POSITIVE_INFINITY;
  let callOff: () => void = () => {};

  const ports: MeshPorts<Letter> = {
    hash,
    judge: (envelope) =>
      judge(
        envelope,
        { tables, strangers, now: millis(clock.wallMs()) },
        {
          hash,
          verify: (by, signed, signature) => world.ports.verify(by, signed, signature),
          verifySaid: (said, { id, epoch, members }) => verifySaid(replica, { table: id, epoch, members }, said, world),
        },
      ),
  };

  const run = (event: Untimed<MeshEvent>): void => {
    const effects: MeshEffect<Letter>[] = [];
    step(of, { ...event, at: clock.now() } as MeshEvent, ports, effects);
    for (const effect of effects) perform(effect);
    rest();
  };

  /** Until the next deadline; an alarm that comes too early harms nothing. */
  const rest = (): void => {
    const next = nextDeadline(of);
    if (next >= wakesAt) return;
    callOff();
    wakesAt = next;
    callOff = clock.after(Math.max(0, next - clock.now()), wake);
  };

  const wake = (): void => {
    wakesAt = Number.POSITIVE_INFINITY;
    if (!whose.isDeaf()) run({ type: "tick" });
    else callOff = clock.after(DEAF_LOOK_MS, wake);
  };

  const perform = (effect: MeshEffect<Letter>): void => {
    switch (effect.type) {
      case "send":
        packetCount += 1;
        transport.send(effect.link, effect.packetClass, effect.packet, effect.token);
        break;
      case "deliver":
        tell({ type: "letter", letter: effect.what });
        break;
      case "arrived": {
        const judged = ports.judge(effect.envelope);
        if (judged.ok) tell({ type: "letter", letter: judged.what });
        else onRefused(judged.why);
        break;
      }
      case "beat":
      case "suspected":
      case "returned":
        tell(effect);
        break;
      case "close":
        transport.drop(effect.link);
        break;
      case "noWay":
      case "wayBroken":
        onRefused(effect.type === "noWay" ? "no way there" : "a way was broken");
        break;
    }
  };

  const tell = (each: MailNews): void => {
    if (each.type === "letter" && news.length >= NEWS_LENGTH_MAX) onRefused("more than can be stepped");
    else news.push(each);
    whose.onNews();
  };

  /** Along a way where there is one: what is for one is often much. */
  const send = (said: Untimed<MeshEvent & { type: "say" }>, to: Uint8Array | "all", answers?: string): void => {
    const { packet } = said;
    const name = to === "all" ? undefined : nameOfKey(to);
    const hasWay = name !== undefined && packet.length <= ROUTED_SIZE_MAX && waysTo(of, name).length > 0;
    const series = answers === undefined ? undefined : { name: answers, place: clock.now() };
    run(hasWay ? { type: "sendTo", to: name, packet, series } : said);
  };

  const know = (known: readonly Table[]): void => {
    tables = known;
    run({ type: "members", peers: known[0]?.members.map(nameOfKey) ?? [] });
  };

  const isMember = (peer: Uint8Array): boolean => {
    const name = nameOfKey(peer);
    return tables.some(({ members }) => members.some((member) => nameOfKey(member) === name));
  };

  const transport = openTransport({
    onUp: (link: LinkName, peer) => run({ type: "linkUp", link, peer: nameOfKey(peer), isStranger: !isMember(peer) }),
    onDown: (link: LinkName) => run({ type: "linkDown", link }),
    onPacket(link: LinkName, packet) {
      if (!whose.isDeaf()) run({ type: "received", link, packet });
    },
    onSettled: (token: number, outcome: Outcome) => run({ type: "settled", token, outcome }),
  });
  know(tables);

  return {
    mesh: of,
    take: (count) => news.splice(0, count),
    hasNews: () => news.length > 0,
    sayOpenly(said, table, to) {
      const name = ({ body }: SealedSaid, repeat: number): Uint8Array =>
        saidDigest(table as Table, repeat, body, { hash });
      const sealed = sealSaid(said, table);
      const { packetClass } = sealed;
      const series = seriesOfSaid(said);
      const digest = name(sealed, 0);
      const first = messageId(digest);
      const before = to === "all" ? saidBefore.get(first) : undefined;
      if (before === undefined) {
        if (to === "all") note(saidBefore, first, { repeat: 0, id: first, at: clock.now() });
        send({ type: "say", packet: sealed.bytes, digest, packetClass, series }, to, answerOfSaid(said));
        return;
      }
      if (isOnItsWay(of, before)) return;
      const repeat = Math.min(before.repeat + 1, SAID_REPEAT_MAX);
      const again = sealSaid(said, table, { repeat });
      const id = name(again, repeat);
      note(saidBefore, first, { repeat, id: messageId(id), at: clock.now() });
      send({ type: "say", packet: again.bytes, digest: id, packetClass, series }, "all");
    },
    saySealed({ bytes, signed }, message, to) {
      const packetClass = classOf(message);
      const series = seriesOfMessage(message);
      send({ type: "say", packet: bytes, digest: hash(signed), packetClass, series }, to, answerOfMessage(message));
    },
    know,
    packetCount: () => packetCount,
    close() {
      callOff();
      transport.close();
    },
  };
}

interface SaidBefore {
  readonly repeat: number;
  /** Of the last time. */
  readonly id: MessageId;
  readonly at: Millis;
}

/** The one that was said again longest ago is forgotten. */
function note(before: Map<MessageId, SaidBefore>, first: MessageId, last: SaidBefore): void {
  before.delete(first);
  if (before.size === REPEATS_REMEMBERED_MAX) before.delete(before.keys().next().value as MessageId);
  before.set(first, last);
}

/** The mesh has it in hand: what it says again itself, and what still waits in a neighbour's line, need not be said twice. A
 * crowded line that is filled with repeats is crowded for ever. */
function isOnItsWay({ held, now }: Mesh, { id, at }: SaidBefore): boolean {
  return now < at + AGAIN_AFTER_MS || (held.get(id)?.going.length ?? 0) > 0;
}

type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;
