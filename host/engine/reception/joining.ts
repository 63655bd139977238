/**
 * A kiosk that wants a place at a table: it asks, asks again with growing patience, and believes what f + 1 of the members say.
 * Who the members are it learns from them too; so an anchor's own list must say it, and only those whom it lists count.
 */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { assert, unreachable } from "../../../protocol/core/assert.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";
import type { TableAnnouncement } from "../../../protocol/message/announcement.ts";
import type { JoinAccept, JoinReject, JoinRequest } from "../../../protocol/message/join.ts";
import { faultsMax } from "../consensus/quorum.ts";
import { believed, isAnchors, sourcesOf } from "./belief.ts";
import type { GivenUp, JoiningEffect, JoiningEvent, JoiningIgnored } from "./joining-events.ts";
import { ANCHORS_MAX, ANSWERS_HELD_MAX, ASK_AGAIN_MAX_MS, ASK_AGAIN_MS, ASKED_MAX, JOIN_TIMEOUT_MS } from "./limits.ts";
import { isPassing } from "./refusal.ts";

export interface Joining {
  now: Millis;
  readonly wallOffsetMs: number;
  readonly key: Uint8Array;
  /** The versions of rules that this software has. */
  readonly rulesKnown: readonly number[];
  /** Undefined where nothing is asked for: before, and once it has come to something. */
  asking: Asking | undefined;
}

export interface Asking {
  readonly table: Uint8Array;
  readonly anchors: readonly Uint8Array[];
  readonly request: JoinRequest;
  readonly until: Millis;
  attempts: number;
  againAt: Millis;
  /** The last of each who is believed or may turn out to be. */
  readonly accepts: { readonly from: Uint8Array; readonly accept: JoinAccept }[];
  readonly rejects: { readonly from: Uint8Array; readonly reject: JoinReject }[];
}

export const joining = (at: Millis, wallMs: number, key: Uint8Array, rulesKnown: readonly number[]): Joining => ({
  now: at,
  wallOffsetMs: wallMs - at,
  key,
  rulesKnown,
  asking: undefined,
});

export function step(of: Joining, event: JoiningEvent, effects: JoiningEffect[]): void {
  assert(event.at >= of.now, "time runs forward");
  of.now = event.at;
  switch (event.type) {
    case "join":
      onJoin(of, event, effects);
      break;
    case "announced":
      if (of.asking === undefined) ignore("not asking", effects);
      else onAnnounced(of, of.asking, event.from, event.announcement, effects);
      break;
    case "accept":
      if (of.asking === undefined) ignore("not asking", effects);
      else onAccept(of, of.asking, event.from, event.accept, effects);
      break;
    case "reject":
      if (of.asking === undefined) ignore("not asking", effects);
      else onReject(of, of.asking, event.from, event.reject, effects);
      break;
    case "giveUp":
      if (of.asking === undefined) ignore("not asking", effects);
      else end(of, "given up", "", 0, effects);
      break;
    case "tick":
      break;
    default:
      unreachable(event);
  }
  onTime(of, effects);
}

export function nextDeadline({ asking }: Joining): Millis | undefined {
  return asking === undefined ? undefined : millis(Math.min(asking.until, asking.againAt));
}

function onJoin(of: Joining, event: JoiningEvent & { type: "join" }, effects: JoiningEffect[]): void {
  if (of.asking !== undefined) return void ignore("asking already", effects);
  const { table, anchors, request } = event;
  assert(anchors.length >= 1 && anchors.length <= ANCHORS_MAX, "somebody is believed for reasons of our own");
  assert(!anchors.some((each) => bytesEqual(each, of.key)), "nobody is its own anchor");
  const until = millis(of.now + JOIN_TIMEOUT_MS);
  of.asking = { table, anchors, request, until, attempts: 0, againAt: of.now, accepts: [], rejects: [] };
}

/** Whom we believe says that we could not follow the table: to sit down would be in vain. */
function onAnnounced(
  of: Joining,
  { anchors }: Asking,
  from: Uint8Array,
  { rules, seatsFree }: TableAnnouncement,
  effects: JoiningEffect[],
): void {
  if (isAnchors(anchors, from) && !of.rulesKnown.includes(rules)) {
    end(of, "unknown rules", `rules of version ${rules}`, seatsFree, effects);
  }
}

