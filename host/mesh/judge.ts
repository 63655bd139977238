/** Envelopes as the mesh wants them judged: what is sealed by its one signature, what is said openly by the signatures in it.
 * The first opener keeps what it opened, for an envelope opens once. */
import type { Said } from "../../protocol/agreement/said.ts";
import { rest } from "../../protocol/bytes/blobs.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import { struct } from "../../protocol/bytes/compound.ts";
import { varint } from "../../protocol/bytes/numbers.ts";
import { PEER_TAG_SIZE } from "../../protocol/core/limits.ts";
import type { MemberIndex } from "../../protocol/core/units.ts";
import { isSaid } from "../../protocol/envelope/envelope.ts";
import { SAID_REPEAT_MAX, SAID_SIZE_MAX } from "../../protocol/envelope/limits.ts";
import { type OpenContext, type Opened, type OpenPorts, open, type Table } from "../../protocol/envelope/open.ts";
import { type OpenedSaid, openSaid } from "../../protocol/envelope/open-said.ts";
import { Epoch, TableId } from "../../protocol/message/fields.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import type { Judged, Misjudged } from "./events.ts";
import { type PeerName, peerName } from "./peer-name.ts";
import { seriesOfMessage, seriesOfSaid } from "./series.ts";
import { classOf } from "./urgency.ts";

export interface JudgePorts extends OpenPorts {
  /** 32 bytes. */
  hash(bytes: Uint8Array): Uint8Array;
  /** Of every statement in it: "unknown" where its reader lacks what it leaves out. */
  verifySaid(said: Said, table: Table): "holds" | "forged" | "unknown";
}

export type Letter = Opened | OpenedSaid<Table>;

/** Changes the replay windows of the context, as `open` does. */
export function judge(envelope: Uint8Array, context: OpenContext, ports: JudgePorts): Judged<Letter> | Misjudged {
  return isSaid(envelope) ? judgeSaid(envelope, context, ports) : judgeSealed(envelope, context, ports);
}

/** A key's first bytes: to make one that begins like another takes 2^64 keys. */
export const nameOfKey = (key: Uint8Array): PeerName => peerName(key.subarray(0, PEER_TAG_SIZE));

/** What is said openly has no counter: it is the same message where the table, the epoch, the repeat and the words are. */
export const saidDigest = (
  table: Table,
  repeat: number,
  body: Uint8Array,
  ports: Pick<JudgePorts, "hash">,
): Uint8Array => ports.hash(encode(SaidName, { table: table.id, epoch: table.epoch, repeat, body }));

const SaidName = struct("SaidName", {
  table: TableId,
  epoch: Epoch,
  repeat: varint(SAID_REPEAT_MAX),
  body: rest(SAID_SIZE_MAX),
});

function judgeSealed(envelope: Uint8Array, context: OpenContext, ports: JudgePorts): Judged<Letter> | Misjudged {
  const opened = open(envelope, context, ports);
  if (!opened.ok) return opened;
  const { from, message, signed } = opened;
  const key =
    from.type === "stranger"
      ? from.key
      : context.tables.find(({ id, epoch }) => epoch === from.epoch && id === from.table)?.members[from.sender];
  return {
    ok: true,
    isCertain: true,
    digest: ports.hash(signed),
    origin: key === undefined ? undefined : nameOfKey(key),
    isMember: from.type === "member",
    isJoining: JOINING.includes(message.type),
    packetClass: classOf(message),
    isRepeat: false,
    heartbeat: message.type === "heartbeat" ? message : undefined,
    series: seriesOfMessage(message),
    what: opened,
  };
}

const JOINING: readonly Message["type"][] = Object.freeze(["joinRequest", "joinAccept", "joinReject"]);

function judgeSaid(envelope: Uint8Array, context: OpenContext, ports: JudgePorts): Judged<Letter> | Misjudged {
  const opened = openSaid(envelope, context);
  if (!opened.ok) return opened;
  const { said, table, packetClass, repeat, body } = opened;
  const verdict = ports.verifySaid(said, table);
  if (verdict === "forged") return { ok: false, verdict: "reject", why: "bad signature" };
  const sender = verdict === "holds" ? senderOf(said) : undefined;
  return {
    ok: true,
    isCertain: verdict === "holds",
    digest: saidDigest(table, repeat, body, ports),
    origin: sender === undefined || table.members[sender] === undefined ? undefined : nameOfKey(table.members[sender]),
    isMember: true,
    packetClass,
    isRepeat: repeat > 0,
    heartbeat: undefined,
    series: seriesOfSaid(said),
    what: opened,
  };
}

/** Of proofs and of many at once nobody is the one signer, and whoever brings them may be anybody. */
function senderOf(said: Said): MemberIndex | undefined {
  switch (said.type) {
    case "ballot":
      return said.ballot.sender;
    case "viewChange":
      return said.change.sender;
    case "newView":
      return said.sender;
    case "requests":
      return said.requests.every(({ sender }) => sender === said.requests[0].sender)
        ? said.requests[0]?.sender
        : undefined;
    default:
      return undefined;
  }
}
