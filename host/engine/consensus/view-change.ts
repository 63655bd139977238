/** §7 a view that gets nowhere ends: by a quorum of signed wishes, never by one. */
import type { SignedViewChange, ViewChangeBody } from "../../../protocol/agreement/certificate.ts";
import { ViewChangeBody as Body } from "../../../protocol/agreement/certificate.ts";
import type { ViewChangeSaid } from "../../../protocol/agreement/said.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { VIEW_CHANGE_INLINE_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { sequence, view } from "../../../protocol/core/units.ts";
import { objectName } from "../objects/tree.ts";
import { keepCertificate } from "./certificates.ts";
import type { Effect } from "./events.ts";
import { witnessViewChange } from "./evidence.ts";
import { nextAwakeView } from "./leader.ts";
import { low, placeAt, sameName } from "./log.ts";
import { makeNewView, tryNewView } from "./new-view.ts";
import { fetchObject } from "./objects.ts";
import { canSign } from "./standing.ts";
import type { HeldViewChange, Replica, World } from "./state.ts";
import { signViewChange, verifyViewChange } from "./statements.ts";
import { startedChange, wantStatus } from "./timing.ts";
import { readBody } from "./view-change-body.ts";

/** §7.1 from here on nothing is voted on in the view that is left. */
export function startChange<S>(of: Replica<S>, wanted: number, effects: Effect[], world: World<S>): void {
  if (!canSign(of) || wanted <= of.view || (of.phase === "changing" && wanted <= of.wanted)) return;
  keepCertificate(of);
  of.phase = "changing";
  of.wanted = wanted;
  of.pendingNewView = undefined;
  const body = bodyOf(of, wanted);
  const bytes = encode(Body, body);
  const name = objectName(world.ports, bytes);
  const change = signViewChange(of, world.ports, of.me, { view: view(wanted), body: name });
  effects.push({ type: "persist", record: { type: "changing", change, body: bytes } });
  of.viewChanges[of.me] = { change, body };
  startedChange(of);
  effects.push({ type: "say", to: "all", said: { type: "viewChange", ...saidOf(change, bytes) } });
  wishesChanged(of, effects, world);
}

export const saidOf = (change: SignedViewChange, bytes: Uint8Array): ViewChangeSaid => ({
  change,
  body: bytes.length <= VIEW_CHANGE_INLINE_SIZE_MAX ? bytes : undefined,
});

function bodyOf(of: Replica<unknown>, wanted: number): ViewChangeBody {
  const { decision } = of;
  const decided =
    decision !== undefined && decision.place.sequence > Math.max(low(of), of.epochStart.sequence)
      ? decision
      : undefined;
  // Behind the start of its epoch a member knows at least that the epoch began there.
  const behind = low(of) < of.epochStart.sequence;
  const prefix = decided?.place ?? (behind ? of.epochStart : placeAt(of, low(of)));
  const beyond = <T extends { readonly sequence: number }>(each: T): boolean => each.sequence > prefix.sequence;
  const claims = of.slots
    .filter(beyond)
    .flatMap(({ sequence: at, claim }) =>
      claim === undefined ? [] : [{ sequence: sequence(at), view: view(claim.view), name: claim.name }],
    );
  return {
    view: view(wanted),
    prefix,
    checkpoint:
      decided === undefined && of.stable.header.epoch === of.stable.proof?.epoch ? of.stable.proof : undefined,
    decision: decided?.certificate,
    certificates: of.certificates.filter(beyond),
    claims,
  };
}

export function onViewChange<S>(of: Replica<S>, said: ViewChangeSaid, effects: Effect[], world: World<S>): void {
  const { change } = said;
  if (change.sender >= of.members.length) {
    effects.push({ type: "malformed", why: "no such member" });
    return;
  }
  if (change.sender === of.me || change.view <= of.view) return;
  const held = of.viewChanges[change.sender];
  const repeated = held !== undefined && held.change.view === change.view;
  if (held !== undefined && held.change.view > change.view) return;
  if (repeated && (held.body !== undefined || !sameName(held.change.body, change.body))) {
    // Whoever could not act on it when it came may be able to now.
    wishesChanged(of, effects, world);
    return;
  }
  if (!repeated && !verifyViewChange(of, world.ports, change)) {
    effects.push({ type: "malformed", why: "bad signature" });
    return;
  }
  takeWish(of, change, said.body, effects, world);
}

/** The signature holds. */
function takeWish<S>(
  of: Replica<S>,
  change: SignedViewChange,
  bytes: Uint8Array | undefined,
  effects: Effect[],
  world: World<S>,
): void {
  const held: HeldViewChange = { change, body: undefined };
  of.viewChanges[change.sender] = held;
  if (bytes === undefined) fetchObject(of, change.body, change.sender);
  else if (sameName(objectName(world.ports, bytes), change.body)) takeBody(of, held, bytes, effects, world);
  wishesChanged(of, effects, world);
  // Only for a new one: what is said again answers a question, and would ask the next.
  wantStatus(of);
}

/** The bytes are those of the name. */
export function takeBody<S>(
  of: Replica<S>,
  held: HeldViewChange,
  bytes: Uint8Array,
  effects: Effect[],
  world: World<S>,
): void {
  const body = readBody(of, held.change, bytes, effects, world.ports);
  if (body === undefined) return;
  held.body = body;
  witnessViewChange(of, held.change, body, effects);
}

export function wishesChanged<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  // §7.3 f + 1 want a higher view, so someone honest does: the smallest of these views.
  const above = of.phase === "changing" ? of.wanted : of.view;
  const higher = of.viewChanges
    .filter((held, member) => held !== undefined && member !== of.me && held.change.view > above)
    .map((held) => (held as HeldViewChange).change.view as number);
  if (higher.length >= of.faults + 1 && canSign(of)) {
    startChange(of, Math.min(...higher), effects, world);
    return;
  }
  if (of.phase === "changing") makeNewView(of, effects, world);
  tryNewView(of, effects, world);
}

/** §7.1 Over who sleeps it goes once, and then step by step: members that know different things must meet in one view, and what
 * is far above cannot be left again. */
export function suspect<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  startChange(of, of.phase === "changing" ? of.wanted + 1 : nextAwakeView(of), effects, world);
}