function onAccept(of: Joining, asking: Asking, from: Uint8Array, accept: JoinAccept, effects: JoiningEffect[]): void {
  const why = whyNotBelieved(of, asking, from, accept);
  if (why !== undefined) return void ignore(why, effects);
  if (!hold(asking, asking.accepts, { from, accept })) return void ignore("full", effects);
  const group = believed(asking);
  if (group === undefined) return;
  const [{ accept: said }] = group;
  of.asking = undefined;
  const { epoch, view, version, participants, founders, rules } = said;
  if (!of.rulesKnown.includes(rules)) return void end(of, "unknown rules", `rules of version ${rules}`, 0, effects);
  effects.push({
    ...{ type: "joined", table: asking.table, epoch, view, version, participants, founders, rules },
    sources: sourcesOf(group),
  });
}

/** What nobody honest says, or what says nothing about this kiosk's place. */
function whyNotBelieved(
  { key }: Joining,
  { anchors, request }: Asking,
  from: Uint8Array,
  { applicant, participants }: JoinAccept,
): JoiningIgnored | undefined {
  if (!bytesEqual(applicant, key)) return "for somebody else";
  const lists = (wanted: Uint8Array): boolean => participants.some((each) => bytesEqual(each.key, wanted));
  if (!lists(from)) return "not of its own list";
  if (!anchors.some(lists)) return "no anchor in it";
  return request.role === "member" && !lists(key) ? "not in it" : undefined;
}

/** A stranger's answer is held as long as there is room for it; an anchor's, and of whom an anchor lists, always is. */
function hold<T extends { readonly from: Uint8Array }>(asking: Asking, held: T[], answer: T): boolean {
  const before = held.findIndex(({ from }) => bytesEqual(from, answer.from));
  if (before >= 0) held.splice(before, 1);
  else if (held.length === ANSWERS_HELD_MAX) {
    const stranger = isVouched(asking, answer.from) ? held.findIndex(({ from }) => !isVouched(asking, from)) : -1;
    if (stranger < 0) return false;
    held.splice(stranger, 1);
  }
  held.push(answer);
  return true;
}

const isVouched = ({ anchors, accepts }: Asking, key: Uint8Array): boolean =>
  isAnchors(anchors, key) ||
  accepts.some(
    ({ from, accept }) =>
      isAnchors(anchors, from) && accept.participants.some((participant) => bytesEqual(participant.key, key)),
  );

/** One member's no is not the table's. An anchor's counts at once, but where others of its table say yes; what may pass is
 * waited for. */
function onReject(of: Joining, asking: Asking, from: Uint8Array, reject: JoinReject, effects: JoiningEffect[]): void {
  if (!bytesEqual(reject.applicant, of.key)) return void ignore("for somebody else", effects);
  if (!hold(asking, asking.rejects, { from, reject })) return void ignore("full", effects);
  if (!isAnchors(asking.anchors, from)) return;
  if (reject.refusal === "clockOff") effects.push({ type: "clockOff", byMs: reject.time - (of.now + of.wallOffsetMs) });
  const { accepts, rejects } = asking;
  if (isPassing(reject.refusal) || accepts.length > 0) return;
  const same = rejects.filter((each) => each.reject.refusal === reject.refusal);
  const anchorsSaying = same.filter((each) => isAnchors(asking.anchors, each.from)).length;
  // Of several that are believed one may lie.
  if (anchorsSaying <= faultsMax(asking.anchors.length)) return;
  end(of, reject.refusal, reject.reason, reject.seatsFree, effects);
}

function onTime(of: Joining, effects: JoiningEffect[]): void {
  const { asking } = of;
  if (asking === undefined) return;
  if (of.now >= asking.until) return void giveUp(of, asking, effects);
  if (of.now < asking.againAt) return;
  if (asking.attempts === ASKED_MAX) {
    asking.againAt = asking.until;
    return;
  }
  asking.againAt = millis(of.now + Math.min(ASK_AGAIN_MAX_MS, ASK_AGAIN_MS * 2 ** asking.attempts));
  asking.attempts += 1;
  effects.push({ type: "ask", table: asking.table, request: asking.request });
}

/** What an anchor said last is the reason, where one said anything. */
function giveUp(of: Joining, { anchors, rejects }: Asking, effects: JoiningEffect[]): void {
  const said = rejects.filter(({ from }) => isAnchors(anchors, from)).at(-1)?.reject;
  if (said === undefined) end(of, "no answer", "", 0, effects);
  else end(of, said.refusal, said.reason, said.seatsFree, effects);
}

function end(
  of: Joining,
  why: JoinReject["refusal"] | GivenUp,
  reason: string,
  seatsFree: number,
  effects: JoiningEffect[],
): void {
  of.asking = undefined;
  effects.push({ type: "refused", why, reason, seatsFree });
}

const ignore = (why: JoiningIgnored, effects: JoiningEffect[]): void => void effects.push({ type: "ignored", why });
